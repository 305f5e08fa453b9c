"""What an admin types about a person."""

from collections.abc import Mapping
from typing import Any

from django import forms

from statuspage.organizations.models import Ring
from subscribers.models import Person
from subscribers.reaching import Reachable


class PersonForm(forms.Form):
    name = forms.CharField(max_length=100)
    ring = forms.ModelChoiceField(queryset=Ring.objects.none(), empty_label=None)
    addresses = forms.CharField(
        label="E-mail addresses and phone numbers",
        help_text="One a line. Phone numbers begin with + and the country code; they get SMS.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, person: Person | None = None, ring: Ring | None = None
    ) -> None:
        super().__init__(data, initial={"ring": ring, **_initial(person)})
        self.fields["ring"].queryset = Ring.objects.all()  # type: ignore[attr-defined]

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


def _initial(person: Person | None) -> dict[str, Any]:
    if person is None:
        return {}
    lines = person.addresses.order_by("channel", "id").values_list("value", flat=True)
    ring = person.ring or Ring.objects.filter(is_open=True).first()
    return {"name": person.name, "ring": ring, "addresses": "\n".join(lines)}
