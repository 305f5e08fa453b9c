"""An incident or a maintenance as one line of a list. Most lines stood there the last time, too."""

from functools import lru_cache

from django import template
from django.template import engines
from django.utils.translation import get_language

from incidents.public_record import Brief
from statuspage.pages.board import Board

register = template.Library()
LINES_KEPT = 20_000


@register.filter
def line(brief: Brief, board: Board) -> str:
    """HTML in the active language."""
    return _line(brief, board.at(brief.path), get_language())


@lru_cache(maxsize=LINES_KEPT)
def _line(brief: Brief, address: str, _language: str | None) -> str:
    return engines["html"].get_template("public/brief.html").render({"brief": brief, "address": address})
