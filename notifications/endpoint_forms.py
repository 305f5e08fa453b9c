"""What an admin types about an endpoint."""

from collections.abc import Mapping
from typing import Any

from django import forms

from notifications.channels.registry import ENDPOINTS
from statuspage.organizations.models import Ring
from statuspage.organizations.plan import Channel
from statuspage.pages.models import Page
from subscribers.models import Endpoint


def recognise(url: str) -> Channel:
    """Whose address it is, by its host; anybody else's is a webhook."""
    for channel, transport in ENDPOINTS.items():
        if channel is not Channel.WEBHOOK and transport.knows(url):
            return channel
    return Channel.WEBHOOK


_NAMELESS = {"required": "Give it a name that your colleagues know it by."}


class NewEndpointForm(forms.Form):
    url = forms.CharField(
        label="Its address",
        max_length=2000,
        help_text="What Slack, Microsoft Teams, Discord or Google Chat gave you for the room, where your own program"
        " listens, or the address of a profile on Mastodon, Bluesky or X. It must begin with https://.",
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Paste the address."},
    )
    name = forms.CharField(
        max_length=100,
        help_text="As your colleagues know it: “#incidents”, “Ticket system”",
        error_messages=_NAMELESS,
    )
    ring = forms.ModelChoiceField(
        queryset=Ring.objects.none(),
        empty_label=None,
        help_text="It hears what this ring hears, when it hears it. An inner ring's words are read by everybody in the"
        " room. An open ring's are public.",
    )
    page = forms.ModelChoiceField(
        queryset=Page.objects.none(),
        required=False,
        empty_label="Every page",
        help_text="For an open ring: whose messages",
    )
    token = forms.CharField(
        required=False,
        max_length=1000,
        label="Token or password",
        help_text="For a Mastodon, Bluesky or X profile only: an access token that may write; an app password; or the"
        " API key, its secret, the access token and its secret, with spaces between.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.EmailField(
        required=False, label="Contact", help_text="Who is written to when it stops working. Empty: owners and admins"
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.fields["ring"].queryset = Ring.objects.all()  # type: ignore[attr-defined]
        self.fields["page"].queryset = Page.objects.all()  # type: ignore[attr-defined]


class EndpointForm(forms.Form):
    name = forms.CharField(max_length=100, error_messages=_NAMELESS)
    contact = forms.EmailField(required=False, help_text=NewEndpointForm.base_fields["contact"].help_text)

    def __init__(self, data: Mapping[str, Any] | None = None, *, endpoint: Endpoint) -> None:
        super().__init__(data, initial={"name": endpoint.address.person.name, "contact": endpoint.contact})
