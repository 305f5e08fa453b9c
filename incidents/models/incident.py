"""One thing that went wrong, from opening to resolution."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from incidents.windows import Window, due_move
from incidents.words import Impact, IncidentStatus, stage_label
from statuspage.kit.clock import ClockNow
from statuspage.kit.public_ids import PublicIdField
from statuspage.kit.templatetags.ripple import span
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Severity, User
from statuspage.organizations.plan import Plan
from statuspage.pages.models import Page, PageService, Service
from statuspage.pages.models.page import PageQuerySet
from statuspage.pages.status import ServiceStatus

OVER = [status.value for status in IncidentStatus if status.is_over]
OF_MAINTENANCE = [status.value for status in IncidentStatus if status.is_of_maintenance]


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> "IncidentQuerySet":
        return self.exclude(status__in=OVER)

    def planned_work(self) -> "IncidentQuerySet":
        """Maintenance: what was announced with a window."""
        return self.filter(scheduled_for__isnull=False)

    def unplanned_work(self) -> "IncidentQuerySet":
        return self.filter(scheduled_for=None)

    def public(self) -> "IncidentQuerySet":
        """Those the world may know of: they have had a public message."""
        return self.filter(public_at__isnull=False)

    def on_page(self, page: Page) -> "IncidentQuerySet":
        """Public incidents that touch, or touched, one of the page's services, or were put there by hand."""
        return self.public().touching(page).distinct()

    def touching(self, page: Page) -> "IncidentQuerySet":
        """Public or not: those that belong on the page once they are public. May hold doubles."""
        shown = PageService.objects.filter(page=page).values("service")
        touched = AffectedService.objects.filter(service__in=shown).values("incident")
        return self.filter(Q(id__in=touched) | Q(put_on_pages=page))

    def unplanned(self) -> "IncidentQuerySet":
        """Updates were posted that the rings have not been moved by yet."""
        return self.filter(planned_number__lt=F("last_number"))


IncidentManager = TenantManager.from_queryset(IncidentQuerySet)


