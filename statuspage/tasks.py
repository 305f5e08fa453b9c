"""Celery's door to publishing: one line of calling, and running it twice, late or never changes nothing."""

from celery import shared_task

from statuspage import publishing


@shared_task(name="statuspage.publish")
def publish() -> int:
    return publishing.publish_outdated()
