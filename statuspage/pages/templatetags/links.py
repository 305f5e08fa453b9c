"""Where links on a public page lead: to the same edition's pages."""

from django import template

from statuspage.pages.board import Board

register = template.Library()


@register.filter
def at_path(board: Board, path: str) -> str:
    """ "/incidents/x" as this edition has it: "/de/incidents/x"."""
    return board.at(path)
