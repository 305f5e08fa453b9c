"""Where links on a public page lead: to the same edition's pages."""

from django import template

from statuspage.pages.board import Board

register = template.Library()


@register.filter
def at_path(board: Board, path: str) -> str:
    """ "/incidents/x" as this edition has it: "/de/incidents/x"."""
    return board.at(path)


@register.filter
def url(board: Board, path: str) -> str:
    """The same, readable from anywhere: "https://status.acme.test/de/incidents/x"."""
    return board.url(path)


@register.filter
def badge_path(public_id: str) -> str:
    return f"/badge/{public_id}.svg"
