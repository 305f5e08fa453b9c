"""The story of an owner who makes a page theirs: its colours, its words, its pictures."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.db import transaction

from statuspage.kit import clock
from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.models import Page, PageImage
from statuspage.pages.pictures import Picture


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


@transaction.atomic
def give_picture(page: Page, kind: PageImage.Kind, picture: Picture, *, by: User) -> None:
    """In place of the one there was."""
    fields = {"body": picture.body, "width": picture.width, "height": picture.height, "updated_at": clock.now()}
    PageImage.objects.update_or_create(
        page=page, kind=kind.value, defaults=fields, create_defaults={"organization": page.organization, **fields}
    )
    Page.objects.filter(pk=page.pk).touch()
    audit.record(page.organization, by=by, verb="gave picture", target=_target(page), after={"kind": kind.value})


@transaction.atomic
def remove_picture(page: Page, kind: PageImage.Kind, *, by: User) -> bool:
    """Returns whether there was one."""
    removed, _by_model = page.images.filter(kind=kind.value).delete()
    if removed:
        Page.objects.filter(pk=page.pk).touch()
        audit.record(
            page.organization, by=by, verb="removed picture", target=_target(page), before={"kind": kind.value}
        )
    return bool(removed)


def _target(page: Page) -> str:
    return f"page {page.public_id}"
