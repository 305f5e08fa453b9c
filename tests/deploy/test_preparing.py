"""`manage.py prepare`, which runs at every start: it welcomes once, and never when somebody is there already."""

from io import StringIO

import pytest
from django.core.management import call_command

from statuspage.organizations.models import Organization, User
from tests.makers import Cast

FIRST = {
    "RIPPLE_FIRST_ORGANIZATION": "Acme Payments",
    "RIPPLE_FIRST_OWNER": "olga@acme.test",
    "RIPPLE_FIRST_HOST": "status.acme.test",
}


def prepare() -> str:
    words = StringIO()
    call_command("prepare", stdout=words)
    return words.getvalue()


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FIRST.items():
        monkeypatch.setenv(name, value)


def test_the_first_organization_is_made_once_and_its_owner_can_log_in(db: None, named: None) -> None:
    words = prepare()
    password = words.partition("with ")[2].partition(".\n")[0]
    assert User.objects.get(email="olga@acme.test").check_password(password)
    assert Organization.objects.get().slug == "acme-payments"
    assert prepare() == "Everything is prepared.\n"
    assert Organization.objects.count() == 1


def test_who_is_there_already_stays_alone(acme: Cast, named: None) -> None:
    before = Organization.objects.count()
    assert prepare() == "Everything is prepared.\n"
    assert Organization.objects.count() == before


def test_whoever_names_nothing_is_told_how(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIRST:
        monkeypatch.delenv(name, raising=False)
    assert "manage.py welcome" in prepare()
    assert not Organization.objects.exists()
