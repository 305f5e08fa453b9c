"""What a browser or a mailed link holds that lets somebody look at a page, or see more of it than the public does.

Signed, not secret: it says by what somebody was let in, never whose password or which words. It is no authority by
itself: admitting.py asks the database about it at every request, so that taking something back works at once.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core import signing

from statuspage.pages.models import Page

IN_A_COOKIE, IN_A_LINK = "pages.view", "pages.look"
"""What is signed for one is nothing in the other."""


class By(StrEnum):
    """What somebody is admitted by. `whose` of an admission names which."""

    MEMBER = "member"  # the membership
    RING = "ring"  # the ring link's public id
    PASSWORD = "password"  # noqa: S105 - what stands for the page's password of that time
    EMAIL = "email"  # the domain of the address that was written to
    NETWORK = "network"  # never kept: where somebody comes from is seen anew each time


COOKIE_LASTS: Mapping[By, timedelta] = {
    By.MEMBER: timedelta(hours=12),
    By.RING: timedelta(days=30),
    By.PASSWORD: timedelta(days=7),
    By.EMAIL: timedelta(days=7),
}
LINK_LASTS: Mapping[By, timedelta] = {By.MEMBER: timedelta(seconds=60), By.EMAIL: timedelta(minutes=15)}


@dataclass(frozen=True, slots=True)
class Admission:
    by: By
    whose: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link that admits once. `to` is the address on the page that somebody wanted to see."""

    admission: Admission
    to: str


def cookie_name() -> str:
    """Under TLS browsers see to it that nobody but this very host has set a cookie that is called __Host-."""
    return "__Host-ripple_view" if settings.PAGE_SCHEME == "https" else "ripple_view"


def for_cookie(admission: Admission, page: Page, *, now: datetime) -> str:
    return _sign(IN_A_COOKIE, [*_head(admission, page, now)])


def from_cookie(text: str, page: Page, *, now: datetime) -> Admission | None:
    """None when it is not ours, of another page, too old, or from before everything was taken back."""
    fields = _read(IN_A_COOKIE, text)
    return _admission(fields, page, COOKIE_LASTS, now) if fields else None


def for_link(link: Link, page: Page, *, now: datetime) -> str:
    """Two links are never the same: each admits once."""
    once = secrets.token_urlsafe(9)
    return _sign(IN_A_LINK, [*_head(link.admission, page, now), link.to, once])


def from_link(text: str, page: Page, *, now: datetime) -> Link | None:
    """As from_cookie. Whether it has been used is not known here."""
    fields = _read(IN_A_LINK, text)
    admission = _admission(fields, page, LINK_LASTS, now) if fields else None
    return Link(admission, str(fields[5])) if admission and fields else None


def _head(admission: Admission, page: Page, now: datetime) -> tuple[str, int, str, str, int]:
    return page.public_id, page.key_number, admission.by.value, admission.whose, int(now.timestamp())


def _admission(fields: Sequence[Any], page: Page, lasts: Mapping[By, timedelta], now: datetime) -> Admission | None:
    page_id, key_number, by, whose, at = fields[:5]
    if (page_id, key_number) != (page.public_id, page.key_number) or by not in lasts:
        return None
    age = timedelta(seconds=now.timestamp() - at)
    return Admission(By(by), whose) if age < lasts[By(by)] else None


def _sign(salt: str, fields: Sequence[str | int]) -> str:
    return signing.Signer(salt=salt).sign_object(list(fields))


def _read(salt: str, text: str) -> Sequence[Any] | None:
    try:
        fields: Sequence[Any] = signing.Signer(salt=salt).unsign_object(text)
    except (signing.BadSignature, ValueError):
        return None
    return fields
