"""An admin writes messages in the organization's own words, sees them as they will be read, and goes back."""

import html as entities
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from notifications import planning
from notifications.models import MessageTemplate
from notifications.trying_out import PREVIEWS
from statuspage.kit import clock
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry
from subscribers.models import Person
from tests.console.browsing import enter
from tests.engine import Engine
from tests.makers import Cast, change_severity, make_person, note, open_incident, outage, resolve, subscribe
from tests.timeline import Timeline, instant

FIRST = "/o/acme/messages/first/customers/email/en/"
EVERY = "/o/acme/messages/first/*/email/en/"
SMS = "/o/acme/messages/first/customers/sms/en/"
WORDS = {
    "subject": "{organization} has trouble: {title}",
    "body": "Dear customer,\r\n\r\n{words}\r\n\r\n{expected_fix}\r\n\r\n{next_update}\r\n\r\n{page_link}\r\n\r\n"
    "Yours, {organization}",
}


def post(client: Client, address: str, *, status: int = 303, **words: str) -> str:
    answer = client.post(address, {**WORDS, **words})
    assert answer.status_code == status, answer.content.decode()
    return entities.unescape(answer.content.decode())


def customers(acme: Cast) -> None:
    for address, language in {"english@example.com": "en", "deutsch@example.com": "de"}.items():
        person = make_person(acme.organization, address, confirmed_at=instant("09:00"))
        Person.objects.filter(pk=person.pk).update(language=language)
        subscribe(person, acme.page)


