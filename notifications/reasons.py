"""What providers' answers mean for the owner: what happened, in plain words, and what to do. Pure.

Keys are how our reasons begin, as the channels write them; what stands behind is the provider's own code.
"""

from dataclasses import dataclass
from enum import StrEnum

from notifications.channels.base import IN_DOUBT
from subscribers.spending import USED_UP


class Remedy(StrEnum):
    """Where it is put right."""

    ADDRESS = "address"
    SENDER = "sender"
    SMS = "sms"
    ENDPOINT = "endpoint"
    OPERATOR = "operator"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Meaning:
    says: str
    advice: str
    remedy: Remedy


_GONE = "Ask them for their new address, then change or remove this one."
_SLIP = "Probably a slip of the pen: put the address right."
_OPERATOR = "Nothing is wrong with the address. Tell whoever runs this installation."
_AT_THE_ENDPOINT = "Open the endpoint, put its address or key right, and send a test message."

MEANINGS: dict[str, Meaning] = {
    "the letter came back": Meaning(
        "Their mail server took the letter and sent it back. Nothing more is sent there.",
        "Ask them for another address; or let it be written to again under Subscribers.",
        Remedy.ADDRESS,
    ),
    "no such mailbox": Meaning("Nobody has this mailbox, or nobody has it any more.", _GONE, Remedy.ADDRESS),
    "no such mail domain": Meaning("The name behind the @ does not exist.", _SLIP, Remedy.ADDRESS),
    "the address is not right": Meaning("Their mail server does not know this address.", _SLIP, Remedy.ADDRESS),
    "no mail can be addressed like this": Meaning("This is no e-mail address.", _SLIP, Remedy.ADDRESS),
    "the mailbox was refused": Meaning("Their mail server does not take mail for it.", _GONE, Remedy.ADDRESS),
    "the mailbox is switched off": Meaning("The mailbox is switched off.", _GONE, Remedy.ADDRESS),
    "the mailbox is full": Meaning(
        "The mailbox stayed full for a day.", "Tell them another way; the next message is tried again.", Remedy.WAIT
    ),
    "the message is too large for the mailbox": Meaning(
        "Their mail server takes no mail of this size.", "Shorter updates reach them.", Remedy.WAIT
    ),
    "refused by the receiver's rules": Meaning(
        "Their mail server's rules refuse us, often as spam.",
        "Look whether SPF and DKIM vouch for your sender, and ask their administrators to let it in.",
        Remedy.SENDER,
    ),
    "the message was refused": Meaning(
        "Their mail server refused this message, often as spam.",
        "Look whether SPF and DKIM vouch for your sender, and ask their administrators to let it in.",
        Remedy.SENDER,
    ),
    "the mail relay refuses our sender": Meaning(
        "Our mail relay did not accept the address the letter comes from.",
        "Look at your sender; if it is right, tell whoever runs this installation.",
        Remedy.SENDER,
    ),
    "the mail": Meaning("The mail could not be passed on for a day.", _OPERATOR, Remedy.OPERATOR),
    "no such number": Meaning("Nobody has this number.", _SLIP, Remedy.ADDRESS),
    "not a number": Meaning("This is no telephone number.", _SLIP, Remedy.ADDRESS),
    "this number cannot take SMS": Meaning(
        "This is a fixed line, or cannot take SMS.", "Ask them for a mobile number, or for an e-mail.", Remedy.ADDRESS
    ),
    "the phone refuses messages": Meaning("The phone or its network refuses our messages.", _GONE, Remedy.ADDRESS),
    "a network took the message for spam": Meaning(
        "A telephone network took the SMS for spam.", _OPERATOR, Remedy.OPERATOR
    ),
    "the phone did not get it": Meaning(
        "The SMS did not arrive: perhaps the phone is off or abroad.", "Ask them, or tell them by mail.", Remedy.ADDRESS
    ),
    "this number asked us to stop": Meaning(
        "They answered an SMS with STOP.", "They can come back by texting START.", Remedy.WAIT
    ),
    "the provider cannot reach this number": Meaning(
        "No network reached this number.", "Perhaps it is abroad or switched off: ask them.", Remedy.ADDRESS
    ),
    "our account may not send to this country": Meaning(
        "Our SMS provider does not send to this country.", _OPERATOR, Remedy.OPERATOR
    ),
    "the message is too long": Meaning("The SMS was too long for the provider.", _OPERATOR, Remedy.OPERATOR),
    "no SMS provider": Meaning("This installation has no SMS provider.", _OPERATOR, Remedy.OPERATOR),
    "the sender number": Meaning("The SMS provider refuses our sender.", _OPERATOR, Remedy.OPERATOR),
    "the provider": Meaning("The provider did not take it, however often we tried.", _OPERATOR, Remedy.OPERATOR),
    USED_UP: Meaning("The day's SMS were used up.", "Raise the limit, if more should be sent.", Remedy.SMS),
    IN_DOUBT: Meaning(
        "Nobody answered after the message was sent: it may have arrived.",
        "Ask them, if it matters.",
        Remedy.WAIT,
    ),
}
_OF_AN_ENDPOINT = Meaning("The other side did not take it.", _AT_THE_ENDPOINT, Remedy.ENDPOINT)
_SET_ASIDE = Meaning("Something in this message stopped our workers, so it was set aside.", _OPERATOR, Remedy.OPERATOR)
_ANYTHING = Meaning("It was not taken, however often we tried.", "The next message is tried again.", Remedy.WAIT)


def meaning_of(reason: str, *, is_endpoint: bool, is_set_aside: bool = False) -> Meaning:
    """The longest beginning that fits."""
    if is_set_aside:
        return _SET_ASIDE
    if is_endpoint:
        return _OF_AN_ENDPOINT
    fitting = [beginning for beginning in MEANINGS if reason.startswith(beginning)]
    return MEANINGS[max(fitting, key=len)] if fitting else _ANYTHING
