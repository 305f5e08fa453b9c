"""What an admin types about a person, and a member about themselves."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django import forms

from statuspage.organizations.models import Member, Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES
from subscribers.enlisting import Details
from subscribers.habits import Habits, usual
from subscribers.models import Person
from subscribers.reaching import Reachable
from subscribers.sign_up_forms import zones

PREFERENCES = [("", "No preference"), *((channel.value, channel.label) for channel in Channel.for_people())]


class HabitsForm(forms.Form):
    """How somebody wants to be told."""

    language = forms.ChoiceField(
        choices=LANGUAGES,
        required=False,
        help_text="What a commander writes is never translated.",
    )
    zone = forms.ChoiceField(label="Time zone", required=False)
    preferred_channel = forms.ChoiceField(
        label="Preferred channel",
        choices=PREFERENCES,
        required=False,
        help_text="By which milestones come when the plan uses none of the channels of these addresses.",
    )
    quiet_from = forms.TimeField(
        label="No SMS from", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label="until", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        names = [(name, name) for name in zones()]
        self.fields["zone"].choices = [("", "The page’s own, or UTC"), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("quiet_from"), given.get("quiet_until")
        if (begins is None) != (ends is None) and not {"quiet_from", "quiet_until"} & self.errors.keys():
            self.add_error("quiet_until", "Quiet hours need a beginning and an end. Leave both empty for none.")
        elif begins is not None and begins == ends:
            self.add_error("quiet_until", "Quiet hours cannot end when they begin.")
        return given

    @property
    def habits(self) -> Habits:
        given = self.cleaned_data
        return Habits(
            language=given["language"] or usual().language,
            zone=given["zone"],
            preferred_channel=given["preferred_channel"],
            quiet_from=given["quiet_from"],
            quiet_until=given["quiet_until"],
        )


class PersonForm(HabitsForm):
    name = forms.CharField(max_length=100, error_messages={"required": "Write who it is."})
    ring = forms.ModelChoiceField(queryset=Ring.objects.none(), empty_label=None)
    addresses = forms.CharField(
        label="E-mail addresses and phone numbers",
        help_text="One a line. Phone numbers begin with + and the country code; they get SMS.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write at least one: without any, they cannot be reached."},
    )
    member = forms.ModelChoiceField(
        queryset=Member.objects.none(),
        label="Logs in as",
        required=False,
        empty_label="Does not log in, or has not said so",
        help_text="Then they see to all of this themselves, under their name at the top.",
    )
    field_order = ("name", "ring", "member", "addresses")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, person: Person | None = None, ring: Ring | None = None
    ) -> None:
        super().__init__(data, initial={"ring": ring, **initial_of(person)})
        self.fields["ring"].queryset = Ring.objects.all()  # type: ignore[attr-defined]
        members = Member.objects.select_related("user").order_by("user__name")
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
        self._person = person

    def clean_member(self) -> Member | None:
        member: Member | None = self.cleaned_data["member"]
        other = Person.objects.filter(member=member).first() if member else None
        if other and other != self._person:
            raise forms.ValidationError(f"{member} is {other.name or 'somebody else'} already.")
        return member

    def clean_addresses(self) -> list[Reachable]:
        """In the order typed, each once."""
        found: dict[str, Reachable] = {}
        sentences: list[str] = []
        for line in filter(str.strip, self.cleaned_data["addresses"].splitlines()):
            try:
                address = Reachable.parse(line)
            except forms.ValidationError as refusal:
                sentences += refusal.messages
            else:
                found.setdefault(address.normalised, address)
        if sentences:
            raise forms.ValidationError(sentences)
        return list(found.values())

    @property
    def details(self) -> Details:
        given = self.cleaned_data
        return Details(
            name=given["name"],
            ring=given["ring"],
            member=given["member"],
            addresses=given["addresses"],
            habits=self.habits,
        )


def own_initial(person: Person | None) -> dict[str, Any]:
    """How a member's own form shows them."""
    return asdict(Habits.of(person) if person else usual())


def initial_of(person: Person | None) -> dict[str, Any]:
    """How a form shows somebody; of nobody yet, what most want."""
    if person is None:
        return asdict(usual())
    lines = person.addresses.order_by("channel", "id").values_list("value", flat=True)
    ring = person.ring or Ring.objects.filter(is_open=True).first()
    who = {"name": person.name, "ring": ring, "member": person.member_id, "addresses": "\n".join(lines)}
    return {**asdict(Habits.of(person)), **who}
