"""What is shown: a page, and the services on it."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q

from statuspage.kit import clock
from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization
from statuspage.pages.audience import Audience
from statuspage.pages.languages import LANGUAGES
from statuspage.pages.models.service import Service


def english() -> list[str]:
    return ["en"]


class PageQuerySet(models.QuerySet["Page"]):
    def showing(self, services: Iterable[Service]) -> "PageQuerySet":
        return self.filter(shown__service__in=services).distinct()

    def published(self) -> "PageQuerySet":
        """Those that are files. Pages that not everybody may see are never written there."""
        return self.filter(audience=Audience.PUBLIC.value)

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
    """One status page: what it shows, how it looks, and who may look.

    `languages[0]` stands at the page's own addresses, the others below /<language>. `accent` and `accent_dark` are what
    the owner chose; colours.py makes them readable where they are used. Empty means the house's own blue, and for
    `accent_dark` whatever `accent` becomes on a dark page. `key_number` is part of everything that lets somebody see
    more than the public does: raising it takes all of that back at once.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="pages")
    public_id = PublicIdField()
    name = models.CharField(max_length=100)
    zone = models.CharField(max_length=40, default="Etc/UTC", help_text="IANA name, for example Europe/Berlin")
    support_url = models.URLField(blank=True)
    languages = ArrayField(models.CharField(max_length=10, choices=LANGUAGES), default=english)
    intro = models.TextField(blank=True, max_length=2000, help_text="Markdown, below the headline")
    links = models.JSONField(default=list, help_text="For the footer: a list of {label, url}")
    security_contact = models.CharField(max_length=255, blank=True, help_text="For security.txt: mailto: or https:")
    is_found_by_search = models.BooleanField(default=True)
    incident_raises_indicator = models.BooleanField(
        default=False, help_text="Statuspage's readers are told of trouble by open incidents, too, not by services only"
    )
    accent = models.CharField(max_length=7, blank=True)
    accent_dark = models.CharField(max_length=7, blank=True)
    audience = models.CharField(max_length=12, choices=Audience.choices(), default=Audience.PUBLIC.value)
    password = models.CharField(max_length=128, blank=True, help_text="Hashed; for the audience “password”")
    email_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    networks = ArrayField(models.CharField(max_length=43), default=list, blank=True)
    key_number = models.PositiveIntegerField(default=1)
    revision = models.BigIntegerField(default=1)
    published_revision = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())
    services = models.ManyToManyField(Service, through="PageService", related_name="pages")

    objects = PageManager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(languages=[]), name="a_page_has_a_language"),
            models.CheckConstraint(
                condition=~Q(audience="password") | ~Q(password=""), name="a_page_with_a_password_has_one"
            ),
        ]
        indexes = [
            models.Index("id", condition=Q(published_revision__lt=F("revision")), name="pages_waiting_to_be_published")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_public(self) -> bool:
        """Only then is it a set of files."""
        return self.audience == Audience.PUBLIC.value

    def language_root(self, language: str) -> str:
        """What stands before every address of its edition in `language`: "/de", and "" for its own language and for
        one that it does not speak."""
        return f"/{language}" if language in self.languages[1:] else ""

    @property
    def url(self) -> str:
        """Where it is found: the canonical host, as stored, never as a request claimed it."""
        host = next((host for host in self.hosts.all() if host.is_canonical and host.is_served), None)
        return host.url if host else ""


class PageService(models.Model):
    """A service on a page."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="shown", db_constraint=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="shown_on", db_constraint=False)

    objects = TenantManager["PageService"]()

    class Meta:
        constraints = [models.UniqueConstraint("page", "service", name="a_service_once_per_page")]
