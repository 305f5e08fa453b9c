"""Admins' doors to services and groups. Everybody may look."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.pages import arranging
from statuspage.pages.models import Page, Service, ServiceGroup
from statuspage.pages.service_forms import GroupForm, ServiceForm
from statuspage.pages.status import ServiceStatus


@console
@require_http_methods(["GET", "HEAD", "POST"])
def services(request: ConsoleRequest) -> HttpResponse:
    return _add(request) if request.method == "POST" else _list(request)


def _list(request: ConsoleRequest) -> HttpResponse:
    rows = Service.objects.living().select_related("group").prefetch_related("pages")
    groups: dict[ServiceGroup | None, list[Service]] = {group: [] for group in ServiceGroup.objects.all()}
    for service in rows:
        groups.setdefault(service.group, []).append(service)
    context = {
        "groups": groups.items(),
        "has_services": any(groups.values()),
        "pages": Page.objects.prefetch_related("hosts"),
        "statuses": ServiceStatus.choices(),
    }
    return render(request, "console/services/list.html", context)


@may_edit_setup
def _add(request: ConsoleRequest) -> HttpResponse:
    form = ServiceForm(request.POST)
    if form.is_valid():
        try:
            service = arranging.add_service(request.organization, form.draft(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{service} is added.")
            return lead_to(request, "services")
    return _edit(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_safe
def new_service(request: ConsoleRequest) -> HttpResponse:
    return _edit(request, ServiceForm())


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = _find(public_id)
    if request.method != "POST":
        return _edit(request, ServiceForm(service=row), service=row)
    form = ServiceForm(request.POST, service=row)
    if form.is_valid():
        try:
            arranging.change_service(row, form.draft(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{row} is saved.")
            return lead_to(request, "services")
    return _edit(request, form, service=row, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_POST
def archival(request: ConsoleRequest, public_id: str) -> HttpResponse:
    row = _find(public_id)
    arranging.archive_service(row, by=request.user)
    messages.success(request, f"{row} is archived. Its history stays.")
    return lead_to(request, "services")


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def service_group(request: ConsoleRequest, public_id: str) -> HttpResponse:
    group = get_object_or_404(ServiceGroup.objects.all(), public_id=public_id)
    form = GroupForm(request.POST) if request.method == "POST" else GroupForm(initial={"name": group.name})
    if form.is_valid():
        try:
            arranging.rename_group(group, form.cleaned_data["name"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return lead_to(request, "services")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "console/services/group.html", {"form": form, "group": group}, status=status)


def _find(public_id: str) -> Service:
    return get_object_or_404(Service.objects.living().select_related("group", "organization"), public_id=public_id)


def _edit(
    request: ConsoleRequest, form: ServiceForm, *, service: Service | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "console/services/edit.html", {"form": form, "service": service}, status=status)