class Incident(models.Model):
    """The row every change of an incident locks first (R8 in docs/rules.md).

    `started_at` is what people read and may be set earlier; delays count from `clock_started_at`, which nobody sets.
    `plan` is the communication plan frozen at opening, so that a change of plan or ring order cannot leak notes.

    One with a window (`scheduled_for` to `scheduled_until`) is a maintenance. Its last part, `verify_for`, is spent
    looking whether all went well. `next_move_at` is the nearest instant at which it moves by itself, or reminds.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="incidents", db_constraint=False
    )
    public_id = PublicIdField()
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    public_title = models.CharField(max_length=255)
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    status = models.CharField(
        max_length=16, choices=IncidentStatus.choices(), default=IncidentStatus.INVESTIGATING.value
    )
    impact = models.CharField(max_length=11, choices=Impact.choices(), default=Impact.NONE.value)
    is_told_anyway = models.BooleanField(
        default=False, help_text="Security or data loss: a quick end is still told to everyone"
    )
    started_at = models.DateTimeField()
    clock_started_at = models.DateTimeField()
    public_at = models.DateTimeField(null=True, help_text="When the first public message was posted")
    monitoring_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    next_update_at = models.DateTimeField(null=True)
    expected_fix_at = models.DateTimeField(null=True)
    scheduled_for = models.DateTimeField(null=True)
    scheduled_until = models.DateTimeField(null=True)
    verify_for = models.DurationField(default=timedelta(0))
    remind_before = ArrayField(models.DurationField(), default=list)
    next_move_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    commander = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    bridge_url = models.URLField(blank=True)
    put_on_pages = models.ManyToManyField(
        Page, blank=True, related_name="+", help_text="By hand, besides those its services are on"
    )
    plan = models.JSONField()
    last_number = models.PositiveIntegerField(default=0)
    planned_number = models.PositiveIntegerField(default=0)
    submission_id = models.UUIDField()
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())

    objects = IncidentManager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("organization", "number", name="one_incident_per_number"),
            models.UniqueConstraint("organization", "submission_id", name="one_incident_per_submission"),
            models.CheckConstraint(
                condition=Q(planned_number__lte=F("last_number")), name="nothing_is_planned_before_it_is_posted"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | ~Q(status__in=OVER), name="resolved_incidents_say_when"
            ),
            models.CheckConstraint(
                condition=Q(scheduled_for=None, scheduled_until=None) | Q(scheduled_for__lt=F("scheduled_until")),
                name="a_window_has_a_beginning_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(next_move_at=None) | Q(scheduled_for__isnull=False), name="only_maintenance_moves_by_itself"
            ),
            models.CheckConstraint(
                condition=Q(scheduled_for=None)
                | Q(next_move_at=None, status="completed")
                | (Q(next_move_at__isnull=False) & ~Q(status="completed")),
                name="maintenance_moves_until_it_is_over",
            ),
            models.CheckConstraint(
                condition=Q(scheduled_for__isnull=False, status__in=OF_MAINTENANCE)
                | (Q(scheduled_for=None) & ~Q(status__in=OF_MAINTENANCE)),
                name="maintenance_has_stages_of_its_own",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(status="completed"), name="what_is_cancelled_is_over"
            ),
        ]
        indexes = [
            models.Index("id", condition=Q(planned_number__lt=F("last_number")), name="incidents_waiting_for_planning"),
            models.Index("organization", "status", name="incidents_by_status"),
            models.Index("next_move_at", condition=Q(next_move_at__isnull=False), name="maintenance_by_next_move"),
        ]

    def __str__(self) -> str:
        return f"incident {self.number}"

    @property
    def frozen_plan(self) -> Plan:
        return Plan.from_json(self.plan)

    @property
    def is_open(self) -> bool:
        return not self.stage.is_over

    @property
    def is_maintenance(self) -> bool:
        return self.scheduled_for is not None

    @property
    def is_under_way(self) -> bool:
        """A maintenance that has begun and is not over."""
        return self.stage in {IncidentStatus.IN_PROGRESS, IncidentStatus.VERIFYING}

    @property
    def stage(self) -> IncidentStatus:
        return IncidentStatus(self.status)

    @property
    def stage_label(self) -> str:
        """What people read of it."""
        return stage_label(self.stage, is_cancelled=self.cancelled_at is not None)

    @property
    def window(self) -> Window | None:
        """When it moves by itself; None for what nobody planned."""
        if self.scheduled_for is None or self.scheduled_until is None:
            return None
        return Window(
            begins_at=self.scheduled_for,
            ends_at=self.scheduled_until,
            verify_for=self.verify_for,
            remind_before=tuple(self.remind_before),
        )

    @property
    def window_words(self) -> str:
        """For the console, which speaks UTC. Empty for what nobody planned."""
        return span(self.scheduled_for, self.scheduled_until) if self.scheduled_for and self.scheduled_until else ""

    @property
    def next_move_words(self) -> str:
        """What it does by itself at `next_move_at`."""
        if self.window is None or self.next_move_at is None:
            return ""
        return due_move(self.window, stage=self.stage, now=self.next_move_at).label

    def take_window(self, window: Window) -> None:
        """Until it begins, the planned beginning is the one people read."""
        self.scheduled_for, self.scheduled_until = window.begins_at, window.ends_at
        self.verify_for, self.remind_before = window.verify_for, list(window.remind_before)
        if self.stage is IncidentStatus.SCHEDULED:
            self.started_at = window.begins_at

    def pages(self) -> PageQuerySet:
        """The pages it is on once it is public."""
        services = self.affected.values("service")
        return Page.objects.filter(Q(shown__service__in=services) | Q(id__in=self.put_on_pages.values("id"))).distinct()

    def first_page(self) -> Page | None:
        """Where a link to it leads that is not for the subscribers of one page."""
        return self.pages().prefetch_related("hosts").order_by("id").first()


class AffectedService(models.Model):
    """A service the incident touched, and what the incident makes of it at present."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected", db_constraint=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="affected_by", db_constraint=False)
    status = models.CharField(max_length=24, choices=ServiceStatus.choices())

    objects = TenantManager["AffectedService"]()

    class Meta:
        ordering = ["service__position", "service_id"]
        constraints = [models.UniqueConstraint("incident", "service", name="a_service_once_per_incident")]

    @property
    def state(self) -> ServiceStatus:
        return ServiceStatus(self.status)
