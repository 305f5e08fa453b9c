"""What is refused for good is not tried with the next message: a mailbox nobody has, a number that said STOP."""

from collections.abc import Iterable

from notifications.channels.base import Outcome, Verdict
from notifications.looking import Turn
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel
from subscribers.suppressing import BOUNCED, STOPPED, suppress

FOR_GOOD = {"no such mailbox": BOUNCED, "this number asked us to stop": STOPPED}
"""How such an answer begins, as the channels write it down. Any other may be about us, or about this one message."""


def turn_away(
    organization: Organization, turns: Iterable[Turn], outcomes: Iterable[Outcome], *, channel: Channel
) -> None:
    """Suppress whose address is dead. Call in the organization's scope, when the outcomes are written down."""
    dead = {int(each.key.rpartition(".")[2]): each.reason for each in outcomes if each.verdict is Verdict.NEVER}
    for turn in turns if dead else ():
        said = dead.get(turn.address_id, "")
        reason = next((reason for answer, reason in FOR_GOOD.items() if said.startswith(answer)), "")
        if reason:
            suppress(organization, channel=channel, normalised=turn.normalised, reason=reason, said=said)
