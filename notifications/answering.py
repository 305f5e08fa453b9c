"""Answering those who signed up: a letter to each, once it is decided what may be written to them at all.

The request that asked wrote one row and nothing else. Here, beside it, is looked up what we know of the address, so
that the answer on the page tells nobody: whoever is suppressed gets no letter, and nobody gets more than three a day,
over all tenants. A relay that is away raises nothing: the row stays due.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

import css_inline
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.template import engines
from django.utils.translation import override

from notifications import holding
from notifications.channels import registry
from notifications.channels.base import Outcome, Recipient, Verdict, Words
from notifications.rendering import letter_sender, one_line
from statuspage.kit import clock, gsm7
from statuspage.kit.links import TOKEN_LENGTH
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import senders
from statuspage.organizations.plan import Channel
from subscribers import signing_up, spending, unsubscribing
from subscribers.models import Address, SignUp, Wish
from subscribers.suppressing import UNSUBSCRIBED, reason_for

log = logging.getLogger(__name__)

MOST_LETTERS_A_DAY = 3
MOST_ATTEMPTS = 5
PATIENCE = timedelta(minutes=1)
"""How long a row is left to whoever took it, and until a relay that was away is asked again."""
NO_TOKEN = "0" * TOKEN_LENGTH
_FOLDERS = {Wish.UPDATES.value: "confirmation", Wish.IMPORTED.value: "imported", Wish.OWN.value: "own"}
_inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody gets, and what they must show to prove that they did: a hash, or nothing for a mere link."""

    words: Words
    proof: bytes | None


def answer_waiting(*, seconds: float = 20.0) -> int:
    """Write to those who wait for it, until nobody does or the time is up; returns how many were looked at."""
    end, answered = time.monotonic() + seconds, 0
    while time.monotonic() < end and answer_next():
        answered += 1
    forget_old()
    return answered


def are_any_waiting() -> bool:
    with across_organizations():
        return SignUp.objects.filter(due_at__lte=Now()).exists() and not holding.is_held()


def answer_next() -> bool:
    """False: nobody is waiting, or nothing may leave."""
    with across_organizations():
        sign_up = None if holding.is_held() else _take()
    if sign_up is None:
        return False
    with scope(organization=sign_up.organization):
        reason = _reason_to_be_silent(sign_up)
        letter = None if reason else _letter(sign_up)
        if letter is None:
            _settle(sign_up, reason or "nothing to tell", is_handed=False)
        else:
            SignUp.objects.filter(pk=sign_up.pk).update(proof=letter.proof)
            _hand_over(sign_up, letter)
    return True


def forget_old() -> None:
    """Sign-ups hold addresses of people who may never have asked: they are kept for as long as they are counted."""
    with across_organizations():
        SignUp.objects.filter(created_at__lt=clock.now() - signing_up.FORGOTTEN_AFTER).delete()


@transaction.atomic
def _take() -> SignUp | None:
    waiting = SignUp.objects.select_for_update(skip_locked=True, of=("self",)).filter(due_at__lte=Now())
    nobody_asked = Case(When(wish=Wish.IMPORTED, then=1), default=0)  # whoever asked us comes first
    sign_up = waiting.select_related("organization", "page").order_by(nobody_asked, "due_at", "pk").first()
    if sign_up:
        sign_up.attempts += 1
        SignUp.objects.filter(pk=sign_up.pk).update(due_at=Now() + PATIENCE, attempts=sign_up.attempts)
    return sign_up


def _reason_to_be_silent(sign_up: SignUp) -> str:
    is_unasked = sign_up.wish == Wish.IMPORTED
    if sign_up.attempts > MOST_ATTEMPTS and not is_unasked:  # those would not know that they could ask again
        return "the relay was away too long"
    if _letters_of_a_day(sign_up) >= MOST_LETTERS_A_DAY:
        return "three letters a day are enough"
    channel = _channel(sign_up)
    normalised = sign_up.contact.lower() or sign_up.normalised
    reason = reason_for(sign_up.organization, channel=channel, normalised=normalised)
    may_change_their_mind = reason == UNSUBSCRIBED and not is_unasked  # a dead or angry mailbox does not
    if reason and not may_change_their_mind:
        return f"suppressed: {reason}"
    return ""


