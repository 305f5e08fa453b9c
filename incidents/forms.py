"""What a commander types, checked and made into drafts. Forms validate; the stories write."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BoundField

from incidents.drafts import IncidentDraft, NoteDraft, UpdateDraft
from incidents.models import Incident, IncidentTemplate
from statuspage.kit.templatetags.ripple import in_words
from statuspage.organizations.models import Organization
from statuspage.organizations.models.communication_plan import plan_of
from statuspage.organizations.plan import Plan, PlanRing
from statuspage.pages.models import Service
from statuspage.pages.status import ServiceStatus

CHOICES_OF_MINUTES = (15, 30, 60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a form needs to know of the world: the plan in force, and the services with what the incident makes of them.

    `affected` is keyed by service id.
    """

    plan: Plan
    services: Sequence[Service]
    affected: Mapping[int, ServiceStatus] = field(default_factory=dict)

    @classmethod
    def of(cls, organization: Organization, incident: Incident | None = None) -> "Setting":
        living = Service.objects.living().select_related("group").order_by("group__position", "position", "id")
        affected = {row.service_id: row.state for row in incident.affected.all()} if incident else {}
        plan = incident.frozen_plan if incident else plan_of(organization)
        return cls(plan=plan, services=list(living), affected=affected)

    @property
    def inner_rings(self) -> list[PlanRing]:
        """Those a note may be written for, innermost first."""
        return [ring for ring in self.plan.line_rings if not ring.is_open]


class WordsForm(forms.Form):
    """Words for the public and notes for inner rings: what every form that posts has in common."""

    submission_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    body = forms.CharField(
        required=False, label="What customers read", widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "true"})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, setting: Setting, **options: Any) -> None:
        super().__init__(data, **options)
        self.setting = setting
        for ring in setting.inner_rings:
            self.fields[f"note-{ring.key}"] = forms.CharField(
                required=False, label=f"Note to {ring.name}", help_text=_readers(ring, setting), widget=_note_box()
            )

    @property
    def note_fields(self) -> list[BoundField]:
        return [self[f"note-{ring.key}"] for ring in self.setting.inner_rings]

    def notes(self) -> tuple[NoteDraft, ...]:
        words = [(ring, self.cleaned_data[f"note-{ring.key}"].strip()) for ring in self.setting.inner_rings]
        return tuple(NoteDraft(body=text, up_to_position=ring.position) for ring, text in words if text)

    def refuse(self, refusal: ValidationError) -> None:
        """Put what a story refused beside the fields it is about."""
        sentences = refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
        for name, messages in sentences.items():
            known = "next_update_in" if name == "next_update_at" else name
            self.add_error(known if known in self.fields else None, messages)


