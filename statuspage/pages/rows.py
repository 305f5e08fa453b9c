"""A service's row of the page. A page may have hundreds of them, and few of them differ in shape.

So the template is drawn once for each shape, with holes where words go, and every row fills in its own: first what many
services share, then what is only theirs. It takes a tenth of the time. All that is filled in is escaped.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.template import engines
from django.utils.html import format_html
from django.utils.translation import get_language

from statuspage.pages.bars import Bar, History, Past
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus

FORMS_KEPT = 20_000
SHAPES_KEPT = 2_000
GROUPS_KEPT = 1_000
OWN = ("{0}", "{1}", "{2}")
"""The holes for what is a service's own: its id, its name, its description."""


def block_of(rows: Sequence[str]) -> str:
    """HTML of services without a group."""
    services = engines["html"].get_template("public/services.html").render({"rows": rows})
    return format_html('<div class="group">{}</div>', services)


def group_of(rows: tuple[str, ...], public_id: str, name: str, worst: ServiceStatus, is_open: bool) -> str:  # noqa: FBT001
    """HTML of a group, in the active language. After most posts nothing is different in most groups."""
    return _group(rows, public_id, name, worst, is_open, get_language())


@lru_cache(maxsize=GROUPS_KEPT)
def _group(
    rows: tuple[str, ...],
    public_id: str,
    name: str,
    worst: ServiceStatus,
    is_open: bool,  # noqa: FBT001 - all of it is the key under which the group is kept
    _language: str | None,
) -> str:
    group = {"public_id": public_id, "name": name, "worst": worst, "is_open": is_open}
    return engines["html"].get_template("public/group.html").render({"group": group, "rows": rows})


def row_of(service: Service, status: ServiceStatus, past: Past) -> str:
    """HTML in the active language."""
    shape = (status, bool(service.description), get_language())
    form = past.forms.get(shape) or past.forms.setdefault(shape, _form(past.history, *shape))
    return _filled(form, service.public_id, service.name, service.description)


@lru_cache(maxsize=FORMS_KEPT)
def _filled(form: str, *own: str) -> str:
    return format_html(form, *own)


@lru_cache(maxsize=FORMS_KEPT)
def _form(history: History, status: ServiceStatus, has_description: bool, language: str | None) -> str:  # noqa: FBT001
    """Only a service's own words are missing."""
    colours = tuple(bar.css for bar in history.bars)
    shape = _shape(status, colours, len(history.troubles), bool(history.uptime), has_description, language)
    paths = (bar.path for bar in history.bars)
    return format_html(shape, *OWN, history.uptime, history.tally, *paths, *history.troubles)


@lru_cache(maxsize=SHAPES_KEPT)
def _shape(
    status: ServiceStatus,
    colours: tuple[str, ...],
    troubles: int,
    has_uptime: bool,  # noqa: FBT001 - all of it is the key under which the shape is kept
    has_description: bool,  # noqa: FBT001
    _language: str | None,
) -> str:
    """All words are missing."""
    public_id, name, description, uptime, tally, *rest = (
        f"{{{number}}}" for number in range(5 + len(colours) + troubles)
    )
    history = History(
        bars=tuple(Bar(colour, path) for colour, path in zip(colours, rest, strict=False)),
        uptime=uptime if has_uptime else "",
        troubles=tuple(rest[len(colours) :]),
        tally=tally,
    )
    own = {"public_id": public_id, "name": name, "description": description if has_description else ""}
    return engines["html"].get_template("public/service.html").render({**own, "status": status, "history": history})
