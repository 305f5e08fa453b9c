"""Somebody in front of a page's own host: Django's client there, and a page with something for every pair of eyes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.test import Client

from incidents.models import Incident
from statuspage import publishing
from statuspage.front import TYPES
from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations
from statuspage.organizations.plan import PlanRing
from statuspage.pages.audience import Audience
from statuspage.pages.models import Page
from tests.makers import Cast, note, open_incident, outage, post, resolve, schedule

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

HOST = "status.acme.test"
COOKIE = "ripple_view"


def visitor(host: str = HOST) -> Client:
    """Somebody with an empty browser. Django's own protection of forms is on: doors must do without its cookie."""
    return Client(enforce_csrf_checks=True, headers={"host": host})


def send(browser: Client, path: str, form: Mapping[str, str] | None = None, *, host: str = HOST) -> "Answer":
    """A form on the page itself, sent by a browser."""
    return browser.post(path, form or {}, headers={"host": host, "origin": f"http://{host}"})


def ask_for_link(address: str, *, client: str = "198.51.100.9", to: str = "/") -> "Answer":
    """By mail, from a page that whoever has an address at its domain may see."""
    headers = {"origin": f"http://{HOST}"}
    return visitor().post("/look/email", {"email": address, "to": to}, headers=headers, REMOTE_ADDR=client)


def link_in(letter: EmailMessage) -> str:
    (line,) = [line for line in str(letter.body).splitlines() if line.startswith("http")]
    return line.removeprefix(f"http://{HOST}")


@dataclass(frozen=True)
class Rich:
    """A page in two languages: an incident the world knows of, one it does not, one that is over, and maintenance.

    Each note says in a word of its own how far it may be read: "note-1-canary" is for support and all further in.
    """

    page: Page
    known: Incident
    hidden: Incident


INNER = {
    "title": "inner-title-canary",
    "bridge": "https://bridge.example/canary",
    "severities": "SEV1 SEV2 sev1 sev2",
}
NOTES = {place: f"note-{place}-canary" for place in range(5)} | {"legal": "note-legal-canary", "hr": "note-hr-canary"}
READS: Mapping[str, set[str]] = {
    "": set(),
    "on_call": {NOTES[0], NOTES[1], NOTES[2], NOTES[3], NOTES[4]},
    "support": {NOTES[1], NOTES[2], NOTES[3], NOTES[4]},
    "execs": {NOTES[2], NOTES[3], NOTES[4]},
    "employees": {NOTES[3], NOTES[4]},
    "customers": set(),
    "legal": {NOTES["legal"]},
    "hr": {NOTES["hr"]},
    "security": set(),
}
"""What each ring may read of a rich page, by the default plan; "" is the public."""


def make_rich(cast: Cast) -> Rich:
    Page.objects.filter(pk=cast.page.pk).update(languages=["en", "de"], support_url="https://support.example/")
    inner = {"title": INNER["title"], "bridge_url": INNER["bridge"]}
    over = open_incident(cast, body="Mails were late.", services=outage(cast.api), notes=(note(NOTES[3], 3),), **inner)
    resolve(cast, over, notes=(note(NOTES[1], 1),))
    known = open_incident(cast, "sev1", body="Cards fail.", services=outage(cast.cards), **inner)
    for place in range(5):
        post(cast, known, "", notes=(note(NOTES[place], place),))
    begins_at = clock.now() + timedelta(hours=1)
    schedule(cast, cast.api, begins_at=begins_at, ends_at=begins_at + timedelta(hours=1), notes=(note(NOTES[2], 2),))
    hidden = open_incident(
        cast,
        "sev2",
        public_title="A title for later",
        services=outage(cast.api),
        notes=(note(NOTES["legal"], None, "legal"), note(NOTES["hr"], None, "hr"), note(NOTES[0], 0)),
        **inner,
    )
    cast.page.refresh_from_db()
    return Rich(cast.page, known, hidden)


def documents(page: Page, eyes: PlanRing | None = None, root: str = "") -> dict[str, bytes]:
    """Every document of the page, drawn for these eyes."""
    _page, offered = publishing.gather(page.pk, lambda _name, _made_of: True, eyes=eyes, root=root)
    with across_organizations():
        return {document.name: document.body for document in offered}


def is_served(name: str) -> bool:
    return PurePosixPath(name).suffix in TYPES


def address_of(name: str) -> str:
    """Where a document is found: "de/history.html" → "/de/history"."""
    return f"/{name.removesuffix('.html').removesuffix('index')}"


PASSWORD = "a pond in the woods"


def guard(page: Page, audience: Audience) -> Page:
    """As an admin sets it: the page has a password, two domains and two networks, and one of them counts."""
    Page.objects.filter(pk=page.pk).update(
        audience=audience.value,
        password=make_password(PASSWORD),
        email_domains=["acme.example", "xn--strae-oqa.example"],
        networks=["192.0.2.0/24", "2001:db8::/32"],
    )
    page.refresh_from_db()
    return page
