"""The story of admitting: who may look at a page, asked of the database at every request.

Members and bearers of a ring link may look at every page of the organization, whoever else may: the one runs it, the
other was handed more than the page by an admin. Everybody else is admitted by what the page's audience asks for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from statuspage.kit import clock, links
from statuspage.organizations.models import Member
from statuspage.pages.admission import Admission, By, from_cookie
from statuspage.pages.audience import Audience
from statuspage.pages.models import Page, RingLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who may look. `member` and `ring_link` say how deep they see; neither: as the public does."""

    by: By
    member: Member | None = None
    ring_link: RingLink | None = None


def admitted(page: Page, *, cookie: str) -> Admitted | None:
    """Whoever holds this cookie, if it is still good. Call in the organization's scope."""
    admission = from_cookie(cookie, page, now=clock.now()) if cookie else None
    return check(page, admission) if admission else None


def check(page: Page, admission: Admission) -> Admitted | None:
    """Whether what somebody was let in by still lets in."""
    return _CHECKS[admission.by](page, admission.whose)


def _member(_page: Page, whose: str) -> Admitted | None:
    rows = Member.objects.select_related("user", "organization").filter(pk=int(whose), user__is_active=True)
    member = rows.first()
    return Admitted(by=By.MEMBER, member=member) if member else None


def _ring_link(page: Page, whose: str) -> Admitted | None:
    link = RingLink.objects.working().select_related("ring").filter(page=page, public_id=whose).first()
    return Admitted(by=By.RING, ring_link=link) if link else None


def _password(page: Page, whose: str) -> Admitted | None:
    is_good = page.audience == Audience.PASSWORD.value and compare_digest(whose, mark_of_password(page))
    return Admitted(by=By.PASSWORD) if is_good else None


def _email(page: Page, whose: str) -> Admitted | None:
    is_good = page.audience == Audience.EMAIL.value and whose in page.email_domains
    return Admitted(by=By.EMAIL) if is_good else None


_CHECKS: dict[By, Callable[[Page, str], Admitted | None]] = {
    By.MEMBER: _member,
    By.RING: _ring_link,
    By.PASSWORD: _password,
    By.EMAIL: _email,
}


def mark_of_password(page: Page) -> str:
    """Stands for the page's password as it is now: another password, another mark."""
    return links.fingerprint("page password", page.password).hex()
