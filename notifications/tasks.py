"""Celery's doors: each is one line of calling, and running it twice, late or never changes nothing."""

from celery import shared_task

from notifications import answering, giving_notice, sending


@shared_task(name="notifications.drain")
def drain(lane: str) -> int:
    return sending.drain(lane)


@shared_task(name="notifications.give_notice")
def give_notice() -> int:
    return giving_notice.give_all()


@shared_task(name="notifications.answer")
def answer() -> int:
    return answering.answer_waiting()
