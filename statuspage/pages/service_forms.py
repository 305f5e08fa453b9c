"""What an admin types about services."""

from collections.abc import Mapping
from typing import Any

from django import forms

from statuspage.pages.arranging import ServiceDraft
from statuspage.pages.models import Page, Service, ServiceGroup


class ServiceForm(forms.Form):
    name = forms.CharField(
        max_length=100,
        error_messages={"required": "Give it a name: what your customers would call it when it breaks."},
    )
    description = forms.CharField(
        max_length=255, required=False, help_text="A few words for visitors who do not know the name."
    )
    group_name = forms.CharField(
        max_length=100, required=False, label="Group", help_text="A new name makes a new group. Empty: no group."
    )
    pages = forms.ModelMultipleChoiceField(
        queryset=Page.objects.none(), required=False, label="Shown on", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, service: Service | None = None) -> None:
        super().__init__(data, initial=_initial(service))
        self.groups = [group.name for group in ServiceGroup.objects.all()]
        self.fields["group_name"].widget.attrs["list"] = "groups"
        self.fields["pages"].queryset = Page.objects.all()  # type: ignore[attr-defined]

    def draft(self) -> ServiceDraft:
        given = self.cleaned_data
        return ServiceDraft(
            name=given["name"],
            description=given["description"],
            group_name=given["group_name"],
            pages=tuple(given["pages"]),
        )


class GroupForm(forms.Form):
    name = forms.CharField(max_length=100, label="New name", error_messages={"required": "Give it a name."})


def _initial(service: Service | None) -> dict[str, Any]:
    if service is None:
        return {"pages": Page.objects.all()}
    return {
        "name": service.name,
        "description": service.description,
        "group_name": service.group.name if service.group else "",
        "pages": service.pages.all(),
    }
