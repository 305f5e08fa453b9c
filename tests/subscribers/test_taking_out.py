"""Everybody as CSV, one person as JSON, and one person erased."""

import csv
import io
from datetime import timedelta

from django.test import Client

from notifications.models import Delivery
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry
from statuspage.organizations.plan import Channel
from subscribers import exporting
from subscribers.importing import agreeing, receiving, working
from subscribers.importing.models import Consent, ImportLine
from subscribers.models import Address, Person, Subscription, Suppression
from subscribers.suppressing import suppress
from tests.console.browsing import enter
from tests.makers import Cast, make_person, make_subscribers, open_incident, outage, subscribe
from tests.timeline import Timeline

PEOPLE = "/o/acme/people/"


def exported(owner: Client) -> list[dict[str, str]]:
    answer = owner.post(f"{PEOPLE}export/")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_everybody_is_exported_harmlessly_and_it_is_written_down(acme: Cast, neighbour: Cast) -> None:
    subscribe(make_person(acme.organization, "ann@x.example", "+491512345678", name="=cmd|' /C calc'!A0"), acme.page)
    subscribe(make_person(acme.organization, "bob@x.example"), acme.page, acme.checkout, acme.api)
    make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    suppress(acme.organization, channel=Channel.EMAIL, normalised="bob@x.example", reason="bounced")
    with scope(organization=neighbour.organization):
        make_person(neighbour.organization, "gina@globex.test", name="Gina")
    rows = exported(enter(acme.owner))
    assert [row["email"] or row["phone"] for row in rows] == [
        "ann@x.example",
        "'+491512345678",
        "bob@x.example",
        "otto@acme.test",
    ]
    assert rows[0]["name"].startswith("'=cmd")
    assert (rows[2]["services"], rows[2]["state"]) == ("Acme API; Acme checkout", "suppressed")
    assert (rows[3]["ring"], rows[3]["page"]) == ("On-call", "")
    assert AuditEntry.objects.get(verb="exported").by == acme.owner


def test_what_was_exported_can_be_imported_again(acme: Cast) -> None:
    subscribe(make_person(acme.organization, "ann@x.example", name="Ann"), acme.page, acme.checkout)
    subscribe(make_person(acme.organization, "+491512345678", name="-Bob"), acme.page)
    make_person(acme.organization, "otto@acme.test", ring="on_call", name="Otto")
    body = b"".join(enter(acme.owner).post(f"{PEOPLE}export/"))
    before = set(Address.objects.values_list("normalised", "person__name", "person__ring"))
    Person.objects.all().delete()
    file = receiving.receive(acme.page, "people.csv", [body], by=acme.owner)
    while working.step():
        pass
    agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    while working.step():
        pass
    assert set(Address.objects.values_list("normalised", "person__name", "person__ring")) == before
    chosen = Subscription.objects.get(address__normalised="ann@x.example")
    assert list(chosen.services.all()) == [acme.checkout]


def test_an_export_comes_a_stretch_at_a_time(acme: Cast, monkeypatch: object) -> None:
    make_subscribers(acme.page, 25)
    monkeypatch.setattr(exporting, "AT_ONCE", 10)  # type: ignore[attr-defined]
    rows = exporting.begin(acme.organization, by=acme.owner)
    assert len({row[2] for row in rows}) == 1 + 25


def test_one_person_reads_everything_and_is_erased(acme: Cast, timeline: Timeline) -> None:
    hour_ago = open_incident(acme, body="Earlier.").started_at - timedelta(hours=1)
    ann = make_person(acme.organization, "ann@x.example", name="Ann", confirmed_at=hour_ago)
    subscribe(ann, acme.page)
    suppress(acme.organization, channel=Channel.EMAIL, normalised="old@x.example", reason="unsubscribed")
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout))
    timeline.to("10:30")
    owner = enter(acme.owner)
    record = owner.post(f"{PEOPLE}{ann.public_id}/record/").json()
    assert (record["name"], record["addresses"][0]["value"]) == ("Ann", "ann@x.example")
    assert record["addresses"][0]["follows"][0]["services"] == "all"
    assert {message["state"] for message in record["messages"]} == {"accepted"}
    file = receiving.receive(acme.page, "people.csv", [b"email\nx\nann@x.example\nANN@x.example\n"], by=acme.owner)
    while working.step():
        pass
    assert ImportLine.objects.filter(file_id=file.pk).count() == 3
    told = Delivery.objects.count()
    Delivery.objects.update(reason="550 no such user ann@x.example")
    assert owner.post(f"{PEOPLE}{ann.public_id}/erasure/").status_code == 303
    assert not Address.objects.filter(normalised="ann@x.example").exists()
    assert not Person.objects.filter(name="Ann").exists()
    assert ImportLine.objects.filter(file_id=file.pk).count() == 1
    assert Delivery.objects.count() == told, "how many were told stays"
    assert not Delivery.objects.filter(reason__contains="ann@").exists()
    assert Suppression.objects.count() == 1
    assert AuditEntry.objects.get(verb="erased").target == f"person {ann.public_id}"
