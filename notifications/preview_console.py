"""Previews, as one types: what each ring would get from a form of the room, and what the one button would do."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from incidents import rooms
from incidents.console import find
from incidents.drafts import NoteDraft
from incidents.forms import OpenForm, Setting
from incidents.maintenance_forms import BeginningForm, CancellationForm, CompletionForm, ScheduleForm, WindowForm
from incidents.words import UpdateKind
from notifications import foreseeing, leaks
from notifications.channels.base import TOKEN_PLACEHOLDER
from notifications.foreseeing import Foreseen, Verdict
from statuspage.kit import clock
from statuspage.kit.templatetags.ripple import in_words
from statuspage.organizations.access import ConsoleRequest, console, may_post
from statuspage.organizations.plan import Channel, Plan
from statuspage.pages.models import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """How the one button under a form begins: by itself, with or without words for the page, and after a conflict."""

    bare: str
    public: str
    inside: str
    anyway: str


def _act(words: str) -> Button:
    """It always says something in public."""
    return Button(bare=words, public=words, inside=words, anyway=f"{words} anyway")


_POST = Button(bare="Post", public="Post to page", inside="Post inside only", anyway="Post anyway")
BUTTONS = {
    "opening": replace(_POST, bare="Open the incident"),
    UpdateKind.MESSAGE.value: _POST,
    UpdateKind.SEVERITY.value: Button(
        bare="Change the severity",
        public="Change the severity and post to page",
        inside="Change the severity",
        anyway="Change the severity anyway",
    ),
    UpdateKind.RESOLVE.value: Button(
        bare="Resolve", public="Resolve on page", inside="Resolve inside only", anyway="Resolve anyway"
    ),
    "scheduling": _act("Schedule"),
    BeginningForm.key: _act("Begin now"),
    WindowForm.key: _act("Change the window"),
    CompletionForm.key: _act("Finish now"),
    CancellationForm.key: _act("Cancel the maintenance"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One ring's row under the composer."""

    foreseen: Foreseen
    leaked: Sequence[str]
    now: datetime

    @property
    def text(self) -> str:
        """As a person would read it, but for the link that is theirs alone."""
        return self.foreseen.text.replace(TOKEN_PLACEHOLDER, "…")

    @property
    def counts(self) -> str:
        """ "104 by e-mail, 12 by SMS"."""
        counted = [(Channel(name), number) for name, number in self.foreseen.counts.items() if number]
        words = {Channel.EMAIL: "e-mail"}
        return ", ".join(f"{number:,} by {words.get(channel, channel.label)}" for channel, number in counted)

    @property
    def is_empty(self) -> bool:
        """It would be told, and there is nobody to tell."""
        return bool(self.foreseen.kind) and not self.foreseen.reaches_somebody

    @property
    def wait(self) -> str:
        """From now until it is told: whole minutes, as the plan counts them, and the last one in seconds."""
        seconds = max(0, math.ceil(((self.foreseen.when or self.now) - self.now).total_seconds()))
        return f"{seconds} s" if seconds < 60 else in_words(timedelta(minutes=math.ceil(seconds / 60)))


@console
@may_post
@require_POST
def preview(request: ConsoleRequest, number: int) -> HttpResponse:
    """What each ring would get from the form as it stands. Writes nothing."""
    incident = find(number)
    kind = rooms.forms_of(incident).get(request.POST.get("kind", ""), rooms.composer_of(incident))
    form = kind(request.POST, incident=incident, setting=Setting.of(incident.organization, incident))
    if not form.is_valid():
        return _unforeseeable(request, form)
    draft = form.draft(clock.now())
    try:
        foreseen = foreseeing.foresee_update(incident, draft, by=request.user)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _unforeseeable(request, form)
    said = [(note.body, note.up_to_position) for update in incident.updates.all() for note in update.notes.all()]
    notes = [*draft.notes, *(NoteDraft(body=body, up_to_position=position) for body, position in said)]
    inner = _inner_words(incident.title, incident.bridge_url, incident.frozen_plan, notes)
    return _foreseeable(request, foreseen, inner, allowed=incident.public_title, is_public=bool(draft.body))


@console
@may_post
@require_POST
def opening_preview(request: ConsoleRequest) -> HttpResponse:
    """The same for an incident that is not open yet."""
    form = OpenForm(request.POST, organization=request.organization, setting=Setting.of(request.organization))
    if not form.is_valid():
        return _unforeseeable(request, form)
    draft = form.draft(clock.now())
    try:
        foreseen = foreseeing.foresee_opening(request.organization, draft, by=request.user)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _unforeseeable(request, form)
    inner = _inner_words(draft.title, draft.bridge_url, form.setting.plan, draft.first.notes)
    # The templates' own titles may be fit for everybody; only what the public title does not say is inner.
    return _foreseeable(request, foreseen, inner, allowed=draft.public_title, is_public=bool(draft.first.body))


@console
@may_post
@require_POST
def scheduling_preview(request: ConsoleRequest) -> HttpResponse:
    """The same for a maintenance that is not announced yet. Its one title is for everybody."""
    form = ScheduleForm(request.POST, setting=Setting.of(request.organization))
    if not form.is_valid():
        return _unforeseeable(request, form)
    draft = form.draft()
    try:
        foreseen = foreseeing.foresee_scheduling(request.organization, draft, by=request.user)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _unforeseeable(request, form)
    inner = _inner_words("", "", form.setting.plan, draft.first.notes)
    return _foreseeable(request, foreseen, inner, allowed=draft.title, is_public=True)


def _inner_words(title: str, bridge_url: str, plan: Plan, notes: Sequence[NoteDraft]) -> list[str]:
    names = [severity.name for severity in plan.severities_of_incidents]
    return leaks.inner_words(title=title, bridge_url=bridge_url, severities=names, notes=notes)


def _foreseeable(
    request: ConsoleRequest, foreseen: Sequence[Foreseen], inner: Sequence[str], *, allowed: str, is_public: bool
) -> HttpResponse:
    now = clock.now()
    rows = [
        Preview(
            foreseen=row,
            now=now,
            leaked=leaks.found_in(f"{row.subject}\n{row.text}", inner, allowed=allowed) if row.is_open else (),
        )
        for row in foreseen
    ]
    words = BUTTONS.get(request.POST.get("kind", ""), BUTTONS[UpdateKind.MESSAGE])
    reaches_page = is_public and Page.objects.exists()
    verb = words.anyway if "anyway" in request.POST else words.public if reaches_page else words.inside
    context = {"rows": rows, "promise": f"{verb}, {promise_of(foreseen)}", "kind": request.POST.get("kind")}
    return render(request, "console/incidents/_preview.html", context)


def _unforeseeable(request: ConsoleRequest, form: Form) -> HttpResponse:
    kind = request.POST.get("kind", "")
    sentences = [sentence for sentences in form.errors.values() for sentence in sentences]
    words = BUTTONS.get(kind, BUTTONS[UpdateKind.MESSAGE])
    context = {"sentences": sentences, "promise": words.bare, "kind": kind}
    return render(request, "console/incidents/_preview.html", context)


def promise_of(foreseen: Sequence[Foreseen]) -> str:
    """What the button will do: "tell 3 rings now, 2 later". Rings where nobody can be reached are not promised."""
    reached = [row.verdict for row in foreseen if row.reaches_somebody]
    now, later = reached.count(Verdict.NOW), reached.count(Verdict.LATER)
    if not now and not later:
        return "tell nobody"
    rings = f"tell {now} {'ring' if now == 1 else 'rings'} now" if now else "tell nobody now"
    return rings + (f", {later} later" if later else "")
