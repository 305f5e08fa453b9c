"""What is shown: a page, the hosts it answers to, and the services on it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from statuspage.kit import clock
from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.pages.models.service import Service


class PageQuerySet(models.QuerySet["Page"]):
    def showing(self, services: Iterable[Service]) -> "PageQuerySet":
        return self.filter(shown__service__in=services).distinct()

    def outdated(self) -> "PageQuerySet":
        """Something changed that is not published yet."""
        return self.filter(published_revision__lt=F("revision"))

    def touch(self) -> None:
        """Ask for these pages to be published again. The request is a column, so a crash cannot lose it."""
        rows = Page.objects.filter(pk__in=list(self.values_list("pk", flat=True)))
        with transaction.atomic():
            # In id order, so that two who touch the same pages cannot wait for each other for ever.
            list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
            rows.update(revision=F("revision") + 1, updated_at=ClockNow())
            clock.wake()


PageManager = TenantManager.from_queryset(PageQuerySet)


class Page(models.Model):
    """One public status page."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="pages")
    public_id = PublicIdField()
    name = models.CharField(max_length=100)
    zone = models.CharField(max_length=40, default="Etc/UTC", help_text="IANA name, for example Europe/Berlin")
    support_url = models.URLField(blank=True)
    revision = models.BigIntegerField(default=1)
    published_revision = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())
    services = models.ManyToManyField(Service, through="PageService", related_name="pages")

    objects = PageManager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index("id", condition=Q(published_revision__lt=F("revision")), name="pages_waiting_to_be_published")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        """Where it is found: the canonical host, as stored, never as a request claimed it."""
        host = next((host for host in self.hosts.all() if host.is_canonical and host.verified_at), None)
        port = f":{settings.PAGE_PORT}" if settings.PAGE_PORT else ""
        return f"{settings.PAGE_SCHEME}://{host.name}{port}" if host else ""


class Host(models.Model):
    """A host name a page answers to. Only verified ones are served and linked."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(max_length=253)
    is_canonical = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = TenantManager["Host"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_page_per_host_name"),
            models.UniqueConstraint("page", condition=Q(is_canonical=True), name="one_canonical_host_per_page"),
        ]

    def __str__(self) -> str:
        return self.name


class PageService(models.Model):
    """A service on a page."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="shown")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="shown_on")

    objects = TenantManager["PageService"]()

    class Meta:
        constraints = [models.UniqueConstraint("page", "service", name="a_service_once_per_page")]
