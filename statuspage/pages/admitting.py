"""The story of admitting: who may look at a page, asked of the database at every request.

Members and bearers of a ring link may look at every page of the organization, whoever else may: the one runs it, the
other was handed more than the page by an admin. Everybody else is admitted by what the page's audience asks for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

from django.contrib.auth.hashers import check_password

from statuspage.kit import clock, limits
from statuspage.kit.fingerprints import fingerprint
from statuspage.kit.limits import Limit
from statuspage.kit.networks import Address, is_within, read_network
from statuspage.organizations.models import Member
from statuspage.pages.admission import Admission, By, Link, from_cookie, from_link
from statuspage.pages.audience import Audience
from statuspage.pages.models import Page, RingLink, UsedLink

TRIES_OF_A_BLOCK = Limit("password-block", most=10, per=timedelta(minutes=15))
TRIES_OF_A_PAGE = Limit("password-page", most=300, per=timedelta(minutes=15))
FORGOTTEN_AFTER = timedelta(days=1)
"""By then a link is too old anyway."""


class TooManyTriesError(Exception):
    """Wrong passwords, from one neighbourhood or from everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who may look. `member` and `ring_link` say how deep they see; neither: as the public does."""

    by: By
    member: Member | None = None
    ring_link: RingLink | None = None


def admitted(page: Page, *, cookie: str, address: Address | None) -> Admitted | None:
    """Whoever holds this cookie, if it is still good, or comes from one of the page's networks.

    Call in the organization's scope.
    """
    admission = from_cookie(cookie, page, now=clock.now()) if cookie else None
    by_cookie = check(page, admission) if admission else None
    return by_cookie or _near(page, address)


def check(page: Page, admission: Admission) -> Admitted | None:
    """Whether what somebody was let in by still lets in."""
    return _CHECKS[admission.by](page, admission.whose)


def by_password(page: Page, given: str, *, block: str) -> Admission | None:
    """None for any other than the page's password. `block` is where it was typed; raises TooManyTriesError.

    A try is counted before it is looked at, so that many at once are not more than the limit. Only wrong ones stay
    counted: an office behind one address may know the password a hundred times.
    """
    counted = [(TRIES_OF_A_BLOCK, f"{page.public_id}:{block}"), (TRIES_OF_A_PAGE, page.public_id)]
    if not all(limits.take(limit, key) for limit, key in counted):
        raise TooManyTriesError
    if not check_password(given, page.password):
        return None
    for limit, key in counted:
        limits.give_back(limit, key)
    return Admission(By.PASSWORD, mark_of_password(page))


def offered(page: Page, token: str) -> Link | None:
    """What a link offers that would let somebody in now. Looking at it uses nothing up."""
    found = from_link(token, page, now=clock.now())
    if found is None or UsedLink.objects.filter(page=page, fingerprint=_fingerprint(token)).exists():
        return None
    return found if check(page, found.admission) else None


def use(page: Page, token: str) -> bool:
    """False: somebody else was faster, or pressed twice. The database knows of no link that lets in two times."""
    UsedLink.objects.filter(page=page, used_at__lt=clock.now() - FORGOTTEN_AFTER).delete()
    _used, is_first = UsedLink.objects.get_or_create(
        page=page, fingerprint=_fingerprint(token), defaults={"organization": page.organization}
    )
    return is_first


def _fingerprint(token: str) -> bytes:
    return fingerprint("look", token)


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


def _near(page: Page, address: Address | None) -> Admitted | None:
    is_near = (
        page.audience == Audience.NETWORK.value
        and address is not None
        and is_within(address, map(read_network, page.networks))
    )
    return Admitted(by=By.NETWORK) if is_near else None


_CHECKS: dict[By, Callable[[Page, str], Admitted | None]] = {
    By.MEMBER: _member,
    By.RING: _ring_link,
    By.PASSWORD: _password,
    By.EMAIL: _email,
}


def mark_of_password(page: Page) -> str:
    """Stands for the page's password as it is now: another password, another mark."""
    return fingerprint("page password", page.password).hex()
