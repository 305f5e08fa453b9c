"""Publishing: a page's documents, gathered from every app at one consistent moment, become files that visitors read.

Whoever changes something raises `Page.revision`; what is published here ends as `published_revision`. So a crash in
between is healed by the dispatcher, which publishes every page where the two differ.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial, reduce
from operator import or_
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q

from incidents import documents as incident_documents
from incidents.models import Incident
from statuspage.kit import clock, logs
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.plan import PlanRing
from statuspage.pages import documents as page_documents
from statuspage.pages.board import read_board
from statuspage.pages.documents import Wants
from statuspage.pages.models import Page, PageService
from statuspage.pages.status import ServiceStatus
from statuspage.pages.store import Document, the_store
from statuspage.pages.uptime import midnight

log = logging.getLogger(__name__)

FAILED_PAUSE_SECONDS = 30.0
REDRAWN_AFTER = timedelta(minutes=5)
_LOCK_KIND = 0x50554200000000  # "PUB": keeps our advisory locks apart from anybody else's
_left_alone: dict[int, float] = {}
"""Pages that could not be published, and until when they wait (monotonic seconds)."""


def publish_outdated(*, tell: Callable[[int, int], None] = lambda _done, _of: None) -> int:
    """Publish every page whose newest revision visitors cannot read yet. Returns how many were published.

    After each page `tell` hears how many are done, and of how many.

    A page that fails is logged, waits, and holds up no other. Raises OperationalError or InterfaceError when the
    database itself is away.
    """
    with across_organizations():
        outdated = list(Page.objects.outdated().values_list("pk", flat=True))
    published = 0
    for done, page_id in enumerate(outdated, 1):
        if _left_alone.get(page_id, 0.0) <= time.monotonic():
            published += _publish_or_wait(page_id)
        tell(done, len(outdated))
    return published


def _publish_or_wait(page_id: int) -> bool:
    try:
        return publish(page_id)
    except (InterfaceError, OperationalError):
        raise
    except Exception:
        log.exception("Page %s could not be published. It waits %s s; others go on.", page_id, FAILED_PAUSE_SECONDS)
        _left_alone[page_id] = time.monotonic() + FAILED_PAUSE_SECONDS
        return False


def publish(page_id: int) -> bool:
    """Bring the page's files up to its newest revision. False: another publisher is at it, or nothing was to be done.

    The one who holds the lock looks again after giving it up: whoever was turned away in the meantime has already
    committed what they wanted published.
    """
    turns = 0
    while _is_outdated(page_id):
        with _alone_with(page_id) as is_alone:
            if not is_alone:
                break
            with _garbage_left_for_later():
                # Not twice running: while somebody goes on posting, feeds and history would never be written.
                _publish_once(page_id, may_be_overtaken=turns % 2 == 0)
        turns += 1
    return turns > 0


def publish_all(*, tell: Callable[[int, int], None] = lambda _done, _of: None) -> int:
    """Write every page anew, whatever its revision, and remove what belongs to none. Returns how many there are."""
    with across_organizations():
        Page.objects.update(published_revision=0)
        pages = list(Page.objects.published().values_list("public_id", flat=True))
    the_store().keep_only(pages)
    for page in pages:
        the_store().forget(page)
    publish_outdated(tell=tell)
    return len(pages)


def touch_overtaken(now: datetime) -> int:
    """Ask for those pages to be published again that the clock has made wrong without anybody doing anything.

    A new day has begun in the page's zone; a promised update has become late; or trouble goes on and the bars and
    uptime, drawn some minutes ago, make it look shorter than it is. Returns how many pages.
    """
    with across_organizations():
        overtaken = list(Page.objects.filter(_new_day(now) | _late_word(now) | _lasting_trouble(now)))
        if overtaken:
            Page.objects.filter(pk__in=[page.pk for page in overtaken]).touch()
    return len(overtaken)


def _new_day(now: datetime) -> Q:
    zones = Page.objects.order_by().values_list("zone", flat=True).distinct()
    began = {zone: _midnight_before(now, zone) for zone in zones}
    return reduce(or_, (Q(zone=zone, updated_at__lt=at) for zone, at in began.items() if at), Q(pk__in=[]))


def _midnight_before(now: datetime, zone: str) -> datetime | None:
    """None for a zone nobody knows: that page fails by itself, and the clock goes on for the others."""
    try:
        local = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    return midnight(now.astimezone(local).date(), zone=local)


def _late_word(now: datetime) -> Q:
    late = Incident.objects.open().public().filter(organization=OuterRef("organization"), next_update_at__lte=now)
    return Q(Exists(late.filter(next_update_at__gt=OuterRef("updated_at"))))


def _lasting_trouble(now: datetime) -> Q:
    troubled = PageService.objects.filter(page=OuterRef("pk"), service__archived_at=None)
    troubled = troubled.exclude(service__status=ServiceStatus.OPERATIONAL.value)
    return Q(Exists(troubled), updated_at__lt=now - REDRAWN_AFTER)


def _is_outdated(page_id: int) -> bool:
    with across_organizations():
        return Page.objects.outdated().filter(pk=page_id).exists()


def _publish_once(page_id: int, *, may_be_overtaken: bool) -> None:
    """The database is let go before anything is drawn or written: storing waits for disks. What was overtaken counts as
    published, since what has overtaken it is not."""
    store = the_store()
    with across_organizations():
        known = store.known(Page.objects.values_list("public_id", flat=True).get(pk=page_id))
    page, documents = gather(page_id, lambda name, made_of: known.get(name) != (made_of or None))
    if page.is_public:
        hosts = [host.name.lower() for host in page.hosts.all() if host.is_served]
        store.put(
            page.public_id,
            documents,
            hosts=hosts,
            known=known,
            is_overtaken=partial(_has_moved_on, page) if may_be_overtaken else lambda: False,
        )
    else:
        store.withdraw(page.public_id)
    with across_organizations():
        Page.objects.filter(pk=page_id, published_revision__lt=page.revision).update(published_revision=page.revision)
    logs.event(log, "published", page=page.public_id, revision=page.revision)


def _has_moved_on(page: Page) -> bool:
    with across_organizations():
        return Page.objects.filter(pk=page.pk, revision__gt=page.revision).exists()


def gather(page_id: int, wants: Wants, *, eyes: PlanRing | None = None, root: str = "") -> tuple[Page, list[Document]]:
    """A page's documents, yet to be drawn, from one snapshot of the database: none is newer than another.

    `wants` says which of them somebody will draw. `eyes` is the ring they are for; None is the public.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        page = _find(page_id)
        with scope(organization=page.organization):
            board = read_board(page, now=clock.now(), eyes=eyes, root=root)
            return page, [*page_documents.offer(board), *incident_documents.offer(board, wants)]


@contextmanager
def _garbage_left_for_later() -> Iterator[None]:
    """A big page makes so many objects that Python looks through all it has for garbage, 150 ms at a time. Readers wait
    meanwhile; afterwards nobody does."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _find(page_id: int) -> Page:
    with across_organizations():
        return Page.objects.select_related("organization").prefetch_related("hosts", "images").get(pk=page_id)


@contextmanager
def _alone_with(page_id: int) -> Iterator[bool]:
    """One publisher per page, on any machine. PostgreSQL frees the lock when its holder dies."""
    key = _LOCK_KIND + page_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        (is_alone,) = cursor.fetchone()
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
