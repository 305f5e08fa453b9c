"""What an admin types into their own words for a message."""

from collections.abc import Mapping
from typing import Any

from django import forms

from notifications import own_words
from notifications.own_words import MOST_SEGMENTS, OwnWords
from notifications.reading import Reading
from notifications.wording import EVERY, Place, kinds
from statuspage.kit import gsm7
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.languages import LANGUAGES


class WordsForm(forms.Form):
    """Refuses what own_words refuses, and an SMS too long for ordinary words: those of `sample`."""

    subject = forms.CharField(
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "true"}),
        help_text="One line. It must hold {title}.",
    )
    body = forms.CharField(
        required=False,
        strip=False,
        label="Words",
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        place: Place,
        sample: Reading,
        own: OwnWords | None,
    ) -> None:
        begin = own or own_words.starter(place.use)
        super().__init__(data, initial={"subject": begin.subject, "body": begin.body})
        self.place, self.sample = place, sample
        needed = ", ".join(f"{{{name}}}" for name in own_words.compulsory("body", place.use))
        self.fields[
            "body"
        ].help_text = f"Needed: {needed}. Paragraphs are kept; a line that comes to nothing is left out."
        if place.channel is Channel.SMS:
            del self.fields["subject"]
            self.fields["body"].widget.attrs["rows"] = 5

    @property
    def own(self) -> OwnWords:
        """As typed, whether right or not."""
        given = self.data if self.is_bound else self.initial
        subject = "" if self.place.channel is Channel.SMS else given.get("subject", "")
        return OwnWords(subject=subject.strip(), body=_lines(given.get("body", "")))

    def clean(self) -> dict[str, Any]:
        for field, sentence in own_words.refusals(self.own, self.place.use).items():
            self.add_error(field, sentence)
        if not self.errors and self.place.channel is Channel.SMS:
            self._refuse_long_sms()
        return self.cleaned_data

    def _refuse_long_sms(self) -> None:
        text = own_words.sms_as_written(self.own, self.sample)
        number = gsm7.segments(text)
        if number > MOST_SEGMENTS:
            why = "" if gsm7.is_plain(text) else " Some of its characters let only 70 of them into one."
            sentence = f"With ordinary values this takes {number} SMS; {MOST_SEGMENTS} are the most: shorten it.{why}"
            self.add_error("body", sentence)


class PlaceForm(forms.Form):
    """Which words: all of it chosen from lists."""

    kind = forms.ChoiceField()
    ring = forms.ChoiceField()
    channel = forms.ChoiceField(choices=[(each.value, each.label) for each in own_words.CHANNELS])
    language = forms.ChoiceField(choices=LANGUAGES)

    def __init__(self, data: Mapping[str, Any] | None = None, *, place: Place | None = None) -> None:
        super().__init__(data, initial=_chosen(place) if place else {})
        rings = [(ring.key, ring.name) for ring in Ring.objects.all()]
        self.fields["kind"].choices = [(kind, name) for kind, name, _when in kinds()]  # type: ignore[attr-defined]
        self.fields["ring"].choices = [(EVERY, "Every ring"), *rings]  # type: ignore[attr-defined]

    def place(self) -> Place | None:
        """None when one of these does not exist, or is another organization's."""
        if not self.is_valid():
            return None
        chosen = self.cleaned_data
        ring = None if chosen["ring"] == EVERY else Ring.objects.get(key=chosen["ring"])
        return Place(kind=chosen["kind"], ring=ring, channel=Channel(chosen["channel"]), language=chosen["language"])


def _chosen(place: Place) -> dict[str, str]:
    return {
        "kind": place.kind,
        "ring": place.ring_key,
        "channel": place.channel.value,
        "language": place.language,
    }


def _lines(typed: str) -> str:
    """With one kind of line end, and nothing around it."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()