def _letters_of_a_day(sign_up: SignUp) -> int:
    """Over all tenants: nobody is flooded through many pages."""
    with across_organizations():
        handed = SignUp.objects.filter(addressee=sign_up.addressee, handed_at__gt=clock.now() - timedelta(days=1))
        return handed.exclude(pk=sign_up.pk).count()


def _letter(sign_up: SignUp) -> Letter | None:
    if sign_up.wish == Wish.LINK:
        return _letter_with_links(sign_up)
    return _letter_with_code(sign_up) if sign_up.channel == Channel.SMS else _letter_to_confirm(sign_up)


def _letter_to_confirm(sign_up: SignUp) -> Letter:
    token = signing_up.new_token()
    if sign_up.wish == Wish.OWN:
        link = sign_up.organization.console_url("own_confirmation", token=token)
    else:
        link = f"{sign_up.on_page.url}/subscribe/confirmation/{token}"
    return Letter(_words(sign_up, _FOLDERS[sign_up.wish], {"link": link}), signing_up.proof_of_token(token))


def _letter_with_code(sign_up: SignUp) -> Letter:
    code = signing_up.new_code()
    return Letter(_words(sign_up, "code", {"code": code}), signing_up.proof_of_code(sign_up, code))


def _letter_with_links(sign_up: SignUp) -> Letter | None:
    """A link for each way by which the asker is told: their own address, and endpoints they vouched for."""
    if not sign_up.value:  # asked for by an id that nobody has
        return None
    whose = Q(channel=sign_up.channel, normalised=sign_up.normalised)
    if sign_up.channel == Channel.EMAIL:
        whose |= Q(endpoint__contact__iexact=sign_up.value)
    told = Address.objects.filter(whose, stopped_at=None)
    ways = [
        {"value": address.value, "link": f"{sign_up.on_page.url}/u/{unsubscribing.token_of(address)}/choices"}
        for address in told.filter(subscriptions__page=sign_up.page).distinct().order_by("id")[:5]
    ]
    return Letter(_words(sign_up, "link", {"ways": ways}), None) if ways else None


def _words(sign_up: SignUp, kind: str, context: dict[str, object]) -> Words:
    channel = _channel(sign_up)
    folder = f"messages/{kind}/{channel.value}"
    whole = {"it": sign_up, "page": sign_up.asked_by, "organization": sign_up.organization.name, **context}
    with override(sign_up.language):
        body = str(engines["text"].get_template(f"{folder}/body.txt").render(whole)).strip()
        if channel is Channel.SMS:
            return Words(text=gsm7.transliterated(body))
        subject = one_line(str(engines["text"].get_template(f"{folder}/subject.txt").render(whole)))
        html = _inliner.inline(str(engines["html"].get_template(f"{folder}/body.html").render(whole)))
    sender = letter_sender(sign_up.asked_by, senders.mailbox())
    return Words(subject=subject, text=body + "\n", html=html, sender=sender)


def _hand_over(sign_up: SignUp, letter: Letter) -> None:
    channel = _channel(sign_up)
    if channel is Channel.SMS and not spending.spend(sign_up.organization, gsm7.segments(letter.words.text)):
        _settle(sign_up, spending.USED_UP, is_handed=False)
        return
    recipient = Recipient(key=f"signup.{sign_up.pk}", address=sign_up.mailed_to, token=NO_TOKEN)
    until = time.monotonic() + PATIENCE.total_seconds()
    for outcome in registry.transport_for(channel).send(letter.words, [recipient], until=until):
        _write_down(sign_up, outcome)


def _write_down(sign_up: SignUp, outcome: Outcome) -> None:
    """Of unknown fate is taken for sent: whoever got nothing asks again, and nobody gets two."""
    if outcome.verdict is not Verdict.TRY_AGAIN:
        _settle(sign_up, outcome.reason, is_handed=outcome.verdict is not Verdict.NEVER)


def _settle(sign_up: SignUp, outcome: str, *, is_handed: bool) -> None:
    SignUp.objects.filter(pk=sign_up.pk).update(
        due_at=None, outcome=outcome[:120], handed_at=clock.now() if is_handed else F("handed_at")
    )


def _channel(sign_up: SignUp) -> Channel:
    """How they are written to. An endpoint cannot read: its owner does."""
    channel = Channel(sign_up.channel)
    return Channel.EMAIL if channel.is_endpoint else channel
