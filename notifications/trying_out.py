"""A test message to an endpoint or a person, a preview to oneself: the real thing, saying that it is no more."""

import json
import secrets
import time
from dataclasses import replace
from datetime import timedelta

from django.conf import settings

from notifications import health, rendering
from notifications.channels import registry
from notifications.channels.base import TOKEN_PLACEHOLDER, Outcome, Recipient, Words
from notifications.channels.notice import Notice, Tone
from notifications.rendering import letter_sender, one_line
from statuspage.kit import clock, gsm7, limits
from statuspage.kit.limits import Limit
from statuspage.organizations import audit, senders
from statuspage.organizations.models import Organization, User
from statuspage.organizations.plan import Channel
from subscribers import endpoints
from subscribers.models import Address, Endpoint, Person
from subscribers.unsubscribing import token_for
from subscribers.ways import ways_of

PREVIEWS = Limit("previews", most=20, per=timedelta(hours=1))
TEST_EVENT = "endpoint.test"
TEST_WORDS = "Messages from the status page will reach you here. Nobody needs to do anything."
TEST_SMS = "a test, nothing is wrong. Messages from the status page will reach you here."
TESTS_OF_A_MEMBER = Limit("tests-member", most=5, per=timedelta(minutes=10))
SECONDS = 1.0
"""In which the one request must begin; its own time-out ends it."""


def try_out(endpoint: Endpoint, *, by: User) -> Outcome:
    """Waits for the other side, 15 seconds at most: nothing is locked, and no transaction may be open.

    What comes of it counts for the endpoint's health, as any message does.
    """
    address, channel = endpoint.address, Channel(endpoint.address.channel)
    recipient = Recipient(
        key=f"test{secrets.token_hex(4)}.{address.pk}",
        address=address.value,
        token=token_for(address_id=address.pk, organization_id=endpoint.organization_id),
        secrets=endpoints.secrets_of([address.pk], now=clock.now()).get(address.pk, ()),
    )
    transport = registry.transport_for(channel)
    (outcome,) = transport.send(_words(endpoint, channel), [recipient], until=time.monotonic() + SECONDS)
    health.note_one(outcome)
    after = {"verdict": outcome.verdict.value, "reason": outcome.reason}
    audit.record(endpoint.organization, by=by, verb="tried out", target=str(endpoint), after=after)
    return outcome


def try_out_person(person: Person, *, by: User) -> list[tuple[Address, Outcome]]:
    """To each of their addresses that hear. Waits for the relay and the provider: no transaction may be open."""
    told = [(way.address, _try_out_address(way.address)) for way in ways_of(person) if not way.trouble]
    after = {str(address): outcome.verdict.value for address, outcome in told}
    audit.record(person.organization, by=by, verb="tried out", target=f"person {person.public_id}", after=after)
    return told


def _try_out_address(address: Address) -> Outcome:
    recipient = Recipient(
        key=f"test{secrets.token_hex(4)}.{address.pk}",
        address=address.value,
        token=token_for(address_id=address.pk, organization_id=address.organization_id),
    )
    organization = address.organization.name
    words = (
        Words(text=gsm7.transliterated(f"{organization}: {TEST_SMS}"), sender=settings.SMS_FROM)
        if address.channel == Channel.SMS
        else Words(
            subject=one_line(f"[{organization}] A test: nothing is wrong"),
            text=f"{TEST_WORDS}\n",
            sender=letter_sender(organization, senders.mailbox()),
        )
    )
    (outcome,) = registry.transport_for(Channel(address.channel)).send(
        words, [recipient], until=time.monotonic() + SECONDS
    )
    return outcome


def send_preview(organization: Organization, words: Words, *, what: str, to: User) -> Outcome | None:
    """Mail to a member of what others would get, an SMS as plain text. The links in it that are a reader's own lead
    nowhere. None: too many of them were asked for. Waits for the relay; no transaction may be open."""
    if not limits.take(PREVIEWS, str(to.pk)):
        return None
    subject = words.subject or f"SMS, {what}"
    mail = replace(words, subject=one_line(f"[Preview] {subject}"), headers=(), unsubscribe_url="")
    if not words.html:
        mail = replace(mail, sender=letter_sender(organization.name, senders.mailbox()))
    recipient = Recipient(key=f"preview{secrets.token_hex(4)}.{to.pk}", address=to.email, token=TOKEN_PLACEHOLDER)
    (outcome,) = registry.transport_for(Channel.EMAIL).send(mail, [recipient], until=time.monotonic() + SECONDS)
    audit.record(organization, by=to, verb="previewed", target=f"message {what}", after={"verdict": outcome.verdict})
    return outcome


def _words(endpoint: Endpoint, channel: Channel) -> Words:
    if channel is Channel.WEBHOOK:
        body = {"meta": {"generated_at": clock.now().isoformat()}, "ripple": {"event": TEST_EVENT}}
        return Words(text=json.dumps([[TEST_EVENT, json.dumps(body)]]))
    return rendering.chat_words(_notice(endpoint), channel=channel)


def _notice(endpoint: Endpoint) -> Notice:
    organization = endpoint.organization.name
    return Notice(
        organization=organization,
        heading=f"[{organization}] A test: nothing is wrong",
        tone=Tone.PLANNED,
        text="Messages from the status page will look like this. Nobody needs to do anything.",
        notes=(),
        facts=(),
        url="",
        bridge_url="",
        footer=f"Sent by hand from {organization}'s console",
        thread="test",
        at=clock.now(),
    )
