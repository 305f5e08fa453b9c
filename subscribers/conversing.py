"""SMS as a conversation: what people text back, and what they are answered. STOP works within the request.

All organizations send from one number, so a word from a phone is for each of them that it hears from.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from statuspage.kit import clock, gsm7
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Organization
from statuspage.organizations.plan import Channel
from subscribers.models import Address, HeardSms, SignUp
from subscribers.suppressing import STOPPED, UNSUBSCRIBED, lift, suppress, who_writes_to

SMS = Channel.SMS
_MARKS = re.compile(r"[^\w ]+")


class Word(StrEnum):
    """What somebody means."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    NOTHING = "nothing"


# The first row is what carriers and the FCC (47 CFR 64.1200(a)(10)) want to be understood; the others are its like in
# the languages of the countries SMS go to. Without accents, because phones take them away.
STOPS = {
    *("stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel", "revoke", "optout", "opt out", "remove"),
    *("arret", "arreter", "stopp", "stoppen", "abmelden", "ende", "baja", "alto", "basta", "afmelden", "avsluta"),
}
HELPS = frozenset({"help", "info", "aide", "hilfe", "ayuda", "aiuto", "hulp"})
STARTS = frozenset({"start", "unstop", "yes", "resume", "continue"})
_PLAIN_STOPS = frozenset({"stop", "stopall", "unsubscribe", "optout", "stopp", "arret"})
"""These mean it whatever follows: “Stop it please”. “End of the month?” does not."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One message from a phone. `provider_id` is the provider's name for it, the same when it is delivered again."""

    number: str
    text: str
    provider_id: str


def word_in(text: str) -> Word:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    words = " ".join(_MARKS.sub(" ", bare).lower().split())
    if words in STOPS or words.partition(" ")[0] in _PLAIN_STOPS:
        return Word.STOP
    if words in HELPS:
        return Word.HELP
    return Word.START if words in STARTS else Word.NOTHING


@transaction.atomic
def hear(heard: Heard) -> str:
    """Do what they mean; returns the answer they get, empty for none.

    What was heard before is neither done nor answered again: an old START, recorded and sent anew, undoes no STOP.
    """
    _row, is_new = HeardSms.objects.get_or_create(provider_id=heard.provider_id)
    if not is_new:
        return ""
    word = word_in(heard.text)
    organizations = list(_hearing(heard.number))
    for organization in organizations:
        with scope(organization=organization):
            _ACTS[word](organization, heard.number)
    with override(_language_of(heard.number)):
        return gsm7.transliterated(_answer(word, organizations))


def _hearing(number: str) -> Iterator[Organization]:
    """Whoever writes to this number, or was just asked to."""
    with across_organizations():
        yield from who_writes_to(SMS, number)


def _stop(organization: Organization, number: str) -> None:
    """Also for somebody in an inner ring: a carrier would let nothing through any more. What they chose is kept."""
    suppress(organization, channel=SMS, normalised=number, reason=STOPPED)
    Address.objects.filter(channel=SMS.value, normalised=number, stopped_at=None).update(stopped_at=clock.now())
    waiting = SignUp.objects.filter(channel=SMS.value, normalised=number, due_at__isnull=False)
    waiting.update(due_at=None, outcome=STOPPED)


def _start(organization: Organization, number: str) -> None:
    """Only of what they stopped themselves. They hear from now on, not what they missed."""
    lift(organization, channel=SMS, normalised=number, reasons=(STOPPED, UNSUBSCRIBED))
    stopped = Address.objects.filter(channel=SMS.value, normalised=number, stopped_at__isnull=False)
    stopped.update(stopped_at=None, confirmed_at=clock.now())


def _nothing(_organization: Organization, _number: str) -> None:
    pass


_ACTS = {Word.STOP: _stop, Word.START: _start, Word.HELP: _nothing, Word.NOTHING: _nothing}


def _language_of(number: str) -> str:
    with across_organizations():
        rows = Address.objects.filter(channel=SMS.value, normalised=number).order_by("pk")
        return rows.values_list("person__language", flat=True).first() or "en"


def _answer(word: Word, organizations: list[Organization]) -> str:
    names = ", ".join(organization.name for organization in organizations[:3]) or _("status pages")
    if word is Word.STOP:
        return _("%(names)s: you will get no more SMS from us. Reply START to begin again.") % {"names": names}
    if word is Word.START and organizations:
        return _("%(names)s: you get SMS again. Reply STOP to end them, HELP for help.") % {"names": names}
    if word is Word.HELP:
        pages = " ".join(_pages(organizations)[:2])
        words = _("SMS about the status of %(names)s. Reply STOP to end them. Your provider may charge you.")
        return f"{words % {'names': names}} {pages}".strip()
    return ""


def _pages(organizations: list[Organization]) -> list[str]:
    found = []
    for organization in organizations:
        with scope(organization=organization):
            found += [page.url for page in organization.pages.prefetch_related("hosts").order_by("pk")[:1] if page.url]
    return found
