"""Whoever holds a maintenance is left alone, and nobody waits for them."""

from datetime import timedelta

from django.db import connections, transaction

from incidents import moving
from incidents.models import Incident
from statuspage.kit import clock
from tests.makers import Cast, schedule


def due(acme: Cast) -> Incident:
    begins_at = clock.now() + timedelta(hours=1)
    row = schedule(acme, acme.checkout, begins_at=begins_at, ends_at=begins_at + timedelta(hours=1))
    past = clock.now() - timedelta(minutes=1)
    Incident.objects.filter(pk=row.pk).update(scheduled_for=past, next_move_at=past)
    return row


def test_two_dispatchers_share_the_work(transactional_db: None, acme: Cast) -> None:
    held, free = due(acme), due(acme)
    other = connections.create_connection("default")
    try:
        with transaction.atomic(), other.cursor() as elsewhere:
            other.set_autocommit(False)
            elsewhere.execute("SELECT FROM incidents_incident WHERE id = %s FOR NO KEY UPDATE", [held.pk])
            assert moving.move_next()
            assert not moving.move_next(), "the other one is held"
            other.rollback()
        assert moving.move_next()
        assert not moving.move_next()
    finally:
        other.close()
    for row in (held, free):
        row.refresh_from_db()
        assert row.status == "in_progress"
        assert row.updates.count() == 2
