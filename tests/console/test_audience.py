"""Admins say who may look: what is refused, what it does at once, and what is never told."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from pytest_django.fixtures import Settings

from statuspage import publishing
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry
from statuspage.pages import ring_links
from statuspage.pages.models import Page, RingLink
from statuspage.pages.store import the_store
from tests.console.browsing import enter, forms_in, text_of
from tests.makers import Cast, make_page
from tests.visiting import send, visitor

SECRET = "a pond in the woods"


@pytest.fixture
def owner(acme: Cast) -> Client:
    return enter(acme.owner)


def screen_of(page: Page) -> str:
    return f"/o/acme/pages/{page.public_id}/audience/"


def save(owner: Client, page: Page, **typed: str) -> int:
    """The form as it stands, with this typed into it. Returns the status."""
    screen = screen_of(page)
    form = forms_in(owner.get(screen).content.decode())[screen]
    status = owner.post(screen, form | typed).status_code
    page.refresh_from_db()
    return status


def test_a_page_that_is_not_public_any_more_has_no_files_when_the_admin_is_answered(
    transactional_db: None, acme: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.PUBLISHED_DIR, owner = tmp_path, enter(acme.owner)
    publishing.publish(acme.page.pk)
    assert the_store().read(acme.page.public_id, "index.html")
    assert visitor().get("/").status_code == 200
    assert save(owner, acme.page, audience="members") == 303
    assert [path for path in tmp_path.rglob("*") if path.is_file() or path.is_symlink()] == []
    assert visitor().get("/").status_code == 403
    assert publishing.publish_outdated() == 1
    assert not the_store().read(acme.page.public_id, "index.html"), "and a publisher brings none back"
    assert save(owner, acme.page, audience="public") == 303
    publishing.publish_outdated()
    assert the_store().read(acme.page.public_id, "index.html")


def test_a_password_is_kept_as_a_hash_and_told_to_nobody(acme: Cast, owner: Client) -> None:
    assert save(owner, acme.page, audience="password", password=SECRET) == 303
    assert check_password(SECRET, acme.page.password)
    hashed = acme.page.password
    shown = owner.get(screen_of(acme.page)).content.decode()
    written = str(list(AuditEntry.objects.values()))
    assert [word for word in (SECRET, hashed) if word in shown + written] == []
    assert "'password': 'changed'" in written
    assert save(owner, acme.page, audience="password") == 303
    assert acme.page.password == hashed, "nothing typed, nothing changed"
    assert save(owner, acme.page, audience="email", email_domains="acme.example") == 303
    assert save(owner, acme.page, audience="password") == 303, "it is still there when it is wanted again"


def test_domains_and_networks_are_kept_as_they_are_compared(acme: Cast, owner: Client) -> None:
    typed = "@Acme.Example, straße.example\n\nacme.example."
    assert save(owner, acme.page, audience="email", email_domains=typed) == 303
    assert acme.page.email_domains == ["acme.example", "xn--strae-oqa.example"]
    typed = "192.0.2.77/24\n2001:DB8::1/32\n::ffff:203.0.113.7"
    assert save(owner, acme.page, audience="network", networks=typed) == 303
    assert acme.page.networks == ["192.0.2.0/24", "2001:db8::/32", "203.0.113.7/32"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"audience": "password"}, "Choose a password."),
        ({"audience": "password", "password": "short"}, "too short"),
        ({"audience": "password", "password": "password123"}, "too common"),
        ({"audience": "email"}, "Name at least one domain."),
        ({"audience": "email", "email_domains": "jo@acme.example"}, "“jo@acme.example” is not a domain."),
        ({"audience": "email", "email_domains": "\n".join(f"d{n}.example" for n in range(101))}, "At most 100."),
        ({"audience": "network"}, "Name at least one network"),
        ({"audience": "network", "networks": "acme.example"}, "“acme.example” is not a network."),
        ({"audience": "network", "networks": "0.0.0.0/0"}, "“0.0.0.0/0” is not a network."),
        ({"audience": "network", "networks": "::/0"}, "“::/0” is not a network."),
        ({"audience": "everybody"}, "Select a valid choice."),
        ({}, "required"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_was_typed(
    acme: Cast, owner: Client, typed: dict[str, str], sentence: str
) -> None:
    before = Page.objects.values().get(pk=acme.page.pk)
    answer = owner.post(screen_of(acme.page), typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert sentence in text_of(shown)
    kept = forms_in(shown)[screen_of(acme.page)]
    assert all(kept[name] == value for name, value in typed.items() if name in {"email_domains", "networks"})
    assert 'value="short"' not in shown
    assert Page.objects.values().get(pk=acme.page.pk) == before


# Ring links.


def make_link(owner: Client, page: Page, label: str = "Support's screen", ring: str = "support") -> list[str]:
    """The addresses of page, feed and calendar that the screen shows afterwards."""
    action = f"/o/acme/pages/{page.public_id}/ring-links/"
    ring_id = str(page.organization.rings.get(key=ring).pk)
    assert owner.post(action, {"label": label, "ring": ring_id}).status_code == 303
    return addresses(owner, page)


def addresses(owner: Client, page: Page) -> list[str]:
    return re.findall(r'value="(http://status\.acme\.test/d/[^"]*)"', owner.get(screen_of(page)).content.decode())


def test_a_ring_link_is_made_handed_on_and_taken_back(transactional_db: None, acme: Cast) -> None:
    owner = enter(acme.owner)
    page, feed, calendar = make_link(owner, acme.page)
    assert (feed, calendar) == (f"{page}/history.atom", f"{page}/maintenance.ics")
    path = page.removeprefix("http://status.acme.test")
    assert send(visitor(), path).status_code == 303
    assert visitor().get(f"{path}/api/v2/status.json").status_code == 200
    link = RingLink.objects.get()
    assert (link.label, link.ring.key, link.created_by) == ("Support's screen", "support", acme.owner)
    assert owner.post(f"/o/acme/pages/{acme.page.public_id}/ring-links/{link.public_id}/revocation/").status_code == 303
    assert visitor().get(path).status_code == 404
    assert addresses(owner, acme.page) == []
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["made ring link", "revoked ring link"]


def test_taking_everything_back_gives_the_links_new_addresses(transactional_db: None, acme: Cast) -> None:
    owner = enter(acme.owner)
    before = make_link(owner, acme.page)[0].removeprefix("http://status.acme.test")
    browser = visitor()
    send(browser, before)
    assert b"You see what Support sees." in browser.get("/").content
    assert owner.post(f"/o/acme/pages/{acme.page.public_id}/key/").status_code == 303
    after = addresses(owner, acme.page)[0].removeprefix("http://status.acme.test")
    assert (visitor().get(before).status_code, visitor().get(after).status_code) == (404, 200)
    assert b"You see what Support sees." not in browser.get("/").content
    assert AuditEntry.objects.filter(verb="took every access back").exists()


def test_a_label_is_text_and_in_one_line(acme: Cast, owner: Client) -> None:
    make_link(owner, acme.page, label="<script>alert(1)</script>")
    assert "<script>alert(1)" not in owner.get(screen_of(acme.page)).content.decode()
    action = f"/o/acme/pages/{acme.page.public_id}/ring-links/"
    ring_id = str(acme.organization.rings.get(key="support").pk)
    for label in ("", "x" * 101, "two\nlines"):
        assert owner.post(action, {"label": label, "ring": ring_id}).status_code == 422, label


def test_rings_and_links_of_others_do_not_exist_here(acme: Cast, neighbour: Cast, owner: Client) -> None:
    with scope(organization=neighbour.organization):
        foreign = str(neighbour.organization.rings.get(key="support").pk)
    action = f"/o/acme/pages/{acme.page.public_id}/ring-links/"
    assert owner.post(action, {"label": "x", "ring": foreign}).status_code == 422
    other = make_page(acme.organization, "other.acme.test", services=[])
    link = ring_links.make(other, ring=acme.organization.rings.get(key="support"), label="x", by=acme.owner)
    assert owner.post(f"{action}{link.public_id}/revocation/").status_code == 404, "a link of another page"
    assert RingLink.objects.working().count() == 1
