"""Choosing a role: only from those that somebody may give, each with what it does."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget

from statuspage.kit.mailboxes import Mailbox
from statuspage.organizations.models import Member, Role


class RoleForm(forms.Form):
    """`by` is who chooses."""

    role = forms.TypedChoiceField(
        label="What may they do?",
        coerce=Role,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one.", "invalid_choice": "Choose one of these."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, by: Member, role: Role | None = None) -> None:
        super().__init__(data, initial={"role": role.value if role else None})
        given = [role for role in Role if Role(by.role).may_give(role)]
        self.fields["role"].choices = [(role.value, role.label) for role in given]  # type: ignore[attr-defined]

    def roles(self) -> Iterator[tuple[BoundWidget, Role]]:
        for choice in self["role"]:
            yield choice, Role(choice.data["value"])


class InvitationForm(RoleForm):
    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="They get a link that works once, for seven days.",
        error_messages={"required": "Write the address that the invitation goes to."},
    )
    field_order = ("email", "role")

    def clean_email(self) -> str:
        try:
            return str(Mailbox.parse(self.cleaned_data["email"])).lower()
        except ValueError:
            raise forms.ValidationError("This is no e-mail address. Look for a slip of the finger.") from None
