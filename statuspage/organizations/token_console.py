"""Admins' doors to the tokens that let programs act for the organization."""

from datetime import timedelta
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from statuspage.kit import clock
from statuspage.organizations import tokens
from statuspage.organizations.access import ConsoleRequest, asks_again, console, lead_to, may_edit_setup
from statuspage.organizations.models import ApiToken, Scope

LASTS = {30: "30 days", 90: "90 days", 365: "A year"}


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        max_length=80,
        help_text="For example: HR system, every night",
        error_messages={"required": "Say what it is for, so that you know later which one to take back."},
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.TypedChoiceField(label="How long?", choices=list(LASTS.items()), coerce=int, initial=90)


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def api_tokens(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _list(request, TokenForm())
    form = TokenForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        scopes = [Scope(scope) for scope in given["scopes"]]
        lasts, now = timedelta(days=given["days"]), clock.now()
        try:
            _row, token = tokens.make(
                request.organization, given["name"], scopes=scopes, lasts=lasts, now=now, by=request.user
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            # Not a redirect: this answer is the only place where the token ever stands.
            return _list(request, TokenForm(), token=token, status=HTTPStatus.CREATED)
    return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _list(request: ConsoleRequest, form: TokenForm, *, token: str = "", status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "form": form,
        "token": token,
        "now": clock.now(),
        "rows": ApiToken.objects.filter(revoked_at=None).select_related("made_by"),
    }
    return render(request, "console/tokens.html", context, status=status)


@console
@may_edit_setup
@require_POST
def api_token_revocation(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = get_object_or_404(ApiToken.objects.select_related("organization"), public_id=public_id)
    tokens.revoke(row, now=clock.now(), by=request.user)
    messages.success(request, f"“{row}” opens nothing any more.")
    return lead_to(request, "api_tokens")
