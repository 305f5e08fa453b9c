"""What the room of an incident or a maintenance shows beside the thing itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from incidents import timeline
from incidents.forms import Setting
from incidents.maintenance_forms import BeginningForm, CancellationForm, CompletionForm, WindowForm, WorkForm
from incidents.models import Incident
from incidents.posting_forms import (
    ENDED_MEANWHILE,
    OVERTAKEN,
    PostingForm,
    ResolutionForm,
    RolesForm,
    SeverityForm,
    UpdateForm,
)

OF_INCIDENTS: tuple[type[PostingForm], ...] = (UpdateForm, SeverityForm, ResolutionForm)
OF_MAINTENANCE: tuple[type[PostingForm], ...] = (WorkForm, BeginningForm, WindowForm, CompletionForm, CancellationForm)


def forms_of(incident: Incident) -> dict[str, type[PostingForm]]:
    """Every form there is in its room, by key, whether it is offered now or not. The first is the composer."""
    return {form.key: form for form in (OF_MAINTENANCE if incident.is_maintenance else OF_INCIDENTS)}


def composer_of(incident: Incident) -> type[PostingForm]:
    return forms_of(incident)[UpdateForm.key]


def in_its_place(form: PostingForm, incident: Incident) -> PostingForm:
    """The words of a form that is no longer shown go to the composer, which is always there."""
    if form.is_offered(incident):
        return form
    kept = composer_of(incident)(form.data, incident=incident, setting=Setting.of(incident.organization, incident))
    kept.add_error(None, OVERTAKEN if incident.is_open else ENDED_MEANWHILE)
    return kept


@dataclass(frozen=True)
class Room:
    """A form that was refused comes back as it was sent."""

    incident: Incident
    now: datetime
    sent: PostingForm | RolesForm | None = None
    newer: Sequence[timeline.Entry] = ()

    @cached_property
    def setting(self) -> Setting:
        return Setting.of(self.incident.organization, self.incident)

    @cached_property
    def entries(self) -> list[timeline.Entry]:
        return timeline.of(self.incident)

    @cached_property
    def submissions(self) -> str:
        """Of the newest updates: the browser may forget its drafts of these."""
        return " ".join(str(row) for row in self.incident.updates.values_list("submission_id", flat=True)[:20])

    @cached_property
    def forms(self) -> dict[str, PostingForm]:
        """Those that are offered now, by key."""
        offered = {key: kind for key, kind in forms_of(self.incident).items() if kind.is_offered(self.incident)}
        return {key: self._form(kind) for key, kind in offered.items()}

    @cached_property
    def roles(self) -> RolesForm:
        return self.sent if isinstance(self.sent, RolesForm) else RolesForm(incident=self.incident)

    @property
    def public_url(self) -> str:
        """Where the world reads of it, once it does."""
        page = self.incident.first_page() if self.incident.public_at else None
        return f"{page.url}/incidents/{self.incident.public_id}" if page and page.url else ""

    @property
    def unfolded(self) -> str:
        """Which of the forms begins open: the one that was sent, else the composer."""
        return self.sent.key if isinstance(self.sent, PostingForm) else UpdateForm.key

    @property
    def has_unfolded_roles(self) -> bool:
        return isinstance(self.sent, RolesForm)

    def _form(self, kind: type[PostingForm]) -> PostingForm:
        return self.sent if isinstance(self.sent, kind) else kind(incident=self.incident, setting=self.setting)
