"""Telling people that an endpoint of theirs was switched off. What is still to be told is a column: none is lost."""

from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from statuspage.kit import clock
from statuspage.kit.templatetags.ripple import on_day
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.access import who_edits_setup
from subscribers.models import Endpoint

TRY_AGAIN_AFTER = timedelta(minutes=5)
"""When the mail did not leave, or whoever was at it died."""


def is_due(now: datetime) -> bool:
    with across_organizations():
        return Endpoint.objects.filter(notice_at__lte=now).exists()


def give_all() -> int:
    """Write to everybody who is to be told now; returns about how many endpoints. Raises OSError without a relay."""
    given = 0
    while (row := _claim(clock.now())) is not None:
        with scope(organization=row.organization):
            _letter(row).send()
            Endpoint.objects.filter(pk=row.pk, notice_at=row.notice_at).update(
                notice_at=None
            )  # not what came meanwhile
        given += 1
    return given


@transaction.atomic
def _claim(now: datetime) -> Endpoint | None:
    with across_organizations():
        rows = Endpoint.objects.filter(notice_at__lte=now).order_by("notice_at")
        row = (
            rows.select_related("organization", "address__person").select_for_update(skip_locked=True, of=("self",))
        ).first()
        if row is not None:
            row.notice_at = now + TRY_AGAIN_AFTER
            row.save(update_fields=["notice_at"])
        return row


def _letter(row: Endpoint) -> EmailMessage:
    organization, person = row.organization, row.address.person
    where = organization.console_url("endpoint", public_id=person.public_id)
    text = (
        f"{person.name or 'An endpoint'} was switched off on {on_day(row.switched_off_at)}:"
        f" {row.switched_off_because}.\n\n"
        "Nothing is sent to it any more. When it works again, switch it on and send it a test message here:\n"
        f"{where}\n"
    )
    subject = f"[{organization.name}] {person.name or 'An endpoint'} no longer hears from your status page"
    return EmailMessage(" ".join(subject.split()), text, to=_whom(row))


def _whom(row: Endpoint) -> list[str]:
    if row.contact:
        return [row.contact]
    return who_edits_setup(row.organization)