def test_customers_hear_in_the_owners_words_until_they_are_given_up(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    customers(acme)
    make_person(acme.organization, "otto@acme.test", ring="on_call", confirmed_at=instant("09:00"))
    client = enter(acme.owner)
    post(client, EVERY, subject="For all: {title}", body="Hello.\n\n{next_update}\n\n{page_link}")
    post(client, FIRST)
    notes = (note("Roll back.", 0),)
    open_incident(acme, body="Some payments *fail*.", services=outage(acme.checkout), notes=notes)
    timeline.to("10:01")
    (inner,) = engine.to("otto@acme.test")
    assert inner.subject == "For all: Payments are failing"
    assert "For On-call: Roll back." in inner.text, "what a ring must not miss is added"

    clock.move_to(instant("10:10"))
    while planning.plan_next():
        pass  # released, and not sent yet
    post(client, FIRST, subject="Too late: {title}")
    engine.settle()
    (english,), (german,) = engine.to("english@example.com"), engine.to("deutsch@example.com")
    assert english.subject == "Acme has trouble: Trouble with payments"
    assert english.text.startswith("Dear customer,\n\nSome payments fail.\n\nNext update by 10:30 UTC.")
    assert "Yours, Acme" in english.text
    assert "Some payments <em>fail</em>.</p>" in english.html, "alone in its paragraph: as posted"
    for part in (english.text, english.html):
        assert "Stop these messages" in part
        assert "Roll back" not in part
        assert "SEV1" not in part
    assert german.subject == "[Acme] Wird untersucht: Trouble with payments", "no own words in this language"

    screen = client.get(FIRST).content.decode()
    assert "Shown with incident 1, as Customers heard it" in screen
    assert client.post(f"{FIRST}removal/").status_code == 303
    assert list(MessageTemplate.objects.values_list("ring", flat=True)) == [None]
    assert "Every ring, E-mail, English" in client.get("/o/acme/messages/").content.decode()
    verbs = AuditEntry.objects.filter(target__startswith="message").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["worded", "worded", "worded", "unworded"]
    last = AuditEntry.objects.filter(verb="unworded").get()
    assert last.before == {"subject": "Too late: {title}", "body": WORDS["body"].replace("\r\n", "\n")}


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(acme: Cast) -> None:
    client = enter(acme.owner)
    for typed, sentence in [
        ("{titel} {next_update} {page_link}", "{titel} is no placeholder: did you mean {title}?"),
        ("{severity} {next_update} {page_link}", "{severity} is for inner rings only"),
        ("<b>{words} {next_update} {page_link}", ""),
    ]:
        screen = post(client, FIRST, body=typed, status=422 if sentence else 303)
        if sentence:
            assert sentence in screen
            assert typed in screen
    assert MessageTemplate.objects.count() == 1
    long = post(client, SMS, body="{title} {next_update} {page_link}" + "x" * 300, status=422)
    assert "With ordinary values this takes 3 SMS; 2 are the most" in long
    assert "let only 70" in post(client, SMS, body="☃{title} {next_update} {page_link}" + "x" * 80, status=422)
    post(client, SMS, body="{title} {next_update} {page_link}")
    assert MessageTemplate.objects.get(channel="sms").subject == ""


def test_the_preview_is_what_would_be_sent_and_writes_nothing(acme: Cast) -> None:
    client = enter(acme.owner)
    fragment = client.post(f"{FIRST}preview/", WORDS, headers={"HX-Request": "true"})
    shown = entities.unescape(fragment.content.decode())
    assert "Shown with a sample: Customers has not heard such a message yet." in shown
    assert "Acme has trouble: Card payments are failing" in shown
    assert "Dear customer," in shown
    assert "<html" not in shown.partition("srcdoc")[0], "a fragment"
    assert "style-src 'self' 'unsafe-inline'" in client.get(FIRST)["Content-Security-Policy"]
    assert "unsafe-inline" not in client.get("/o/acme/messages/")["Content-Security-Policy"]
    assert "{nope} is no placeholder" in post(client, f"{FIRST}preview/", body="{nope}", status=200)
    sms = post(client, f"{SMS}preview/", body="{title}: {next_update} {page_link}", status=200)
    assert "1 SMS" in sms
    hostile = post(client, f"{FIRST}preview/", body="<script>alert(1)</script>" + WORDS["body"], status=200)
    assert (
        "<script>alert" not in client.post(f"{FIRST}preview/", {**WORDS, "body": "<script>alert(1)"}).content.decode()
    )
    assert "&lt;script&gt;alert(1)" in hostile, "escaped within the mail, too"
    assert MessageTemplate.objects.count() == 0


def test_a_preview_goes_to_whoever_asks_and_not_without_end(acme: Cast, engine: Engine) -> None:
    client = enter(acme.owner)
    assert "on its way to owner@acme.test" in post(client, f"{FIRST}trial/", status=200)
    (mail,) = engine.to("owner@acme.test")
    assert mail.subject == "[Preview] Acme has trouble: Card payments are failing"
    assert "Dear customer," in mail.text
    assert "Stop these messages" in mail.html
    post(client, f"{SMS}trial/", body="{title}: {next_update} {page_link}", status=200)
    sms = engine.to("owner@acme.test")[-1]
    assert sms.subject == "[Preview] SMS, First word, Customers, SMS, English"
    assert sms.text.startswith("Card payments are failing: Next update by")
    for _ in range(PREVIEWS.most - 2):
        post(client, f"{FIRST}trial/", status=200)
    assert "many previews" in post(client, f"{FIRST}trial/", status=200)
    assert len(engine.to("owner@acme.test")) == PREVIEWS.most


def test_a_row_broken_by_hand_stops_no_release(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    customers(acme)
    post(enter(acme.owner), FIRST)
    MessageTemplate.objects.update(body="{severity} {oops")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:11")
    (english,) = engine.to("english@example.com")
    assert english.subject == "[Acme] Investigating: Trouble with payments"


@pytest.mark.parametrize("place", ["nope/*/email/en", "first/nope/email/en", "first/*/webhook/en", "first/*/email/tlh"])
def test_what_does_not_exist_is_not_found(acme: Cast, place: str) -> None:
    assert enter(acme.owner).get(f"/o/acme/messages/{place}/").status_code == 404


def test_every_kind_opens_with_a_preview_for_every_ring(acme: Cast) -> None:
    incident = open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    change_severity(acme, incident, "sev2")
    resolve(acme, incident)
    client = enter(acme.owner)
    listed = client.get("/o/acme/messages/").content.decode()
    assert "Ripple&#x27;s words" in listed or "Ripple's words" in listed
    found = client.get("/o/acme/messages/?kind=first&ring=*&channel=email&language=de")
    assert found.headers["Location"] == "/o/acme/messages/first/*/email/de/"
    for kind in ("first", "update", "severity", "resolved", "summary", "maintenance"):
        for ring, channel in (("*", "email"), ("on_call", "sms"), ("customers", "email")):
            screen = client.get(f"/o/acme/messages/{kind}/{ring}/{channel}/de/")
            assert screen.status_code == 200
            assert 'role="status"' not in screen.content.decode().partition('class="drawn"')[2], "no refusal"


def test_the_database_keeps_one_wording_per_place_and_within_the_organization(acme: Cast, neighbour: Cast) -> None:
    row: dict[str, Any] = {"organization": acme.organization, "kind": "first", "channel": "email", "language": "en"}
    MessageTemplate.objects.create(**row, subject="{title}", body="x")
    with scope(organization=neighbour.organization):
        foreign = neighbour.organization.rings.get(key="support")
    broken: list[tuple[dict[str, Any], str]] = [
        ({"subject": "{title}", "body": "y"}, "one_wording_per_kind_ring_channel_and_language"),
        ({"subject": "", "body": "y", "kind": "update"}, "a_mail_has_a_subject_and_an_sms_has_none"),
        ({"subject": "{title}", "body": "", "kind": "update"}, "own_words_are_words"),
        ({"subject": "", "body": "y", "channel": "slack"}, "a_mail_has_a_subject_and_an_sms_has_none"),
        (
            {"kind": "update", "subject": "s", "body": "y", "ring": foreign},
            "messagetemplate_ring_of_the_same_organization",
        ),
    ]
    for fields, name in broken:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            MessageTemplate.objects.create(**(row | fields))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
