"""The forms of a maintenance: to schedule it, and in its room to speak, begin, move, finish and cancel."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms import BoundField

from incidents import announcements, maintaining
from incidents.drafts import MaintenanceDraft, UpdateDraft
from incidents.forms import Setting, WordsForm
from incidents.models import Incident
from incidents.posting_forms import PostingForm
from incidents.windows import Window
from incidents.words import IncidentStatus
from statuspage.pages.models import Service

HOURS_BEFORE = {24: "24 hours before", 1: "1 hour before"}
CHECKING = timedelta(minutes=15)
LONGEST_CHECK_MINUTES = 24 * 60


def _instant_field(label: str) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Choose a day and a time.", "invalid": "Choose a day and a time."},
    )


class ScheduleForm(WordsForm):
    """A new maintenance. Notes are for inner rings, as everywhere."""

    title = forms.CharField(
        max_length=255,
        label="Title for the public",
        error_messages={"required": "Give it a title: a few words that say what will be done."},
    )
    begins_at = _instant_field("From (UTC)")
    ends_at = _instant_field("Until (UTC)")
    verify_for = forms.IntegerField(
        min_value=0,
        max_value=LONGEST_CHECK_MINUTES,
        label="Of it, minutes at the end to check that all is well",
        help_text="Part of the window, so that the end you tell stays true. Zero: nothing to check.",
    )
    remind_before = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        choices=list(HOURS_BEFORE.items()),
        widget=forms.CheckboxSelectMultiple,
        label="Remind everybody",
    )

    def __init__(self, *arguments: Any, setting: Setting, **options: Any) -> None:
        presets = {"verify_for": CHECKING // timedelta(minutes=1), "remind_before": list(HOURS_BEFORE)}
        super().__init__(*arguments, setting=setting, initial=presets, **options)
        body = self.fields["body"]
        body.label, body.help_text = "What visitors read", "What will be done, and what they will notice of it."
        body.required, body.error_messages["required"] = True, maintaining.WANTS_WORDS
        for service in setting.services:
            self.fields[_name(service)] = forms.BooleanField(required=False, label=service.name)

    @property
    def groups_of_services(self) -> Iterator[tuple[str, list[BoundField]]]:
        """In the page's order."""
        groups: dict[str, list[BoundField]] = {}
        for service in self.setting.services:
            groups.setdefault(service.group.name if service.group else "Other services", []).append(
                self[_name(service)]
            )
        yield from groups.items()

    def draft(self) -> MaintenanceDraft:
        """Of a valid form."""
        given = self.cleaned_data
        window = Window(
            begins_at=given["begins_at"],
            ends_at=given["ends_at"],
            verify_for=timedelta(minutes=given["verify_for"]),
            remind_before=tuple(timedelta(hours=hours) for hours in given["remind_before"]),
        )
        return MaintenanceDraft(
            title=given["title"],
            window=window,
            services=[service for service in self.setting.services if given[_name(service)]],
            first=UpdateDraft(submission_id=given["submission_id"], body=given["body"].strip(), notes=self.notes()),
        )


def _name(service: Service) -> str:
    return f"service-{service.public_id}"


class WorkForm(PostingForm):
    """Words on the way. While the work goes on they may say that it is being checked, or goes on after all."""

    key = "message"
    status = forms.ChoiceField(
        required=False,
        widget=forms.RadioSelect,
        choices=[(stage.value, stage.label) for stage in (IncidentStatus.IN_PROGRESS, IncidentStatus.VERIFYING)],
    )
    is_important = forms.BooleanField(required=False, label="Important: also tell rings that hear milestones only")
    is_page_only = forms.BooleanField(required=False, label="Change the page only, tell nobody")

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, incident=incident, **options)
        self.fields["body"].label = "What visitors read"
        if not incident.is_under_way:
            del self.fields["status"]

    @classmethod
    def is_offered(cls, _incident: Incident) -> bool:
        return True

    def presets(self, incident: Incident) -> dict[str, Any]:
        return {"status": incident.status}

    def draft(self, now: datetime) -> UpdateDraft:
        given = self.cleaned_data
        status = IncidentStatus(given.get("status") or self.incident.status)
        return replace(
            super().draft(now), status=status, is_important=given["is_important"], notify=not given["is_page_only"]
        )


class ActForm(PostingForm):
    """Something that happens to a maintenance. Its words are offered, and whoever empties them says just those."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["body"].label = "What visitors read"

    def presets(self, incident: Incident) -> dict[str, Any]:
        return {"body": self.words(incident)}

    def words(self, _incident: Incident) -> str:
        return ""


class BeginningForm(ActForm):
    key = "begin"

    @classmethod
    def is_offered(cls, incident: Incident) -> bool:
        return incident.stage is IncidentStatus.SCHEDULED

    def words(self, _incident: Incident) -> str:
        return announcements.BEGUN

    def draft(self, now: datetime) -> UpdateDraft:
        return maintaining.beginning(super().draft(now))


class WindowForm(ActForm):
    """Another window before it begins; a later end while it goes on."""

    key = "window"
    begins_at = _instant_field("From (UTC)")
    ends_at = _instant_field("Until (UTC)")

    def __init__(self, *arguments: Any, incident: Incident, **options: Any) -> None:
        super().__init__(*arguments, incident=incident, **options)
        self.fields["body"].help_text = "Empty: Ripple says what the window is now."
        if incident.is_under_way:
            del self.fields["begins_at"]

    def presets(self, incident: Incident) -> dict[str, Any]:
        return {"begins_at": incident.scheduled_for, "ends_at": incident.scheduled_until}

    def draft(self, now: datetime) -> UpdateDraft:
        window, given = self.incident.window, self.cleaned_data
        if window is None:
            raise forms.ValidationError("Only a maintenance has a window.")
        moved = replace(window, begins_at=given.get("begins_at", window.begins_at), ends_at=given["ends_at"])
        return maintaining.rescheduling(super().draft(now), moved)


class CompletionForm(ActForm):
    key = "complete"

    @classmethod
    def is_offered(cls, incident: Incident) -> bool:
        return incident.is_under_way

    def words(self, _incident: Incident) -> str:
        return announcements.FINISHED

    def draft(self, now: datetime) -> UpdateDraft:
        return maintaining.completion(super().draft(now))


class CancellationForm(ActForm):
    key = "cancel"

    def words(self, incident: Incident) -> str:
        return announcements.BROKEN_OFF if incident.is_under_way else announcements.CANCELLED

    def draft(self, now: datetime) -> UpdateDraft:
        return maintaining.cancellation(super().draft(now))
