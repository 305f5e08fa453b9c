"""Celery's doors to subscribers: one line of calling. A message says only that a file of people waits."""

from celery import shared_task

from subscribers.importing import asking, working


@shared_task(name="subscribers.go_on_importing")
def go_on_importing() -> int:
    return working.take_turn()


@shared_task(name="subscribers.go_on_asking")
def go_on_asking() -> int:
    return asking.go_on()
