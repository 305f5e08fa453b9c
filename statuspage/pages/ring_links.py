"""The story of ring links: made by an admin for somebody who shall read a page as a ring does, and taken back."""

from django.db import transaction

from statuspage.kit import clock, links
from statuspage.organizations import audit
from statuspage.organizations.models import Ring, User
from statuspage.pages.models import Page, RingLink


def token_for(link: RingLink) -> str:
    """The page's key number is part of what is signed: raising it makes every token another."""
    return links.sign(_purpose(link.page), link.page_id, link.pk)


def find(page: Page, token: str) -> RingLink | None:
    """The link a token of this page is for, unless it was revoked. Call in the organization's scope."""
    ids = links.read(_purpose(page), token)
    if ids is None:
        return None
    return RingLink.objects.working().select_related("ring").filter(page=page, pk=ids[1]).first()


def root_of(link: RingLink) -> str:
    """Below it stands the whole page as the ring reads it, for programs that hold no cookies."""
    return f"/d/{token_for(link)}"


@transaction.atomic
def make(page: Page, *, ring: Ring, label: str, by: User) -> RingLink:
    link = RingLink.objects.create(organization=page.organization, page=page, ring=ring, label=label, created_by=by)
    audit.record(
        page.organization,
        by=by,
        verb="made ring link",
        target=_target(link),
        after={"page": page.name, "ring": ring.key, "label": label},
    )
    return link


@transaction.atomic
def revoke(link: RingLink, *, by: User) -> None:
    """It opens nothing from the next request on. Idempotent."""
    if RingLink.objects.working().filter(pk=link.pk).update(revoked_at=clock.now()):
        audit.record(link.organization, by=by, verb="revoked ring link", target=_target(link))


def _purpose(page: Page) -> str:
    return f"depth {page.key_number}"


def _target(link: RingLink) -> str:
    return f"ring link {link.public_id}"
