"""What an admin types about who may look at a page."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from statuspage.kit.domains import ascii_domain
from statuspage.kit.networks import read_network
from statuspage.organizations.models import Ring
from statuspage.pages.audience import Audience
from statuspage.pages.guarding import AudienceDraft
from statuspage.pages.models import Page

MOST = 100
"""Domains, or networks, of one page."""


class LinesField(forms.CharField):
    """One thing in a line. Each is read by `read`, which raises ValueError for what it cannot understand."""

    def __init__(self, *, read: Callable[[str], str], wrong: str, **options: Any) -> None:
        area = forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(required=False, max_length=10_000, widget=area, **options)
        self._read, self._wrong = read, wrong

    def clean(self, value: Any) -> Any:
        typed = str(super().clean(value)).replace(",", "\n").split()
        if len(typed) > MOST:
            raise ValidationError(f"At most {MOST}. Take some out.")
        found: dict[str, None] = {}
        for text in typed:
            try:
                found[self._read(text)] = None
            except ValueError:
                raise ValidationError(self._wrong.format(text=text)) from None
        return tuple(found)


def _network(text: str) -> str:
    network = read_network(text)
    if network.prefixlen == 0:
        raise ValueError("That is everybody")
    return str(network)


class AudienceForm(forms.Form):
    audience = forms.ChoiceField(choices=Audience.choices(), widget=forms.RadioSelect)
    password = forms.CharField(
        required=False,
        max_length=128,
        strip=False,
        label="New password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    email_domains = LinesField(
        label="E-mail domains",
        read=lambda text: ascii_domain(text.removeprefix("@")),
        wrong="“{text}” is not a domain. Write what stands behind the @, for example acme.com.",
        help_text="One in a line: what stands behind the @. Subdomains count as others.",
    )
    networks = LinesField(
        label="Networks",
        read=_network,
        wrong="“{text}” is not a network. Write an address or a network, for example 192.0.2.0/24.",
        help_text="One in a line: 192.0.2.0/24, 2001:db8::/32, or a single address.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, page: Page) -> None:
        lines = {name: "\n".join(getattr(page, name)) for name in ("email_domains", "networks")}
        super().__init__(data, initial={"audience": page.audience, **lines})
        self._has_password = bool(page.password)
        self.fields["password"].help_text = (
            "Empty: it stays as it is. Whoever came in with the old one has to type the new one."
            if page.password
            else "At least ten characters, and none that many others use. It is never shown again."
        )

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if typed:
            validate_password(typed)
        return typed

    def clean(self) -> dict[str, Any]:
        """An audience comes with what it needs."""
        given = self.cleaned_data
        needed = {
            Audience.PASSWORD.value: ("password", self._has_password, "Choose a password."),
            Audience.EMAIL.value: ("email_domains", False, "Name at least one domain."),
            Audience.NETWORK.value: ("networks", False, "Name at least one network, or nobody could look."),
        }
        name, is_there, sentence = needed.get(given.get("audience", ""), ("", True, ""))
        if not is_there and not given.get(name) and name not in self.errors:
            self.add_error(name, sentence)
        return given

    def draft(self) -> AudienceDraft:
        given = self.cleaned_data
        return AudienceDraft(
            audience=Audience(given["audience"]),
            password=given["password"],
            email_domains=given["email_domains"],
            networks=given["networks"],
        )


class RingLinkForm(forms.Form):
    ring = forms.ModelChoiceField(queryset=Ring.objects.none(), label="Reads as", empty_label=None)
    label = forms.CharField(
        max_length=100,
        label="Who it is for",
        help_text="So that you know later which one to take back: “Support's big screen”.",
        validators=[RegexValidator(r"^[^\x00-\x1f\x7f]*$", "Write it in one line.")],
        error_messages={"required": "Say who it is for, so that you know later which one to take back."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["ring"].queryset = Ring.objects.all()  # type: ignore[attr-defined]
