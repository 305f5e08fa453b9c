"""The story of guarding: an admin says who may look at a page, and takes back what was given."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from statuspage.organizations import audit
from statuspage.organizations.models import User
from statuspage.pages.audience import Audience
from statuspage.pages.models import Page
from statuspage.pages.store import the_store


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceDraft:
    """`password` empty: it stays as it is. What another audience than the chosen one needs is kept for later."""

    audience: Audience
    password: str = ""
    email_domains: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


def guard(page: Page, draft: AudienceDraft, *, by: User) -> None:
    """A page that is not public any more has no files from this moment on, whether or not a publisher is running.

    One that is just being written may bring some back; it is asked to look again, and takes them away for good.
    """
    password = make_password(draft.password) if draft.password else ""  # slow on purpose: before any lock
    with transaction.atomic():
        row = Page.objects.select_for_update(no_key=True).get(pk=page.pk)
        before = _told(row)
        row.audience, row.password = draft.audience.value, password or row.password
        row.email_domains, row.networks = list(draft.email_domains), list(draft.networks)
        row.save(update_fields=["audience", "password", "email_domains", "networks"])
        Page.objects.filter(pk=row.pk).touch()
        after = _told(row) | ({"password": "changed"} if password else {})
        audit.record(
            row.organization, by=by, verb="changed who may look", target=_target(row), before=before, after=after
        )
    if not row.is_public:
        the_store().withdraw(row.public_id)


@transaction.atomic
def take_everything_back(page: Page, *, by: User) -> None:
    """Every cookie, every link in a mail and every ring link of the page opens nothing from the next request on."""
    Page.objects.filter(pk=page.pk).update(key_number=F("key_number") + 1)
    audit.record(page.organization, by=by, verb="took every access back", target=_target(page))


def _told(page: Page) -> dict[str, Any]:
    """Never the password, nor what stands for it."""
    return {"audience": page.audience, "email_domains": page.email_domains, "networks": page.networks}


def _target(page: Page) -> str:
    return f"page {page.public_id}"
