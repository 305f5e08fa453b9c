"""Celery's doors to what the whole makes: one line of calling, and running it twice, late or never changes nothing."""

from celery import shared_task

from statuspage import publishing
from statuspage.kit import clock, names
from statuspage.organizations import inviting, vouching
from statuspage.pages import proving


@shared_task(name="statuspage.publish")
def publish() -> int:
    return publishing.publish_outdated()


@shared_task(name="statuspage.mail_invitations")
def mail_invitations() -> int:
    return inviting.mail_waiting()


@shared_task(name="statuspage.recheck_hosts")
def recheck_hosts() -> int:
    return proving.recheck(resolver=names.the_resolver(), now=clock.now())


@shared_task(name="statuspage.recheck_senders")
def recheck_senders() -> int:
    return vouching.recheck(resolver=names.the_resolver(), now=clock.now()) + vouching.give_notices()
