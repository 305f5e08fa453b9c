"""Services: adding, changing, archiving, and what they are by themselves."""

import pytest
from django.test import Client

from statuspage.organizations.models import AuditEntry
from statuspage.pages.models import Service, ServiceGroup, StatusChange
from tests.console.browsing import enter, text_of
from tests.makers import Cast, open_incident, outage, resolve

HERE = "/o/acme/services/"


@pytest.fixture
def owner(acme: Cast) -> Client:
    return enter(acme.owner)


def revision(acme: Cast) -> int:
    acme.page.refresh_from_db()
    return acme.page.revision


def test_a_service_is_added_to_a_new_group_and_the_page_follows(acme: Cast, owner: Client) -> None:
    before = revision(acme)
    form = {"name": "Search", "description": "", "group_name": "Platform", "pages": [acme.page.pk]}
    assert owner.post(HERE, form).status_code == 303
    service = Service.objects.get(name="Search")
    assert (str(service.group), list(service.pages.all())) == ("Platform", [acme.page])
    assert revision(acme) > before
    assert AuditEntry.objects.filter(verb="added", by=acme.owner).count() == 1


def test_a_name_is_taken_only_once_and_what_was_typed_is_kept(acme: Cast, owner: Client) -> None:
    answer = owner.post(HERE, {"name": acme.checkout.name.upper(), "description": "Kept words"})
    assert answer.status_code == 422
    assert "There is already one called" in text_of(answer.content.decode())
    assert "Kept words" in answer.content.decode()


def test_a_service_that_leaves_a_page_is_published_away(acme: Cast, owner: Client) -> None:
    before = revision(acme)
    form = {"name": "Till", "description": "", "group_name": "", "pages": []}
    assert owner.post(f"{HERE}{acme.checkout.public_id}/", form).status_code == 303
    acme.checkout.refresh_from_db()
    assert (acme.checkout.name, acme.checkout.group) == ("Till", None)
    assert revision(acme) > before
    assert not acme.page.shown.filter(service=acme.checkout).exists()


def test_an_archived_service_is_gone_and_its_name_is_free_again(acme: Cast, owner: Client) -> None:
    assert owner.post(f"{HERE}{acme.checkout.public_id}/archival/").status_code == 303
    assert "is archived" in owner.get(HERE).content.decode()
    assert acme.checkout.name not in owner.get(HERE).content.decode()
    assert owner.get(f"{HERE}{acme.checkout.public_id}/").status_code == 404
    assert owner.post(HERE, {"name": acme.checkout.name}).status_code == 303


def test_a_group_is_renamed(acme: Cast, owner: Client) -> None:
    group, before = ServiceGroup.objects.get(), revision(acme)
    assert owner.post(f"{HERE}groups/{group.public_id}/", {"name": "Money"}).status_code == 303
    group.refresh_from_db()
    assert group.name == "Money"
    assert revision(acme) > before


def test_an_incident_holds_a_service_down_whatever_is_declared(acme: Cast, owner: Client) -> None:
    address = f"{HERE}{acme.checkout.public_id}/status/"
    incident = open_incident(acme, services=outage(acme.checkout))
    owner.post(address, {"base_status": "degraded_performance"})
    acme.checkout.refresh_from_db()
    assert acme.checkout.status == "partial_outage"
    resolve(acme, incident)
    acme.checkout.refresh_from_db()
    assert acme.checkout.status == "degraded_performance", "by itself it is still slow"
    owner.post(address, {"base_status": "operational"})
    steps = list(StatusChange.objects.order_by("id").values_list("old", "new"))
    assert steps == [
        ("operational", "partial_outage"),
        ("partial_outage", "degraded_performance"),
        ("degraded_performance", "operational"),
    ]


def test_a_status_nobody_knows_changes_nothing(acme: Cast, owner: Client) -> None:
    owner.post(f"{HERE}{acme.checkout.public_id}/status/", {"base_status": "on_fire"})
    acme.checkout.refresh_from_db()
    assert acme.checkout.base_status == "operational"