class ServicesForm(WordsForm):
    """And what becomes of services."""

    next_update_in = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, label="Next update")
    expected_fix_at = forms.DateTimeField(
        required=False,
        label="Fixed by, if you dare say (UTC)",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *arguments: Any, setting: Setting, **options: Any) -> None:
        super().__init__(*arguments, setting=setting, **options)
        for service in setting.services:
            self.fields[f"service-{service.public_id}"] = _service_field(service, setting.affected.get(service.pk))

    @property
    def affected_fields(self) -> list[BoundField]:
        """Of services that are touched already, or that the author has just chosen."""
        return [self[name] for service, name in self._named() if self._is_touched(service, self[name])]

    @property
    def groups_of_others(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The untouched ones, by group, in the page's order."""
        groups: dict[str, list[BoundField]] = {}
        for service, name in self._named():
            if not self._is_touched(service, self[name]):
                groups.setdefault(service.group.name if service.group else "Other services", []).append(self[name])
        yield from groups.items()

    def services(self) -> dict[Service, ServiceStatus]:
        """Only what changes: saying again how a service is does not make an update."""
        chosen = {service: self.cleaned_data[name] for service, name in self._named()}
        return {
            service: ServiceStatus(status)
            for service, status in chosen.items()
            if status and ServiceStatus(status) is not self.setting.affected.get(service.pk)
        }

    def next_update_at(self, now: datetime) -> datetime | None:
        minutes: int | None = self.cleaned_data["next_update_in"]
        return now + timedelta(minutes=minutes) if minutes else None

    def offer_next_updates(self, promise: timedelta | None) -> None:
        """Quick choices; with `promise`, only those that keep it, the promise itself chosen."""
        limit = promise or timedelta(minutes=max(CHOICES_OF_MINUTES))
        minutes = [length for length in CHOICES_OF_MINUTES if timedelta(minutes=length) < limit or not promise]
        longest = f"{in_words(promise)}, as promised" if promise else "As the plan promises"
        choices = [*((str(length), f"{length} minutes") for length in minutes), ("", longest)]
        next_update = self.fields["next_update_in"]
        next_update.choices = choices  # type: ignore[attr-defined]
        next_update.widget = forms.RadioSelect(choices=choices)

    def _named(self) -> list[tuple[Service, str]]:
        return [(service, f"service-{service.public_id}") for service in self.setting.services]

    def _is_touched(self, service: Service, bound: BoundField) -> bool:
        return service.pk in self.setting.affected or bool(bound.value())


class OpenForm(ServicesForm):
    """A new incident, blank or from a template."""

    title = forms.CharField(
        max_length=255,
        label="Title for responders",
        error_messages={"required": "Give it a title: a few words that say what is wrong."},
    )
    public_title = forms.CharField(
        max_length=255,
        label="Title for the public",
        error_messages={"required": "Give it a title the public may read."},
    )
    severity = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": "Choose how bad it is. You can change it later."}
    )
    started_at = forms.DateTimeField(
        required=False,
        label="Began earlier? Since when (UTC)",
        help_text="This is what people read. Delays always count from now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    bridge_url = forms.URLField(required=False, label="Bridge link", assume_scheme="https", max_length=200)
    is_told_anyway = forms.BooleanField(
        required=False, label="Data loss or security: tell everyone even if it ends quickly"
    )

    def __init__(self, *arguments: Any, organization: Organization, setting: Setting, **options: Any) -> None:
        super().__init__(*arguments, setting=setting, **options)
        self.severities = {row.key: row for row in organization.severities.of_incidents()}
        self.fields["severity"].choices = [(key, row.name) for key, row in self.severities.items()]  # type: ignore[attr-defined]
        self.offer_next_updates(None)

    def draft(self, now: datetime) -> IncidentDraft:
        given = self.cleaned_data
        first = UpdateDraft(
            submission_id=given["submission_id"],
            body=given["body"].strip(),
            notes=self.notes(),
            services=self.services(),
            next_update_at=self.next_update_at(now),
            expected_fix_at=given["expected_fix_at"],
        )
        return IncidentDraft(
            title=given["title"],
            public_title=given["public_title"],
            severity=self.severities[given["severity"]],
            first=first,
            started_at=given["started_at"],
            bridge_url=given["bridge_url"],
            is_told_anyway=given["is_told_anyway"],
        )


def from_template(template: IncidentTemplate | None) -> dict[str, Any]:
    """Initial values of OpenForm. Blank still has a severity: the commander changes it, nobody has to think of it."""
    if template is None:
        return {}
    notes = {f"note-{ring}": text for ring, text in template.notes.items()}
    return {
        "title": template.title,
        "public_title": template.public_title,
        "severity": template.severity.key if template.severity else "",
        "body": template.body,
        "is_told_anyway": template.is_told_anyway,
        **notes,
    }


def _service_field(service: Service, status: ServiceStatus | None) -> forms.ChoiceField:
    choices = ServiceStatus.choices()
    if status is None:
        choices = [("", "Not affected"), *(choice for choice in choices if choice[0] != ServiceStatus.OPERATIONAL)]
    return forms.ChoiceField(
        required=False, label=service.name, choices=choices, initial=status.value if status else ""
    )


def _note_box() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3, "spellcheck": "true"})


def _readers(ring: PlanRing, setting: Setting) -> str:
    names = [inner.name for inner in setting.inner_rings if (inner.position or 0) <= (ring.position or 0)]
    return f"Read by {' and '.join([', '.join(names[:-1]), names[-1]] if len(names) > 1 else names)}. Never public."
