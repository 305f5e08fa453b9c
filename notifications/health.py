"""How an endpoint has been lately. One that fails for days, or says it is gone, is switched off and people are told."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from notifications.channels.base import OUT_OF_TIME, Outcome, Verdict
from notifications.channels.endpoint import MORE_FOLLOWS
from statuspage.kit import clock
from subscribers import endpoints
from subscribers.models import Endpoint

OFF_AFTER = timedelta(days=5)
"""Of failures and nothing else. Longer than a long weekend, shorter than anybody believes it still works."""
NOT_THE_OTHER_SIDE = {OUT_OF_TIME, MORE_FOLLOWS}


def note(outcomes: Sequence[Outcome]) -> None:
    """Write down what a window's outcomes say, in the transaction that settles it."""
    by_address = {int(one.key.rpartition(".")[2]): one for one in outcomes if one.reason not in NOT_THE_OTHER_SIDE}
    rows = Endpoint.objects.select_for_update(of=("self",)).filter(address_id__in=by_address).order_by("address_id")
    for row in rows.select_related("address__person", "organization"):
        _note(row, by_address[row.address_id])


@transaction.atomic
def note_one(outcome: Outcome) -> None:
    """The same for a message that is no delivery."""
    note([outcome])


def _note(row: Endpoint, outcome: Outcome) -> None:
    now = clock.now()
    if outcome.verdict is Verdict.ACCEPTED:
        row.last_taken_at, row.failing_since, row.failing_because = now, None, ""
    else:
        row.failing_since, row.failing_because = row.failing_since or now, outcome.reason[:120]
    row.save(update_fields=["last_taken_at", "failing_since", "failing_because"])
    if outcome.is_gone:
        endpoints.switch_off(row, because=outcome.reason[:120], by=None)
    elif row.failing_since and now - row.failing_since >= OFF_AFTER:
        endpoints.switch_off(row, because="nothing was taken for five days", by=None)
