"""Celery's doors: each is one line of calling, and running it twice, late or never changes nothing."""

from celery import shared_task

from notifications import sending


@shared_task(name="notifications.drain")
def drain(lane: str) -> int:
    return sending.drain(lane)
