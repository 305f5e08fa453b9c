"""Doors to who may log in. Everybody in the organization may look, admins change; everybody may go."""

from http import HTTPStatus
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.views.decorators.http import require_http_methods, require_safe

from statuspage.kit import clock
from statuspage.organizations import membership
from statuspage.organizations.access import ConsoleRequest, asks_again, console, lead_to, may_edit_setup
from statuspage.organizations.models import Invitation, Member, Role
from statuspage.organizations.role_forms import RoleForm
from subscribers import belonging, parting
from subscribers.models import Person

A_PAGE_OF = 100
NOT_YOURS = "Only owners can change or remove an owner, and only owners and admins other members. Ask one of them."


class PartingForm(forms.Form):
    """What becomes of the person that a member is. Only admins choose: a ring counts on who is in it."""

    still_told = forms.TypedChoiceField(
        label="And what they are told?",
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )

    def __init__(self, data: object = None, *, person: Person) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        told = f"as one of {person.ring}" if person.ring else "what they subscribed to"
        self.fields["still_told"].choices = [  # type: ignore[attr-defined]
            ("yes", f"They go on being told, {told}"),
            ("no", "They are told no more: they and their addresses are removed from People"),
        ]


@console
@require_safe
def members(request: ConsoleRequest) -> HttpResponse:
    sought = request.GET.get("sought", "").strip()
    may_edit = request.member.may_edit_setup
    context = {
        "sought": sought,
        "query": urlencode({"sought": sought}) if sought else "",
        "page": Paginator(_sought(sought), A_PAGE_OF).get_page(request.GET.get("page")),
        "roles": list(Role),
        "invitations": Invitation.objects.select_related("invited_by") if may_edit else [],
        "is_alone": Member.objects.count() == 1,
        "now": clock.now(),
    }
    return render(request, "console/members/list.html", context)


def _sought(sought: str) -> QuerySet[Member]:
    """The strongest first, then by name."""
    rank = Case(*(When(role=role, then=place) for place, role in enumerate(Role)), output_field=IntegerField())
    rows = Member.objects.select_related("user").prefetch_related("people__ring")
    if sought:
        rows = rows.filter(Q(user__name__icontains=sought) | Q(user__email__icontains=sought))
    return rows.order_by(rank, "user__name", "user__email", "pk")


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: ConsoleRequest, member_id: int) -> HttpResponse:
    """One member's role."""
    row = _find(member_id)
    if not _may_change(request, row):
        return _refuse(request)
    form = RoleForm(request.POST if request.method == "POST" else None, by=request.member, role=Role(row.role))
    if form.is_valid():
        role = form.cleaned_data["role"]
        try:
            membership.change_role(row, role, by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _to_members(request, f"{row} is {role.label.lower()} now.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "it": row, "person": belonging.person_of(row)}
    return render(request, "console/members/member.html", context, status=status)


@console
@require_http_methods(["GET", "HEAD", "POST"])
def member_removal(request: ConsoleRequest, member_id: int) -> HttpResponse:
    """GET asks, with what becomes of the person they are. One's own is leaving."""
    row = _find(member_id)
    if row != request.member and not _may_change(request, row):
        return _refuse(request)
    return _part(request, row)


@asks_again
def _part(request: ConsoleRequest, row: Member) -> HttpResponse:
    name, person = str(row), belonging.person_of(row)
    is_asked = person is not None and request.member.may_edit_setup
    data = request.POST if request.method == "POST" else None
    form = PartingForm(data, person=person) if person and is_asked else forms.Form(data)
    if form.is_valid():
        told = form.cleaned_data.get("still_told", True)
        try:
            parting.part(row, by=request.user, is_still_told=told, now=clock.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _parted(request, row, name)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"form": form, "it": row, "person": person, "is_asked": is_asked, "is_self": row == request.member}
    return render(request, "console/members/removal.html", context, status=status)


def _parted(request: ConsoleRequest, row: Member, name: str) -> HttpResponse:
    if row.user_id == request.user.pk:
        messages.success(request, f"You have left {request.organization}.")
        return HttpResponseRedirect(resolve_url("home"), status=HTTPStatus.SEE_OTHER)
    return _to_members(request, f"{name} is no member any more, and can look at nothing here from now on.")


def _may_change(request: ConsoleRequest, row: Member) -> bool:
    return Role(request.member.role).may_give(Role(row.role))


def _refuse(request: ConsoleRequest) -> HttpResponse:
    return render(request, "console/not_allowed.html", {"sentence": NOT_YOURS}, status=HTTPStatus.FORBIDDEN)


def _find(member_id: int) -> Member:
    return get_object_or_404(Member.objects.select_related("user", "organization"), pk=member_id)


def _to_members(request: ConsoleRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return lead_to(request, "members")
