"""The story of an owner who makes a page theirs: its colours, its words, its pictures."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction

from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.models import Page


def with_changes(page: Page, changes: Mapping[str, Any]) -> Page:
    """The page as it would be: to be looked at, never to be saved."""
    draft = copy(page)
    for name, value in changes.items():
        setattr(draft, name, value)
    return draft


@transaction.atomic
def restyle(page: Page, changes: Mapping[str, Any], *, by: User) -> bool:
    """Give the page these fields, checked by whoever calls. Returns whether anything is different now."""
    row = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
    before = {name: getattr(row, name) for name, value in changes.items() if getattr(row, name) != value}
    if not before:
        return False
    after = {name: changes[name] for name in before}
    for name, value in after.items():
        setattr(row, name, value)
    row.save(update_fields=list(after))
    Page.objects.filter(pk=page.pk).touch()
    audit.record(page.organization, by=by, verb="changed", target=_target(page), before=before, after=after)
    return True


def _target(page: Page) -> str:
    return f"page {page.public_id}"
