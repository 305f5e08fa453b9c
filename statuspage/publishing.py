"""PLACEHOLDER by the lead so that the dispatcher can be tried; the publishing helper replaces this whole file."""

from django.db.models import F

from statuspage.kit.tenancy import across_organizations
from statuspage.pages.models import Page


def publish_outdated() -> None:
    with across_organizations():
        Page.objects.outdated().update(published_revision=F("revision"))
