"""Where one ring stands on one incident: the columns of rings.RingState, and nothing the machine does not know."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from incidents.models import Incident
from notifications import rings
from statuspage.kit.tenancy import TenantManager
from statuspage.organizations.models import Organization, Ring
from statuspage.organizations.plan import Channel


class RingStateQuerySet(models.QuerySet["RingState"]):
    def due(self, now: datetime) -> "RingStateQuerySet":
        return self.filter(due_at__lte=now)


RingStateManager = TenantManager.from_queryset(RingStateQuerySet)


class RingState(models.Model):
    """Hold (R13) and acknowledgement will be columns beside `state`; the machine does not know them yet."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="ring_states", db_constraint=False)
    ring = models.ForeignKey(Ring, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    state = models.CharField(max_length=16, choices=[(state.value, state.value) for state in rings.State])
    severity_key = models.SlugField(max_length=40)
    due_at = models.DateTimeField(null=True)
    wants_words = models.BooleanField(default=False)
    pending = models.CharField(max_length=10, blank=True)
    is_important = models.BooleanField(default=False)
    concerned_number = models.PositiveIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)
    next_ok_at = models.DateTimeField(null=True)
    speak_by = models.DateTimeField(null=True)
    told_channels = ArrayField(models.CharField(max_length=16), default=list)

    objects = RingStateManager()

    class Meta:
        constraints = [models.UniqueConstraint("incident", "ring", name="one_ring_state_per_incident_and_ring")]
        indexes = [models.Index("due_at", condition=Q(due_at__isnull=False), name="ring_states_by_nearest_time")]

    def as_values(self) -> rings.RingState:
        return rings.RingState(
            state=rings.State(self.state),
            severity=self.severity_key,
            due_at=self.due_at,
            wants_words=self.wants_words,
            pending=rings.Kind(self.pending) if self.pending else None,
            is_important=self.is_important,
            concerned_number=self.concerned_number,
            last_number=self.last_number,
            next_ok_at=self.next_ok_at,
            speak_by=self.speak_by,
            told_channels=frozenset(Channel(name) for name in self.told_channels),
        )

    def take_over(self, values: rings.RingState) -> None:
        """Write what the machine decided. The caller holds the incident's lock."""
        self.state = values.state.value
        self.severity_key = values.severity
        self.due_at = values.due_at
        self.wants_words = values.wants_words
        self.pending = values.pending.value if values.pending else ""
        self.is_important = values.is_important
        self.concerned_number = values.concerned_number
        self.last_number = values.last_number
        self.next_ok_at = values.next_ok_at
        self.speak_by = values.speak_by
        self.told_channels = sorted(channel.value for channel in values.told_channels)
        self.save()
