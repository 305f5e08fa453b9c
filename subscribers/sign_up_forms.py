"""What visitors type when they sign up, and when they change what they hear."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from statuspage.kit.public_ids import PATTERN
from statuspage.kit.targets import ForbiddenTargetError, read_target
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES
from statuspage.pages.models import Page, Service
from subscribers.choosing import Choice
from subscribers.models import FromImpact
from subscribers.reaching import Reachable
from subscribers.signing_up import Asking

EVERYTHING, SERVICES = "everything", "services"
KINDS = [(kind, kind) for kind in ("incidents", "maintenance")]
WAYS = (Channel.EMAIL, Channel.SMS, Channel.WEBHOOK)
"""What a visitor chooses between. Which kind of room or machine an address leads to can be seen from it."""
ROLES = {"all", "dev", "devs", "everyone", "help", "info", "it", "list", "office", "ops", "support", "team"}
"""Mailboxes that several people usually read."""


Recognise = Callable[[str], Channel]
"""Whose an address of a room, a machine or a profile is. Who speaks to them knows; we do not."""


@dataclass(frozen=True, slots=True)
class ServiceBox:
    """A service with its checkbox."""

    public_id: str
    name: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ServiceBoxes:
    """A group of them. `name` is empty for services that are in none."""

    name: str
    boxes: tuple[ServiceBox, ...]

    @property
    def is_open(self) -> bool:
        return not self.name or any(box.is_chosen for box in self.boxes)


class ChoiceForm(forms.Form):
    """What to hear of a page."""

    scope = forms.ChoiceField(
        choices=[(EVERYTHING, EVERYTHING), (SERVICES, SERVICES)], initial=EVERYTHING, required=False
    )
    services = forms.MultipleChoiceField(required=False)
    kinds = forms.MultipleChoiceField(choices=KINDS, required=False, initial=["incidents", "maintenance"])
    from_impact = forms.ChoiceField(choices=FromImpact.choices, required=False)

    def __init__(self, page: Page, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(data, initial=dict(initial or {}))
        self.page = page
        self.fields["services"].choices = [  # type: ignore[attr-defined]
            (service.public_id, service.name) for service in self.shown
        ]

    @cached_property
    def shown(self) -> list[Service]:
        """The page's services, those in a group after those in none, as on the page."""
        rows = Service.objects.living().filter(shown_on__page=self.page).select_related("group")
        return sorted(rows, key=_place)

    @property
    def groups(self) -> list[ServiceBoxes]:
        chosen = set(self["services"].value() or ())
        return [
            ServiceBoxes(name, tuple(ServiceBox(row.public_id, row.name, row.public_id in chosen) for row in rows))
            for name, rows in groupby(self.shown, key=lambda row: row.group.name if row.group else "")
        ]

    @property
    def kinds_chosen(self) -> list[str]:
        return list(self["kinds"].value() or ())

    @property
    def impact_chosen(self) -> int:
        value = str(self["from_impact"].value() or 0)
        return int(value) if value.isascii() and value.isdigit() else 0

    @property
    def impacts(self) -> list[tuple[int, str]]:
        return [(impact.value, str(impact.label)) for impact in FromImpact]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.is_about_one_incident:
            return given
        if given.get("scope") == SERVICES and not given.get("services") and "services" not in self.errors:
            self.add_error("services", _("Choose at least one service, or everything."))
        if not given.get("kinds") and "kinds" not in self.errors:
            self.add_error("kinds", _("Choose incidents, maintenance, or both."))
        return given

    @property
    def is_about_one_incident(self) -> bool:
        return False

    @property
    def choice(self) -> Choice:
        given = self.cleaned_data
        return Choice(
            services=tuple(given["services"]) if given["scope"] == SERVICES else None,
            is_for_incidents="incidents" in given["kinds"],
            is_for_maintenance="maintenance" in given["kinds"],
            from_impact=int(given["from_impact"] or 0),
        )


