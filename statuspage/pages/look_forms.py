"""What an owner may choose about a page's look and words. Names of fields are the page's own.

`changes()` is what of it is right; a door saves it when all of it is, a preview shows it as far as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import EmailValidator, RegexValidator, URLValidator
from django.forms import BoundField

from statuspage.pages import pictures
from statuspage.pages.colours import ACCENT, ACCENT_DARK, DARK, LIGHT, Mended, mend, on_accent, parse
from statuspage.pages.languages import LANGUAGES
from statuspage.pages.models import Page, PageImage
from statuspage.pages.pictures import Picture, PictureError

MOST_LINKS = 8
LONGEST_ZONE = 40

_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")
"""What breaks lines where there must be one, and what turns the direction of everything behind it."""
_ends_line = RegexValidator(
    _INVISIBLE, "Take out the invisible characters: they may have come along when you copied it.", inverse_match=True
)
_is_https = URLValidator(schemes=["https"], message="Write the whole address, beginning with https://.")
_is_email = EmailValidator("Write an e-mail address, or an address that begins with https://.")
_HINTS = {
    PageImage.Kind.LOGO: "In the header, instead of your initial and the page's name. Best 96 pixels high.",
    PageImage.Kind.LOGO_DARK: "For readers whose screen is dark. Without one, the logo above is shown there, too.",
    PageImage.Kind.FAVICON: "In the browser's tab while all is well; a square of 180 pixels or more.",
}


class ColourField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=20, required=False, **options)
        self.widget.attrs.update(
            {"autocomplete": "off", "spellcheck": "false", "data-colour": "", "placeholder": "#1f4fd8"}
        )

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        try:
            return parse(typed) if typed else ""
        except ValueError as refusal:
            raise ValidationError(str(refusal)) from refusal


class PageForm(forms.Form):
    """Filled in with what the page has now."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, page: Page) -> None:
        super().__init__(data, initial=self.initial_of(page))
        self.page = page

    def initial_of(self, page: Page) -> dict[str, Any]:
        return {name: getattr(page, name) for name in self.base_fields}

    def changes(self) -> dict[str, Any]:
        """By the page's own fields. Valid ones only."""
        self.full_clean()
        return dict(self.cleaned_data) if self.is_bound else {}


class LookForm(PageForm):
    accent = ColourField(label="Colour", help_text="For links, buttons and your initial. Empty: Ripple's blue.")
    accent_dark = ColourField(
        label="Colour in the dark", help_text="For readers whose screen is dark. Empty: made from the colour above."
    )

    def shades(self) -> list["Shade"]:
        """What becomes of each, beside its field."""
        chosen = {"accent": self.page.accent, "accent_dark": self.page.accent_dark} | self.changes()
        light = chosen["accent"]
        dark = chosen["accent_dark"] or light
        return [
            Shade(self["accent"], mend(light or ACCENT, on=LIGHT), LIGHT[0]),
            Shade(self["accent_dark"], mend(dark or ACCENT_DARK, on=DARK), DARK[0]),
        ]


@dataclass(frozen=True, slots=True)
class Shade:
    """A field for a colour, and what is made of it on this background."""

    field: BoundField
    mended: Mended
    ground: str

    @property
    def on_accent(self) -> str:
        return on_accent(self.mended.colour)


class PictureForm(forms.Form):
    """One file, for one purpose. What is read from it is its picture."""

    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        error_messages={"required": "Choose a picture.", "empty": "There is nothing in this file. Choose another."},
    )

    def __init__(self, data: Any = None, files: Any = None, *, kind: PageImage.Kind) -> None:
        super().__init__(data, files, auto_id=f"{kind.value}_%s")
        self.kind = kind
        self.fields["file"].label = kind.label
        self.fields["file"].help_text = _HINTS[kind]

    def clean_file(self) -> Picture:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        read = pictures.icon if self.kind is PageImage.Kind.FAVICON else pictures.logo
        try:
            return read(file.read(pictures.MOST_BYTES + 1))
        except PictureError as refusal:
            raise ValidationError(str(refusal)) from refusal


