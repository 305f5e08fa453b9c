"""Admins' doors to files of people: bring one, see what it holds, say yes, mend the rest; and take everybody out."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from statuspage.kit import clock
from statuspage.kit.csv_files import download
from statuspage.organizations.access import ConsoleRequest, asks_again, console, lead_to, may_edit_setup, to_the_button
from subscribers import exporting
from subscribers.import_forms import ConsentForm, FileForm
from subscribers.importing import agreeing, receiving, reporting
from subscribers.importing.columns import OWN
from subscribers.importing.models import UNDER_WAY, ImportFile
from subscribers.importing.problems import Problem

SHOWN = 20


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _list(request, FileForm())
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        brought = form.cleaned_data["file"]
        try:
            file = receiving.receive(form.cleaned_data["page"], brought.name, brought.chunks(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _to(request, file)
    return _list(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _list(request: ConsoleRequest, form: FileForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "form": form,
        "files": ImportFile.objects.select_related("by", "page")[:SHOWN],
        "under_way": ImportFile.objects.filter(state__in=UNDER_WAY).first(),
        "columns": OWN,
        "problems": list(Problem),
    }
    return render(request, "console/imports/list.html", context, status=status)


@console
@may_edit_setup
@require_safe
def import_file(request: ConsoleRequest, public_id: str) -> HttpResponse:
    return _show(request, _find(public_id), ConsentForm())


def _show(request: ConsoleRequest, file: ImportFile, form: ConsentForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "file": file,
        "form": form,
        "progress": reporting.progress(file, clock.now()),
        "rows": [] if file.stage.is_over else reporting.first_rows(file),
        "counts": reporting.counts(file),
    }
    return render(request, "console/imports/file.html", context, status=status)


@console
@may_edit_setup
@require_POST
def import_consent(request: ConsoleRequest, public_id: str) -> HttpResponse:
    file, form = _find(public_id), ConsentForm(request.POST)
    if form.is_valid():
        try:
            agreeing.begin(file, form.given(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _to(request, file)
    return _show(request, file, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_POST
def import_removal(request: ConsoleRequest, public_id: str) -> HttpResponse:
    file = _find(public_id)
    receiving.drop(file, by=request.user)
    messages.success(request, f"{file} is forgotten. Whoever was added already stays.")
    return lead_to(request, "imports")


@console
@may_edit_setup
@require_safe
def import_rejected(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    file = _find(public_id)
    return download(f"rejected-{file.public_id}.csv", reporting.rejected(file))


@console
@may_edit_setup
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: ConsoleRequest) -> HttpResponseBase:
    """Everybody, as CSV. POST, because who took it is written down."""
    if request.method != "POST":
        return to_the_button(request, "subscribers", button="Export everybody")
    rows = exporting.begin(request.organization, by=request.user)
    return download(f"people-of-{request.organization.slug}.csv", rows)


def _find(public_id: str) -> ImportFile:
    return get_object_or_404(ImportFile.objects.select_related("page", "by", "organization"), public_id=public_id)


def _to(request: ConsoleRequest, file: ImportFile) -> HttpResponse:
    return lead_to(request, "import_file", file.public_id)
