"""Machines and rooms hear what their ring hears: signed, in order, never superseded, and nobody waits for them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from standardwebhooks.webhooks import Webhook

from notifications import giving_notice, planning, replaying
from notifications.models import Chunk, Delivery, DeliveryState
from statuspage.demo.sinks import Caught
from statuspage.kit import clock, queues
from statuspage.kit.targets import REFUSAL
from statuspage.organizations.models import AuditEntry, Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.status import ServiceStatus
from subscribers import endpoints
from subscribers.models import Address, Endpoint
from tests.engine import Engine
from tests.makers import Cast, change_severity, make_subscribers, note, open_incident, outage, post, resolve
from tests.timeline import Timeline

SLACK = "https://hooks.slack.com/services/T0/B0"
TEAMS = "https://prod-1.westeurope.logic.azure.com/workflows/1/triggers"
DISCORD = "https://discord.com/api/webhooks/1"
GOOGLE = "https://chat.googleapis.com/v1/spaces/1/messages"


def add(cast: Cast, ring: str, url: str, channel: Channel = Channel.WEBHOOK) -> endpoints.Added:
    row = Ring.objects.get(key=ring)
    return endpoints.add(
        cast.organization, f"{channel.label} of {ring}", channel=channel, url=url, ring=row, by=cast.owner
    )


def retry_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notifications_delivery SET due_at = clock_timestamp() WHERE state < 10")
        cursor.execute("UPDATE notifications_chunk SET due_at = clock_timestamp() WHERE state = 'waiting'")


def heard(engine: Engine, url: str) -> list[Caught]:
    return [caught for caught in engine.caught() if caught.to.startswith(url)]


def bodies(engine: Engine, url: str) -> list[Any]:
    return [json.loads(caught.text) for caught in heard(engine, url)]


def test_a_machine_hears_of_an_incident_in_statuspages_own_shape(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    added = add(acme, "customers", "https://hooks.acme.example/x")
    make_subscribers(acme.page, 3)
    incident = open_incident(
        acme, body="Some *payments* fail.", services=outage(acme.checkout), notes=(note("Inner.", 2),)
    )
    timeline.to("10:10")
    first, second = heard(engine, "https://hooks.acme.example/x")
    assert (first.subject, second.subject) == ("incident.created", "component.updated")
    for caught in (first, second):
        Webhook(added.secret).verify(caught.text.encode(), {k.lower(): v for k, v in caught.headers.items()})
    told = json.loads(first.text)
    assert list(told) == ["meta", "page", "incident", "ripple"]
    assert told["incident"]["name"] == "Trouble with payments"
    assert told["incident"]["id"] == incident.public_id
    assert told["incident"]["incident_updates"][0]["body"] == "Some payments fail."
    assert told["incident"]["components"][0]["name"] == "Acme checkout"
    assert told["page"]["status_description"] == "Minor Service Outage"
    assert "Inner." not in first.text
    change = json.loads(second.text)
    assert list(change) == ["meta", "page", "component", "component_update"]
    assert change["component_update"]["old_status"] == "operational"
    assert change["component_update"]["new_status"] == change["component"]["status"] == "partial_outage"
    assert told["meta"]["unsubscribe"].startswith("http")
    assert "Placeholder" not in first.text


def test_rooms_of_a_ring_hear_whatever_the_plans_channels_are_and_inner_rooms_read_notes(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    add(acme, "support", f"{SLACK}/s", Channel.SLACK)
    add(acme, "execs", f"{TEAMS}/t", Channel.TEAMS)
    add(acme, "customers", f"{DISCORD}/d", Channel.DISCORD)
    add(acme, "customers", f"{GOOGLE}?key=k&token=t", Channel.GOOGLE_CHAT)
    open_incident(
        acme,
        body="Some payments fail.",
        services=outage(acme.checkout),
        notes=(note("Say we are on it.", 1), note("Cost: much.", 2)),
    )
    timeline.to("10:11")
    (slack,), (teams,) = heard(engine, SLACK), heard(engine, TEAMS)
    (discord,), (google,) = heard(engine, DISCORD), heard(engine, GOOGLE)
    assert "Say we are on it." in slack.text
    assert "Cost: much." in teams.text
    for outer in (discord, google):
        assert "Say we" not in outer.text
        assert "Payments are failing" not in outer.text, "the inner title"
        assert "SEV" not in outer.text
        assert "Next update" in outer.text
    assert engine.to("https://nobody.example") == []


def test_every_update_reaches_a_machine_in_order_while_a_room_may_skip(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    add(acme, "customers", "https://hooks.acme.example/trouble-once")
    incident = open_incident(acme, body="One.", services=outage(acme.checkout))
    timeline.to("10:10")
    assert heard(engine, "https://hooks.acme.example") == []
    post(acme, incident, "Two.")
    timeline.to("10:40")
    assert heard(engine, "https://hooks.acme.example") == [], "the second waits for the first"
    resolve(acme, incident, "Three.")
    timeline.to("10:41")
    retry_now()
    engine.settle()
    for _ in range(3):
        retry_now()
        engine.settle()
    told = [body["incident"] for body in bodies(engine, "https://hooks.acme.example") if "incident" in body]
    assert [one["incident_updates"][0]["body"] for one in told] == ["One.", "Two.", "Three."]
    assert [len(one["incident_updates"]) for one in told] == [1, 2, 3]
    assert [one["status"] for one in told] == ["investigating", "investigating", "resolved"]


def test_one_machine_that_fails_holds_up_no_other(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    add(acme, "customers", "https://bad.example/trouble")
    add(acme, "customers", "https://good.example/x")
    incident = open_incident(acme, body="One.", services=outage(acme.checkout))
    timeline.to("10:10")
    post(acme, incident, "Two.")
    timeline.to("10:40")
    kinds = [caught.subject for caught in heard(engine, "https://good.example")]
    assert kinds == ["incident.created", "component.updated", "incident.updated"]


def test_a_service_that_changes_twice_within_one_message_is_told_once(
    acme: Cast, timeline: Timeline, engine: Engine
) -> None:
    add(acme, "customers", "https://hooks.acme.example/x")
    incident = open_incident(
        acme, body="One.", services=outage(acme.checkout, status=ServiceStatus.DEGRADED_PERFORMANCE)
    )
    post(acme, incident, "Two.", services=outage(acme.checkout, status=ServiceStatus.MAJOR_OUTAGE))
    timeline.to("10:10")
    (change,) = [body for body in bodies(engine, "https://hooks.acme.example") if "component_update" in body]
    assert change["component_update"]["old_status"] == "operational"
    assert change["component_update"]["new_status"] == "major_outage"


def test_an_inner_machine_reads_what_its_ring_reads(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    add(acme, "support", "https://inner.example/x")
    incident = open_incident(acme, notes=(note("Only inside.", 1),))
    change_severity(acme, incident, "sev2", notes=(note("Less bad.", 1),))
    timeline.to("10:03")
    (told, *_rest) = bodies(engine, "https://inner.example")
    assert told["incident"]["name"] == "Payments are failing"
    assert {note["text"] for note in told["ripple"]["notes"]} == {"Only inside.", "Less bad."}
    assert told["incident"]["incident_updates"][0]["body"] == ""


def test_a_profile_posts_the_public_message_only_and_the_link(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    customers, support = (Ring.objects.get(key=key) for key in ("customers", "support"))
    url, given = "https://social.example/@social", {"channel": Channel.MASTODON, "token": "a token", "by": acme.owner}
    with pytest.raises(ValidationError, match="open ring"):
        endpoints.add(acme.organization, "Us", url=url, ring=support, **given)  # type: ignore[arg-type]
    endpoints.add(acme.organization, "Us", url=url, ring=customers, **given)  # type: ignore[arg-type]
    open_incident(acme, body="Some payments fail.", services=outage(acme.checkout), notes=(note("Inner.", 3),))
    timeline.to("10:10")
    (caught,) = heard(engine, url)
    assert caught.headers["Authorization"] == "Bearer a token"
    said = json.loads(caught.text)["status"]
    assert said.startswith("[Acme] Investigating: Trouble with payments")
    assert "Some payments fail." in said
    assert "/incidents/" in said.splitlines()[-1]
    assert "Inner." not in caught.text


class TestHealth:
    def test_five_days_of_failure_switch_it_off_and_people_are_told_once(
        self, acme: Cast, timeline: Timeline, engine: Engine
    ) -> None:
        row = add(acme, "customers", "https://hooks.acme.example/trouble").endpoint
        open_incident(acme, body="One.", services=outage(acme.checkout))
        timeline.to("10:10")
        row.refresh_from_db()
        assert row.failing_since == clock.now()
        assert "trouble" in row.failing_because
        Endpoint.objects.filter(pk=row.pk).update(failing_since=clock.now() - timedelta(days=5))
        retry_now()
        engine.settle()
        row.refresh_from_db()
        assert row.switched_off_because == "nothing was taken for five days"
        assert Address.objects.get(pk=row.address_id).stopped_at
        assert giving_notice.give_all() == 1
        assert giving_notice.give_all() == 0
        (letter,) = mail.outbox
        assert letter.to == [acme.owner.email]
        assert "/endpoints/" in letter.body
        assert AuditEntry.objects.filter(verb="switched off", by=None).exists()

    def test_one_that_is_gone_is_switched_off_at_once_and_on_again_by_hand(
        self, acme: Cast, timeline: Timeline, engine: Engine
    ) -> None:
        row = add(acme, "customers", f"{SLACK}/missing", Channel.SLACK).endpoint
        incident = open_incident(acme, body="One.", services=outage(acme.checkout))
        timeline.to("10:10")
        row.refresh_from_db()
        assert row.switched_off_at
        Address.objects.filter(pk=row.address_id).update(value=f"{SLACK}/mended")
        endpoints.switch_on(row, by=acme.owner)
        resolve(acme, incident, "Done.")
        timeline.to("10:31")
        assert "Done." in heard(engine, f"{SLACK}/mended")[0].text

    def test_success_ends_a_run_of_failures(self, acme: Cast, timeline: Timeline, engine: Engine) -> None:
        row = add(acme, "customers", "https://hooks.acme.example/trouble-once").endpoint
        open_incident(acme, body="One.", services=outage(acme.checkout))
        timeline.to("10:10")
        retry_now()
        engine.settle()
        row.refresh_from_db()
        assert (row.failing_since, row.failing_because) == (None, "")
        assert row.last_taken_at == clock.now()


class TestReplaying:
    def test_a_machine_is_told_again_under_the_same_id(self, acme: Cast, timeline: Timeline, engine: Engine) -> None:
        row = add(acme, "customers", "https://hooks.acme.example/x").endpoint
        open_incident(acme, body="One.")
        timeline.to("10:10")
        (delivery,) = Delivery.objects.filter(address_id=row.address_id)
        assert replaying.replay(row, delivery.broadcast_id, by=acme.owner)
        engine.settle()
        first, second = heard(engine, "https://hooks.acme.example")
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert first.text == second.text

    def test_what_is_still_on_its_way_is_not(self, acme: Cast, timeline: Timeline, engine: Engine) -> None:
        row = add(acme, "customers", "https://hooks.acme.example/trouble").endpoint
        open_incident(acme, body="One.")
        timeline.to("10:10")
        (delivery,) = Delivery.objects.filter(address_id=row.address_id)
        assert delivery.state == DeliveryState.RETRY_WAIT
        assert not replaying.replay(row, delivery.broadcast_id, by=acme.owner)


class TestSecrets:
    def test_are_sealed_in_the_database_and_rotate_with_a_day_of_both(self, acme: Cast, timeline: Timeline) -> None:
        added = add(acme, "customers", "https://hooks.acme.example/x")
        row = added.endpoint
        assert added.secret.removeprefix("whsec_")[:20] not in row.sealed_secret
        new = endpoints.rotate(row, by=acme.owner)
        now = clock.now()
        assert endpoints.secrets_of([row.address_id], now=now)[row.address_id] == (new, added.secret)
        later = now + timedelta(hours=24)
        assert endpoints.secrets_of([row.address_id], now=later)[row.address_id] == (new,)

    @pytest.mark.parametrize("url", ["http://hooks.acme.example/", "https://127.0.0.1/", "https://localhost/", "x"])
    def test_an_address_that_is_never_called_is_not_taken(self, acme: Cast, url: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            add(acme, "customers", url)
        assert refusal.value.messages == [REFUSAL]


def test_endpoints_have_a_lane_of_their_own(acme: Cast, timeline: Timeline, engine: Engine) -> None:
    add(acme, "on_call", f"{SLACK}/x", Channel.SLACK)
    open_incident(acme, body="One.", services=outage(acme.checkout))
    while planning.plan_next():
        pass
    assert list(Chunk.objects.filter(channel="slack").values_list("lane", flat=True)) == [queues.WEBHOOK]
