"""What other people's sites show of a page: a notice while something is wrong, a frame, a line of state.

They say what the headline says, in each of the page's languages, and every one of them leads back to the page.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from django.utils.translation import gettext as _

from incidents.headline import Headline, Situation, headline, tone_of
from incidents.public_record import PublicIncident
from statuspage.kit.templatetags.ripple import iso
from statuspage.pages import compatible, embedding
from statuspage.pages.board import Board
from statuspage.pages.compatible import Json
from statuspage.pages.digests import digest
from statuspage.pages.documents import frame_of, render
from statuspage.pages.status import ServiceStatus
from statuspage.pages.store import Document
from statuspage.pages.templatetags.moments import moment_words


def offer(
    board: Board, said: Headline, *, incidents: Sequence[PublicIncident], works: Sequence[PublicIncident]
) -> Iterator[Document]:
    """`said` is the page's own headline in this edition's language, `works` maintenance going on."""
    worst_first = sorted(incidents, key=lambda incident: (-tone_of(incident).rank, incident.started_at))
    with board.spoken():
        notice = _notice(board, said, [*worst_first, *works])
    draw = partial(compatible.encode, notice)
    yield Document(board.file("embed/notice.json"), draw, made_of=digest(notice), is_watched=True)
    style, script = embedding.frame_assets()
    context = {"said": said, "notice": notice, "frame_style": style.name, "frame_script": script.name}
    made_of = digest(frame_of(board), context)
    for path in ("/embed/frame", "/embed/status"):
        draw = partial(render, f"public{path}.html", board, path, **context)
        yield Document(board.name(path), draw, made_of=made_of)


def _notice(board: Board, said: Headline, wrong: Sequence[PublicIncident]) -> Json:
    """Read by embed/notice.js. `promise` is when the next word will come, as a sentence."""
    page = board.page
    began = [one.began_at for one in wrong]
    return {
        "page": {"name": page.name, "url": f"{page.url}{board.at('/')}"},
        "language": board.language,
        "languages": page.languages,
        "sentence": said.sentence,
        "tone": said.tone.value,
        "since": iso(min(began, default=None)) or None,
        "next_update": iso(said.due_at) or None,
        "promise": _promise(board, said),
        "incidents": [_incident(board, one) for one in wrong],
        "words": {
            "label": _("Status: %(page)s") % {"page": page.name},
            "more": _("Status page (new tab)"),
            "dismiss": _("Dismiss"),
        },
    }


def _incident(board: Board, one: PublicIncident) -> Json:
    """By itself, for a site that only some services concern."""
    incidents, works = ((), (one,)) if one.is_maintenance else ((one,), ())
    alone = headline(Situation(incidents=incidents, works=works, services=(), now=board.now, zone=board.zone))
    return {
        "id": one.public_id,
        "title": one.title,
        "url": f"{board.page.url}{board.at(one.path)}",
        "updated": compatible.stamp(one.updated_at, "UTC"),  # to the millisecond: whoever dismissed it compares
        "maintenance": one.is_maintenance,
        "services": [service.public_id for service in one.affected],
        "sentence": alone.sentence,
        "tone": (ServiceStatus.UNDER_MAINTENANCE if one.is_maintenance else tone_of(one)).value,
        "promise": _promise(board, alone),
    }


def _promise(board: Board, said: Headline) -> str:
    if said.due_at is None:
        return ""
    words = {"moment": moment_words(said.due_at, now=board.now, zone=board.zone)}
    if said.is_late:
        return _("The next update is late: it was due by %(moment)s.") % words
    return _("Next update by %(moment)s.") % words
