"""What moves in the incident room: fragments that htmx asks for again and again."""

import hashlib
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from incidents import timeline as happenings
from incidents.console import find
from notifications import overview
from notifications import pond as drawing
from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console

# A ring whose first word is later than this was not forgotten by the plan: something of ours is broken.
TOLERATED = timedelta(minutes=1)


@console
@require_safe
def pond(request: ConsoleRequest, number: int) -> HttpResponse:
    """How far each ring has been told: drawn, and as a table."""
    incident = find(number)
    rings = overview.told(incident)
    overdue = clock.now() - TOLERATED
    context = {"incident": incident, "rings": rings, "circles": drawing.circles(rings), "overdue": overdue}
    return _if_changed(request, "pond", context)


@console
@require_safe
def timeline(request: ConsoleRequest, number: int) -> HttpResponse:
    """What people posted and what Ripple did, newest first; with it the incident's head, which changes when it does."""
    incident = find(number)
    entries = sorted(
        [*happenings.of(incident), *overview.releases(incident)],
        key=lambda entry: (entry.at, not entry.who, entry.number),
        reverse=True,
    )
    context = {
        "incident": incident,
        "rings": overview.told(incident),
        "entries": entries,
        "now": clock.now(),
        "is_fragment": True,
    }
    return _if_changed(request, "timeline", context)


def _if_changed(request: ConsoleRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """204 when what the browser shows (`seen`) is still true: nothing flickers, and what was selected stays so."""
    html = render_to_string(f"console/incidents/_{name}.html", context, request)
    seen = hashlib.blake2b(html.encode(), digest_size=8).hexdigest()
    again_after = overview.look_again_after(context["incident"], context["rings"])
    if request.GET.get("seen") == seen and again_after:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    watched = {**context, "name": name, "html": html, "seen": seen, "again_after": again_after}
    response = render(request, "console/incidents/_watched.html", watched)
    response["Cache-Control"] = "no-store"
    return response
