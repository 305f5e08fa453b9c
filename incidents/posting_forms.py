"""The forms of the incident room: an update, a change of severity, the end, and who leads."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from incidents.drafts import UpdateDraft, public_promise
from incidents.forms import ServicesForm, Setting, WordsForm
from incidents.models import Incident
from incidents.words import IncidentStatus, UpdateKind
from statuspage.organizations.models import Member, User

CLOSING_WORDS = "This is resolved. Everything works normally again. We are sorry for the trouble."
ENDED_MEANWHILE = "It has ended while you were writing. Your words are here: add them to the record, or drop them."
OVERTAKEN = "It has moved on while you were writing. Your words are here: post them as an update, or drop them."
STALE = "Somebody else posted while you were writing. Read it, then post yours or change it. Nothing you typed is lost."


class PostingForm(WordsForm):
    """Something posted on an incident that exists. `base_number` is the newest update its author has seen.

    `key` names the form among those of a room.
    """

    key: ClassVar[str]
    kind = UpdateKind.MESSAGE
    base_number = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, incident: Incident, setting: Setting) -> None:
        self.incident = incident
        initial = {"base_number": incident.last_number, **self.presets(incident)}
        super().__init__(data, setting=setting, auto_id=f"{self.key}-%s", initial=initial)

    @classmethod
    def is_offered(cls, incident: Incident) -> bool:
        """Whether the room shows it now."""
        return incident.is_open

    def presets(self, _incident: Incident) -> dict[str, Any]:
        """Initial values beside those every form has."""
        return {}

    def draft(self, _now: datetime) -> UpdateDraft:
        """Of a valid form."""
        given = self.cleaned_data
        return UpdateDraft(
            submission_id=given["submission_id"],
            base_number=given["base_number"],
            kind=self.kind,
            status=self.incident.stage,
            body=given["body"].strip(),
            notes=self.notes(),
        )

    def catch_up(self, incident: Incident) -> None:
        """The author is being shown the newest updates: from now on the same words may be posted."""
        self.data = {**{name: self.data[name] for name in self.data}, "base_number": str(incident.last_number)}
        self.add_error(None, STALE)


class UpdateForm(PostingForm, ServicesForm):
    key = "message"
    status = forms.ChoiceField(widget=forms.RadioSelect, choices=IncidentStatus.open_choices())
    is_important = forms.BooleanField(required=False, label="Important: also tell rings that hear milestones only")
    is_page_only = forms.BooleanField(required=False, label="Change the page only, tell nobody")

    def __init__(self, data: Mapping[str, Any] | None = None, *, incident: Incident, setting: Setting) -> None:
        super().__init__(data, incident=incident, setting=setting)
        if incident.is_open:
            self.offer_next_updates(public_promise(setting.plan, severity=incident.severity.key))
        else:
            del self.fields["status"], self.fields["next_update_in"], self.fields["expected_fix_at"]

    @classmethod
    def is_offered(cls, _incident: Incident) -> bool:
        return True  # after the end it adds to the record

    def presets(self, incident: Incident) -> dict[str, Any]:
        return {"status": incident.status, "expected_fix_at": incident.expected_fix_at}

    def draft(self, now: datetime) -> UpdateDraft:
        given = self.cleaned_data
        draft = replace(
            super().draft(now),
            services=self.services(),
            is_important=given["is_important"],
            notify=not given["is_page_only"],
        )
        if not self.incident.is_open:
            return draft
        return replace(
            draft,
            status=IncidentStatus(given["status"]),
            next_update_at=self.next_update_at(now),
            expected_fix_at=self._expected_fix_at(now),
        )

    def _expected_fix_at(self, now: datetime) -> datetime | None:
        """What was preset and has passed meanwhile is not what the author meant to say."""
        chosen: datetime | None = self.cleaned_data["expected_fix_at"]
        is_overtaken = chosen and chosen <= now and chosen == self.incident.expected_fix_at
        return None if is_overtaken else chosen


class SeverityForm(PostingForm):
    key, kind = "severity", UpdateKind.SEVERITY
    severity = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose the new severity."})

    def __init__(self, data: Mapping[str, Any] | None = None, *, incident: Incident, setting: Setting) -> None:
        super().__init__(data, incident=incident, setting=setting)
        rows = incident.organization.severities.of_incidents().exclude(pk=incident.severity_id)
        known = {severity.key for severity in setting.plan.severities}
        self.severities = {row.key: row for row in rows if row.key in known}
        self.fields["severity"].choices = [(key, row.name) for key, row in self.severities.items()]  # type: ignore[attr-defined]

    def draft(self, now: datetime) -> UpdateDraft:
        return replace(super().draft(now), severity=self.severities[self.cleaned_data["severity"]])


class ResolutionForm(PostingForm):
    key, kind = "resolve", UpdateKind.RESOLVE
    tell_anyway = forms.BooleanField(
        required=False, label="Tell the rings that have not heard yet, too: it happened, and it is over"
    )

    def presets(self, _incident: Incident) -> dict[str, Any]:
        return {"body": CLOSING_WORDS}

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if self.incident.public_at and not body.strip():
            raise forms.ValidationError("The public was told that this began. Say in a sentence that it is over.")
        return body

    def draft(self, now: datetime) -> UpdateDraft:
        return replace(super().draft(now), status=IncidentStatus.RESOLVED, tell_anyway=self.cleaned_data["tell_anyway"])


class RolesForm(forms.Form):
    """Who leads: the commander, and who speaks."""

    commander = forms.ModelChoiceField(queryset=User.objects.none(), label="Commander")
    lead = forms.ModelChoiceField(queryset=User.objects.none(), label="Communications lead")

    def __init__(self, data: Mapping[str, Any] | None = None, *, incident: Incident) -> None:
        super().__init__(
            data, auto_id="roles-%s", initial={"commander": incident.commander_id, "lead": incident.lead_id}
        )
        who_may = [member.user_id for member in Member.objects.all() if member.may_post]
        people = User.objects.filter(pk__in=who_may).order_by("name", "email")
        for name in ("commander", "lead"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