class SignUpForm(ChoiceForm):
    """Where to, and what. A room or a machine cannot confirm by itself: whoever adds it gives an e-mail address."""

    channel = forms.ChoiceField(choices=[(channel.value, channel.label) for channel in WAYS], initial="email")
    email = forms.CharField(required=False, max_length=320)
    phone = forms.CharField(required=False, max_length=40)
    url = forms.CharField(required=False, max_length=2000)
    is_shared = forms.BooleanField(required=False)
    incident = forms.RegexField(rf"^{PATTERN}\Z", required=False)

    to: Reachable

    def __init__(
        self,
        page: Page,
        data: Mapping[str, Any] | None = None,
        *,
        initial: Mapping[str, Any] | None = None,
        recognise: Recognise = lambda _url: Channel.WEBHOOK,
    ):
        super().__init__(page, data, initial=initial)
        self._recognise = recognise

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        field, read = self._reading(Channel(given["channel"]) if given.get("channel") else Channel.EMAIL)
        try:
            self.to = read(given.get(field, ""))
        except ValidationError as refusal:
            self.add_error(field, refusal)
        if field == "url":
            self._clean_contact(given)
        return given

    @property
    def is_about_one_incident(self) -> bool:
        return bool(self.cleaned_data.get("incident"))

    @property
    def is_another_way(self) -> bool:
        """Than to one's own mailbox: then the ways are shown unfolded, as is below whatever else was chosen."""
        return self.channel_chosen != Channel.EMAIL or bool(self["is_shared"].value())

    @property
    def is_narrowed(self) -> bool:
        is_whole = self["scope"].value() != SERVICES and len(self.kinds_chosen) == len(KINDS)
        return not is_whole or self.impact_chosen > 0

    @property
    def channel_chosen(self) -> str:
        return str(self["channel"].value())

    def asking(self, *, language: str) -> Asking:
        given, email = self.cleaned_data, self.cleaned_data["email"].strip()
        choice = Choice(only_incident=given["incident"]) if given["incident"] else self.choice
        is_endpoint = self.to.channel.is_endpoint
        is_shared = not is_endpoint and (given["is_shared"] or self.to.value.partition("@")[0].lower() in ROLES)
        return Asking(
            to=self.to, choice=choice, language=language, contact=email if is_endpoint else "", is_shared=is_shared
        )

    def _reading(self, channel: Channel) -> tuple[str, Any]:
        if channel.is_endpoint:
            return "url", lambda text: read_url(text, self._recognise)
        return ("phone", read_phone) if channel is Channel.SMS else ("email", read_email)

    def _clean_contact(self, given: Mapping[str, Any]) -> None:
        try:
            read_email(given.get("email", ""))
        except ValidationError as refusal:
            self.add_error("email", refusal)


class ManageForm(ChoiceForm):
    """What to hear, and in which words."""

    language = forms.ChoiceField(choices=LANGUAGES)
    zone = forms.ChoiceField(required=False)

    def __init__(self, page: Page, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None):
        super().__init__(page, data, initial=initial)
        self.fields["zone"].choices = [("", ""), *((name, name) for name in zones())]  # type: ignore[attr-defined]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Those the page speaks."""
        return [(code, name) for code, name in LANGUAGES if code in self.page.languages]

    @property
    def zones(self) -> list[str]:
        return zones()


def initial_of(choice: Choice) -> dict[str, Any]:
    """How a form shows what somebody has chosen."""
    flags = (("incidents", choice.is_for_incidents), ("maintenance", choice.is_for_maintenance))
    return {
        "scope": EVERYTHING if choice.services is None else SERVICES,
        "services": list(choice.services or ()),
        "kinds": [kind for kind, is_chosen in flags if is_chosen],
        "from_impact": choice.from_impact,
    }


def read_email(text: str) -> Reachable:
    """Raises ValidationError in the visitor's language."""
    return _read(
        text, Channel.EMAIL, _("That is not an e-mail address we can write to. It looks like name@example.com.")
    )


def read_phone(text: str) -> Reachable:
    """Raises ValidationError in the visitor's language."""
    sentence = _("That is not a phone number. Begin with + and the country code, for example +49 151 23456789.")
    return _read(text, Channel.SMS, sentence)


def read_url(text: str, recognise: Recognise) -> Reachable:
    """Raises ValidationError in the visitor's language."""
    try:
        found = Reachable.endpoint(Channel.WEBHOOK, read_target(text))
    except (ValidationError, ForbiddenTargetError):
        found = None
    if found is None or not found.normalised.startswith("https://"):
        raise ValidationError(_("Write the whole address, beginning with https:// and without a name and password."))
    channel = recognise(found.value)
    if channel.is_social:  # posting there takes a key, which a form for everybody must not ask for
        raise ValidationError(_("A profile cannot sign up. Write the address of a chat room or of a program."))
    return Reachable.endpoint(channel, found.value)


def _read(text: str, channel: Channel, sentence: str) -> Reachable:
    try:
        found = Reachable.parse(text)
    except ValidationError:
        raise ValidationError(sentence) from None
    if found.channel is not channel:
        raise ValidationError(sentence)
    return found


def zones() -> list[str]:
    """IANA's, but for aliases from before there were rules for them."""
    return sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))


def _place(service: Service) -> tuple[Any, ...]:
    group = service.group
    return (bool(group), group.position if group else 0, group.pk if group else 0, service.position, service.pk)


def errors_of(form: forms.Form) -> Iterable[str]:
    """Every sentence, in the order of the fields."""
    return [str(sentence) for name in [*form.fields, "__all__"] for sentence in form.errors.get(name, [])]
