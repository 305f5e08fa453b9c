"""Admins' doors to how a page looks and what it says of itself."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.pages import styling
from statuspage.pages.documents import assets
from statuspage.pages.look import SCHEMES, in_scheme, look_of
from statuspage.pages.look_forms import LookForm, PageForm, PictureForm, TextsForm, zones
from statuspage.pages.models import Page, PageImage
from statuspage.pages.page_console import find
from statuspage.pages.pictures import inlined


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    form = LookForm(request.POST if request.method == "POST" else None, page=page)
    if form.is_valid():
        return _save(request, page, form, "look")
    return _look_screen(request, page, form=form)


@console
@may_edit_setup
@require_POST
def page_image(request: ConsoleRequest, public_id: str, kind: str) -> HttpResponse:
    page, known_kind = find(public_id), _kind(kind)
    form = PictureForm(request.POST, request.FILES, kind=known_kind)
    if not form.is_valid():
        return _look_screen(request, page, form=LookForm(page=page), refused=form)
    styling.give_picture(page, known_kind, form.cleaned_data["file"], by=request.user)
    messages.success(request, "The picture is saved. Visitors see it in a moment.")
    return lead_to(request, "look", page.public_id)


@console
@may_edit_setup
@require_POST
def page_image_removal(request: ConsoleRequest, public_id: str, kind: str) -> HttpResponse:
    page = find(public_id)
    if styling.remove_picture(page, _kind(kind), by=request.user):
        messages.success(request, "The picture is removed.")
    return lead_to(request, "look", page.public_id)


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    form = TextsForm(request.POST if request.method == "POST" else None, page=page)
    if form.is_valid():
        return _save(request, page, form, "texts")
    return _screen(request, "texts", {"page": page, "form": form, "zones": zones()})


@console
@may_edit_setup
@require_safe
def look_style(request: ConsoleRequest, public_id: str, scheme: str) -> HttpResponse:
    """All the style of a page, as on a screen that is light, or dark, with the colours in the address: for previews."""
    if scheme not in SCHEMES:
        raise Http404
    page = find(public_id)
    style, _script = assets()
    draft = styling.with_changes(page, LookForm(request.GET, page=page).changes())
    theme = look_of(draft).theme
    sheets = b"\n".join(sheet.body for sheet in (style, theme) if sheet)
    return HttpResponse(in_scheme(sheets.decode(), scheme), content_type="text/css; charset=utf-8")


def _save(request: ConsoleRequest, page: Page, form: PageForm, name: str) -> HttpResponse:
    if styling.restyle(page, form.changes(), by=request.user):
        messages.success(request, "Saved. Visitors see it in a moment.")
    else:
        messages.success(request, "Nothing was different.")
    return lead_to(request, name, page.public_id)


def _kind(kind: str) -> PageImage.Kind:
    try:
        return PageImage.Kind(kind)
    except ValueError as unknown:
        raise Http404 from unknown


def _look_screen(
    request: ConsoleRequest, page: Page, *, form: LookForm, refused: PictureForm | None = None
) -> HttpResponse:
    forms = {kind: PictureForm(kind=kind) for kind in PageImage.Kind}
    if refused:
        forms[refused.kind] = refused
    images = {image.kind: inlined(bytes(image.body)) for image in page.images.all()}
    pictures = [(each, images.get(kind)) for kind, each in forms.items()]
    return _screen(request, "look", {"page": page, "form": form, "pictures": pictures, "look": look_of(page)})


def _screen(request: ConsoleRequest, name: str, context: dict[str, object]) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, f"console/pages/{name}.html", context, status=status)
