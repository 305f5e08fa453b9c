"""Previews: the page with what an admin has typed so far, in frames, light and dark. Nothing is written."""

import re
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_POST

from incidents import documents as incident_documents
from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, may_edit_setup
from statuspage.pages.board import read_board
from statuspage.pages.look import SCHEMES, in_scheme, look_of
from statuspage.pages.look_forms import PageForm
from statuspage.pages.models import Page
from statuspage.pages.page_console import find
from statuspage.pages.pictures import inlined
from statuspage.pages.store import INDEX
from statuspage.pages.styling import with_changes

_FETCHED = re.compile(r"<link [^>]*>|<script [^>]*></script>")


@console
@may_edit_setup
@require_POST
def preview(request: ConsoleRequest, public_id: str, *, of: type[PageForm]) -> HttpResponse:
    page = find(public_id)
    form = of(request.POST, page=page)
    draft = with_changes(page, form.changes())
    html = _with_pictures(draw(draft), draft)
    frames = [(scheme, framed(html, scheme, style=_style(request, draft, scheme))) for scheme in SCHEMES]
    return render(request, "console/pages/_preview.html", {"frames": frames, "form": form})


def draw(draft: Page) -> str:
    """Its first page, with what is true at this moment."""
    board = read_board(draft, now=clock.now())
    offered = incident_documents.offer(board, lambda _name, _made_of: False)
    return next(document.body.decode() for document in offered if document.name == INDEX)


def framed(html: str, scheme: str, *, style: str) -> str:
    """For a frame without a script: with this one style sheet, and links that lead nowhere."""
    head = f'<head><base target="_blank"><link rel="stylesheet" href="{style}">'
    return in_scheme(_FETCHED.sub("", html), scheme).replace("<head>", head, 1)


def _with_pictures(html: str, draft: Page) -> str:
    """No door leads to them here, so they are put into the page itself."""
    for image in look_of(draft).logos:
        html = html.replace(f'"/{image.name}"', f'"{inlined(image.body)}"')
    return html


def _style(request: ConsoleRequest, draft: Page, scheme: str) -> str:
    address = resolve_url("look_style", request.organization.slug, draft.public_id, scheme)
    return f"{address}?{urlencode({'accent': draft.accent, 'accent_dark': draft.accent_dark}).replace('&', '&amp;')}"
