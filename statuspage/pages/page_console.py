"""Members' doors to the organization's pages: the list, and one page with what belongs to it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from statuspage.organizations.access import ConsoleRequest, console
from statuspage.pages.models import Page


@console
@require_safe
def pages(request: ConsoleRequest) -> HttpResponse:
    rows = Page.objects.prefetch_related("hosts", "services")
    return render(request, "console/pages/list.html", {"pages": rows})


@console
@require_safe
def page(request: ConsoleRequest, public_id: str) -> HttpResponse:
    return render(request, "console/pages/page.html", {"page": find(public_id)})


def find(public_id: str) -> Page:
    """The page of this organization, or 404. For every door below /pages/<public_id>/."""
    rows = Page.objects.select_related("organization").prefetch_related("hosts", "services")
    return get_object_or_404(rows, public_id=public_id)
