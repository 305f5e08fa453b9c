"""Showing: what would be a file of the page, drawn for one reader: where not everybody may look, or some see more.

Nothing here is ever written down. Whether somebody may look at all is decided before (pages/admitting.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import PurePosixPath

from incidents.models import Incident
from statuspage import publishing
from statuspage.front import TYPES, document_name
from statuspage.kit import clock
from statuspage.organizations.models import Member, Ring
from statuspage.organizations.plan import Channel, PlanRing
from statuspage.pages.admitting import Admitted
from statuspage.pages.documents import NOT_FOUND
from statuspage.pages.models import Page
from statuspage.pages.store import HEARTBEAT, the_store
from subscribers.about import About
from subscribers.belonging import person_of
from subscribers.models import Address

BEFORE_ANY_FILE = timedelta(seconds=1)
"""A file is at least as young as what it tells. A view is never as old as a file: who loses the one sees the other."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`changed_at` tells the page's script whether there is anything new, or another's view of the same page."""

    body: bytes
    content_type: str
    status: HTTPStatus
    changed_at: datetime


def show(page: Page, path: str, *, eyes: PlanRing | None, root: str = "") -> Shown:
    """The document at `path` as these eyes read it, or the page's own 404. `root` stands before every address in it."""
    name = document_name(path)
    if name == HEARTBEAT:
        return _heartbeat(page)
    page, offered = publishing.gather(page.pk, lambda wanted, _made_of: wanted == name, eyes=eyes, root=root)
    documents, changed_at = {document.name: document for document in offered}, page.updated_at - BEFORE_ANY_FILE
    if name in documents and _type_of(name):
        return Shown(documents[name].body, _type_of(name), HTTPStatus.OK, changed_at)
    return Shown(documents[NOT_FOUND].body, _type_of(NOT_FOUND), HTTPStatus.NOT_FOUND, changed_at)


def show_published(page: Page, path: str) -> Shown | None:
    """The public file, for whoever came with a cookie that is worth nothing. None: the page has no files."""
    name, now = document_name(path), clock.now()
    found = the_store().read(page.public_id, name) if _type_of(name) else None
    if found is not None:
        return Shown(found, _type_of(name), HTTPStatus.OK, now)
    missing = the_store().read(page.public_id, NOT_FOUND)
    return Shown(missing, _type_of(NOT_FOUND), HTTPStatus.NOT_FOUND, now) if missing else None


def _heartbeat(page: Page) -> Shown:
    """The same on every page: when Ripple last looked at everything."""
    body, status = the_store().heartbeat(), HTTPStatus.OK
    return Shown(body or b"", _type_of(HEARTBEAT), status if body else HTTPStatus.NOT_FOUND, page.updated_at)


def about(page: Page, incident: str) -> About | None:
    """What the public knows of one incident or maintenance of the page, for whoever signs up for it."""
    row = Incident.objects.on_page(page).filter(public_id=incident).first()
    if row is None:
        return None
    return About(
        public_id=row.public_id, title=row.public_title, is_over=not row.is_open, is_maintenance=row.is_maintenance
    )


def eyes_of(admitted: Admitted) -> PlanRing | None:
    """The ring whose notes somebody may read; None for whoever was let in to see what a public page would say."""
    if admitted.ring_link:
        return admitted.ring_link.ring.planned
    ring = _ring_of(admitted.member) if admitted.member else None
    return ring.planned if ring else None


def _ring_of(member: Member) -> Ring | None:
    """Their own, if they are told of incidents as somebody in a ring.

    Else as their role: who may post writes the notes, and reads them all. A viewer gets the outermost ring that is not
    open: what everybody inside may know. The console tells them more, yet a page is easily left open on a big screen.
    """
    person = person_of(member)
    if person and person.ring:
        return person.ring
    own = Address.objects.filter(channel=Channel.EMAIL.value, normalised=member.user.email, confirmed_at__isnull=False)
    address = own.filter(person__ring__isnull=False).select_related("person__ring").first()
    if address:
        return address.person.ring
    inner = Ring.objects.filter(is_open=False, position__isnull=False).order_by("position")
    return inner.first() if member.may_post else inner.last()


def _type_of(name: str) -> str:
    """Only what has a type is served, here as in the files."""
    return TYPES.get(PurePosixPath(name).suffix, "")
