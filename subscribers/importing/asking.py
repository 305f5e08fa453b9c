"""Whoever was imported without having agreed is asked whether they want to be written to: by one letter, ever.

What has been asked when is a column, so a process that dies forgets nothing and asks nobody twice. The letters leave
as those to people who signed up do (notifications/answering.py), behind them and a few at a time: people who wait for
a letter come first, and a relay that sees thousands of unasked letters a minute takes their sender for a spammer.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from statuspage.kit import clock
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel
from subscribers import signing_up
from subscribers.choosing import Choice
from subscribers.importing.models import Consent, ImportFile, ImportPiece, Question
from subscribers.models import Address, Person, SignUp, Wish
from subscribers.reaching import Reachable

MOST_WAITING = 20
"""So many letters wait to be written at once. The dispatcher looks once a second: no more leave in one."""
FORGOTTEN_AFTER = signing_up.FORGOTTEN_AFTER
LEFT_IN_PEACE_FOR = timedelta(days=30)
"""However often they are imported again."""
MOST_FORGOTTEN = 500

# Looked up row by row, as in applying.py. Whoever is to be asked by an import that is under way, or was asked lately by
# another, is not asked for this one.
_NOTE = """
    INSERT INTO subscribers_question (organization_id, fingerprint, file_id, address_id)
    SELECT a.organization_id, l.fingerprint, l.file_id, a.id
    FROM subscribers_importfile f JOIN subscribers_importline l ON l.file_id = f.id
    JOIN LATERAL (
        SELECT * FROM subscribers_address
        WHERE organization_id = f.organization_id AND channel = l.channel AND normalised = l.normalised LIMIT 1
    ) a ON a.confirmed_at IS NULL AND a.stopped_at IS NULL
    WHERE f.id = %(file)s AND l.line BETWEEN %(first)s AND %(last)s AND l.problem = '' AND l.channel = 'email'
    ORDER BY l.line
    ON CONFLICT (organization_id, fingerprint) DO UPDATE SET
      address_id = excluded.address_id,
      file_id = CASE WHEN subscribers_question.asked_at < %(long_ago)s
                THEN excluded.file_id ELSE subscribers_question.file_id END,
      asked_at = CASE WHEN subscribers_question.asked_at < %(long_ago)s
                 THEN NULL ELSE subscribers_question.asked_at END
    RETURNING file_id = %(file)s AND asked_at IS NULL
"""


def note(piece: ImportPiece) -> dict[str, int]:
    """Write down who of a piece that was just applied is to be asked. Within its transaction; returns counts."""
    file = piece.file
    if file.consent == Consent.ATTESTED:
        return {}
    values: dict[str, Any] = {
        "file": file.pk,
        "first": piece.first_line,
        "last": piece.last_line,
        "long_ago": clock.now() - LEFT_IN_PEACE_FOR,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)
        is_to_be_asked = [row[0] for row in cursor.fetchall()]
    to_ask = sum(is_to_be_asked)
    return {"to_ask": to_ask, "asked_before": len(is_to_be_asked) - to_ask}


def is_any_due(now: datetime) -> bool:
    with across_organizations():
        waiting = (Question.objects.filter(asked_at=None), _never_answered(now), _long_ago(now))
        return any(rows.exists() for rows in waiting)


def go_on() -> int:
    """Ask a few, and forget a few who never answered. Returns how many were asked."""
    with across_organizations():
        asked = _ask_some()
        _forget(clock.now())
    return asked


@transaction.atomic
def _ask_some() -> int:
    """As many as may wait. Organizations share: a large file keeps nobody else's people waiting."""
    free = MOST_WAITING - SignUp.objects.filter(wish=Wish.IMPORTED, due_at__isnull=False).count()
    unasked = Question.objects.filter(organization=OuterRef("pk"), asked_at=None)
    organizations = list(Organization.objects.filter(Exists(unasked)).order_by("?")[: max(0, free)])
    asked = 0
    for organization in organizations:
        with scope(organization=organization):
            asked += sum(_ask(question) for question in _next(max(1, free // len(organizations))))
    if asked:
        clock.wake()
    return asked


def _next(most: int) -> QuerySet[Question]:
    waiting = Question.objects.select_for_update(skip_locked=True, of=("self",)).filter(asked_at=None)
    return waiting.select_related("address__person", "file__page", "file__organization").order_by("pk")[:most]


def _ask(question: Question) -> bool:
    """Somebody who signed up meanwhile, or whose address is gone, is asked no more."""
    now, address = clock.now(), question.address
    Question.objects.filter(pk=question.pk).update(asked_at=now)
    ImportFile.objects.filter(pk=question.file_id).update(asked=F("asked") + 1)
    if address is None or address.confirmed_at or address.stopped_at:
        return False
    to = Reachable(channel=Channel.EMAIL, value=address.value, normalised=address.normalised)
    asking = signing_up.Asking(to=to, choice=Choice(), language=address.person.language)
    signing_up.write(question.file.page, asking, wish=Wish.IMPORTED)
    return True


def _never_answered(now: datetime) -> QuerySet[Question]:
    """Nobody said yes, and the letter's link is dead."""
    return Question.objects.filter(asked_at__lt=now - FORGOTTEN_AFTER, address__isnull=False, said_yes_at=None)


def _long_ago(now: datetime) -> QuerySet[Question]:
    return Question.objects.filter(asked_at__lt=now - LEFT_IN_PEACE_FOR)


@transaction.atomic
def _forget(now: datetime) -> None:
    """The address, and its person when nothing else is known of them. That they were asked is forgotten later."""
    unanswered = _never_answered(now).select_for_update(skip_locked=True)[:MOST_FORGOTTEN]
    rows = {row.pk: row.address_id for row in unanswered}
    unconfirmed = Address.objects.filter(pk__in=filter(None, rows.values()), confirmed_at=None)
    people = list(unconfirmed.values_list("person_id", flat=True))
    unconfirmed.delete()
    Person.objects.filter(pk__in=people, ring=None, addresses=None).delete()
    Question.objects.filter(pk__in=rows).update(address=None)
    _long_ago(now).filter(pk__in=_long_ago(now).values("pk")[:MOST_FORGOTTEN]).delete()
