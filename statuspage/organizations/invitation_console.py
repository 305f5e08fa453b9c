"""Admins' doors to invitations: sent, sent again, withdrawn. Those that wait are listed with the members."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_http_methods

from statuspage.organizations import inviting
from statuspage.organizations.access import ConsoleRequest, asks_again, console, may_edit_setup, to_the_button
from statuspage.organizations.models import Invitation
from statuspage.organizations.role_forms import InvitationForm


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: ConsoleRequest) -> HttpResponse:
    """GET: the form of a new one."""
    if request.method != "POST":
        return render(request, "console/members/invite.html", {"form": InvitationForm(by=request.member)})
    form = InvitationForm(request.POST, by=request.member)
    if form.is_valid():
        given = form.cleaned_data
        try:
            inviting.invite(request.organization, given["email"], role=given["role"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _to_members(request, f"{given['email']} is invited: a link to join with is on its way.")
    return render(request, "console/members/invite.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_mail(request: ConsoleRequest, public_id: str) -> HttpResponse:
    said = "Another link is on its way to {}. The one before works no more."
    again = partial(inviting.send_again, by=request.user)
    return _do(request, public_id, again, said, button="Send again")


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_withdrawal(request: ConsoleRequest, public_id: str) -> HttpResponse:
    said = "The invitation of {} is withdrawn. Its link works no more."
    withdraw = partial(inviting.withdraw, by=request.user)
    return _do(request, public_id, withdraw, said, button="Withdraw")


def _do(
    request: ConsoleRequest, public_id: str, verb: Callable[[Invitation], object], said: str, *, button: str
) -> HttpResponse:
    row = get_object_or_404(Invitation.objects.select_related("organization"), public_id=public_id)
    if request.method != "POST":
        return to_the_button(request, "members", button=button)
    try:
        verb(row)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return _to_members(request)
    return _to_members(request, said.format(row))


def _to_members(request: ConsoleRequest, said: str = "") -> HttpResponse:
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(resolve_url("members", request.organization.slug), status=HTTPStatus.SEE_OTHER)