class LinkForm(forms.Form):
    label = forms.CharField(max_length=40, required=False, validators=[_ends_line])
    url = forms.CharField(max_length=500, required=False, label="Address", validators=[_is_https])

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("url") and not given.get("label") and "label" not in self.errors:
            self.add_error("label", "Say in a word or two where it leads.")
        if given.get("label") and not given.get("url") and "url" not in self.errors:
            self.add_error("url", "Write the address it leads to.")
        return given


LinkForms = forms.formset_factory(LinkForm, extra=2, max_num=MOST_LINKS, absolute_max=MOST_LINKS)


class TextsForm(PageForm):
    name = forms.CharField(
        max_length=100,
        validators=[_ends_line],
        help_text="In the page's header, titles and mails.",
        error_messages={"required": "Give the page a name."},
    )
    intro = forms.CharField(
        max_length=2000,
        required=False,
        label="Introduction",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="A few words under the headline. Markdown: **bold**, lists, [links](https://example.com).",
    )
    support_url = forms.CharField(
        max_length=200,
        required=False,
        label="Support",
        validators=[_is_https],
        help_text="Where visitors get help. It is linked as “Contact support”.",
    )
    zone = forms.CharField(
        max_length=LONGEST_ZONE,
        label="Time zone",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text="For the times and the days on the page: a city near you, as in Europe/Berlin.",
    )
    security_contact = forms.CharField(
        max_length=255,
        required=False,
        help_text="Where finders of a weakness write to: an e-mail address or https://. Published as security.txt.",
    )
    is_found_by_search = forms.BooleanField(required=False, label="Search engines may list the page")
    incident_raises_indicator = forms.BooleanField(
        required=False,
        label="Programs made for Statuspage hear of trouble from open incidents, too, not from services only",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, page: Page) -> None:
        super().__init__(data, page=page)
        self.links = LinkForms(data, prefix="links", initial=page.links)
        for place in range(len(LANGUAGES)):
            self.fields[_language(place)] = _language_field(place)
            self.initial[_language(place)] = "".join(page.languages[place : place + 1])

    @property
    def languages(self) -> list[BoundField]:
        return [self[_language(place)] for place in range(len(LANGUAGES))]

    def is_valid(self) -> bool:
        return self.links.is_valid() and super().is_valid()

    def clean_zone(self) -> str:
        typed: str = self.cleaned_data["zone"]
        if typed in zones():
            return typed
        meant = next((zone for zone in zones() if typed.lower().replace(" ", "_") in zone.lower()), "")
        advice = f"Did you mean {meant}?" if meant else "Choose one from the list, for example Europe/Berlin."
        raise ValidationError(f"There is no time zone called “{typed}”. {advice}")

    def clean_security_contact(self) -> str:
        typed: str = self.cleaned_data["security_contact"]
        if not typed:
            return ""
        if typed.startswith("https:"):
            _is_https(typed)
            return typed
        address = typed.removeprefix("mailto:")
        _is_email(address)
        return f"mailto:{address}"

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        places = [given.pop(_language(place), "") for place in range(len(LANGUAGES))]
        chosen = [language for language in places if language]
        if len(set(chosen)) < len(chosen):
            self.add_error(_language(len(chosen) - 1), "Each language once.")
        elif chosen:
            given["languages"] = chosen
        return given

    def changes(self) -> dict[str, Any]:
        found = super().changes()
        rows = [form.cleaned_data for form in self.links if form.is_valid()]
        return found | {"links": [{"label": row["label"], "url": row["url"]} for row in rows if row.get("url")]}


@cache
def zones() -> list[str]:
    return sorted(zone for zone in available_timezones() if len(zone) <= LONGEST_ZONE)


def _language(place: int) -> str:
    return f"language_{place + 1}"


def _language_field(place: int) -> forms.ChoiceField:
    label = "Language" if place == 0 else f"Language {place + 1}"
    choices = LANGUAGES if place == 0 else [("", "None"), *LANGUAGES]
    return forms.ChoiceField(choices=choices, required=place == 0, label=label)
