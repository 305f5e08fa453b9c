"""Members' doors to who may look at a page: everybody's own way in, and for admins what lets others in."""

from http import HTTPStatus

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console
from statuspage.pages.admission import Admission, By, Invitation, for_link
from statuspage.pages.gate import address_on_page
from statuspage.pages.page_console import find


@console
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """To the page, as this member may read it. Where to is what is stored of the page, never what a request says."""
    page = find(public_id)
    if request.method == "POST" and page.url:
        to = address_on_page(request.POST.get("to", ""))
        invitation = Invitation(Admission(By.MEMBER, str(request.member.pk)), to)
        address = f"{page.url}/look/{for_link(invitation, page, now=clock.now())}"
        return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    context = {"page": page, "to": address_on_page(request.GET.get("to", ""))}
    answer = render(request, "console/pages/visit.html", context)
    if page.url:  # browsers look at where a form is sent on to as well, and this one leads to another host
        answer._csp_update = {"form-action": page.url}  # type: ignore[attr-defined]
    return answer
