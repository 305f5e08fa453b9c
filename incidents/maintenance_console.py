"""Commanders' doors to maintenance: the list, scheduling, and what is done in its room beside posting words."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from incidents import maintaining
from incidents.console import A_PAGE_OF, STATES, find, post_from, to_room
from incidents.forms import Setting
from incidents.maintenance_forms import BeginningForm, CancellationForm, CompletionForm, ScheduleForm, WindowForm
from incidents.models import Incident
from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, may_post


@console
@require_http_methods(["GET", "HEAD", "POST"])
def maintenance(request: ConsoleRequest) -> HttpResponse:
    return _schedule(request) if request.method == "POST" else _list(request)


def _list(request: ConsoleRequest) -> HttpResponse:
    """The latest window first: what lies ahead stands above what is over."""
    rows = Incident.objects.planned_work().annotate(touched=Count("affected")).order_by("-scheduled_for", "-number")
    context = {
        "page": Paginator(rows, A_PAGE_OF).get_page(request.GET.get("page")),
        "state": "maintenance",
        "states": STATES.items(),
        "open_count": Incident.objects.unplanned_work().open().count(),
        "planned_count": rows.open().count(),
        "now": clock.now(),
    }
    return render(request, "console/maintenance/list.html", context)


@may_post
def _schedule(request: ConsoleRequest) -> HttpResponse:
    form = ScheduleForm(request.POST, setting=Setting.of(request.organization))
    if form.is_valid():
        try:
            row = maintaining.schedule(request.organization, form.draft(), by=request.user)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Scheduled. It is announced now, and moves by itself from here on.")
            return to_room(request, row)
    return _new(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_post
@require_safe
def new_maintenance(request: ConsoleRequest) -> HttpResponse:
    return _new(request, ScheduleForm(setting=Setting.of(request.organization)))


def _new(request: ConsoleRequest, form: ScheduleForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "console/maintenance/new.html", {"form": form, "now": clock.now()}, status=status)


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def beginning(request: ConsoleRequest, number: int) -> HttpResponse:
    said = "It has begun. Its services are under maintenance."
    return post_from(request, find(number, is_planned=True), BeginningForm, said=said)


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def window(request: ConsoleRequest, number: int) -> HttpResponse:
    said = "The window has changed. Whoever heard of the old one hears of this one."
    return post_from(request, find(number, is_planned=True), WindowForm, said=said)


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def completion(request: ConsoleRequest, number: int) -> HttpResponse:
    said = "Finished. Its services are released, and whoever heard of it hears that it is over."
    return post_from(request, find(number, is_planned=True), CompletionForm, said=said)


@console
@may_post
@require_http_methods(["GET", "HEAD", "POST"])
def cancellation(request: ConsoleRequest, number: int) -> HttpResponse:
    said = "Cancelled. Whoever heard of it hears that it is off."
    return post_from(request, find(number, is_planned=True), CancellationForm, said=said)
