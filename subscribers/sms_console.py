"""Admins' door to what SMS may cost and where they may go."""

from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.organizations.models import Organization
from subscribers import limiting
from subscribers.countries import known


class SmsForm(forms.Form):
    most_a_day = forms.IntegerField(
        min_value=0,
        max_value=limiting.MOST_A_DAY,
        label="At most so many a day",
        help_text="Counted in parts of 160 characters, as you pay for them. 0: nobody gets any.",
        error_messages={
            "required": "Type a number. 0 means that nobody gets any.",
            "invalid": "Type a whole number, without a unit.",
            "min_value": "Less than nothing cannot be sent.",
            "max_value": f"More than {limiting.MOST_A_DAY:,} a day cannot be set.",
        },
    )
    countries = forms.MultipleChoiceField(
        required=False,
        label="Countries",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "“%(value)s” is none of these countries."},
    )

    def __init__(self, data: object = None, *, organization: Organization) -> None:
        given = {"most_a_day": organization.most_sms_a_day, "countries": organization.sms_countries}
        super().__init__(data, initial=given)  # type: ignore[arg-type]
        by_name = sorted(known(), key=lambda country: country.name)
        self.fields["countries"].choices = [(country.code, country.name) for country in by_name]  # type: ignore[attr-defined]


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def sms(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _screen(request, SmsForm(organization=request.organization))
    form = SmsForm(request.POST, organization=request.organization)
    if not form.is_valid():
        return _screen(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    is_changed = limiting.change(
        request.organization, most_a_day=given["most_a_day"], countries=given["countries"], by=request.user
    )
    messages.success(request, "Saved, and true from the next SMS on." if is_changed else "Nothing was different.")
    return lead_to(request, "sms")


def _screen(request: ConsoleRequest, form: SmsForm, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    spent, most = limiting.spent(clock.now().date()), request.organization.most_sms_a_day
    context = {
        "form": form,
        "spent": spent,
        "most": most,
        "share": min(100, round(100 * spent.today / most)) if most else 100,
        "is_used_up": spent.today >= most,
    }
    return render(request, "console/subscribers/sms.html", context, status=status)
