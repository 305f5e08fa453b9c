"""Members' doors to who may look at a page: everybody's own way in, and for admins what lets others in."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.pages import guarding, ring_links
from statuspage.pages.admission import Admission, By, Link, for_link
from statuspage.pages.audience import Audience
from statuspage.pages.audience_forms import AudienceForm, RingLinkForm
from statuspage.pages.gate import address_on_page
from statuspage.pages.models import Page, RingLink
from statuspage.pages.page_console import find


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    form = AudienceForm(request.POST if request.method == "POST" else None, page=page)
    if not form.is_valid():
        return _screen(request, page, form=form)
    draft = form.draft()
    guarding.guard(page, draft, by=request.user)
    is_public = draft.audience is Audience.PUBLIC
    messages.success(
        request,
        "Saved. Everybody can see the page in a moment."
        if is_public
        else "Saved. The page has no public files any more.",
    )
    return _back(request, page)


@console
@may_edit_setup
@require_POST
def key(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    guarding.take_everything_back(page, by=request.user)
    messages.success(request, "Everything is taken back. The ring links below have new addresses: hand them out anew.")
    return _back(request, page)


@console
@may_edit_setup
@require_POST
def ring_link(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    form = RingLinkForm(request.POST)
    if not form.is_valid():
        return _screen(request, page, link_form=form)
    link = ring_links.make(page, ring=form.cleaned_data["ring"], label=form.cleaned_data["label"], by=request.user)
    messages.success(request, f"The link for {link} is made. Copy it below.")
    return _back(request, page)


@console
@may_edit_setup
@require_POST
def revocation(request: ConsoleRequest, public_id: str, link_id: str) -> HttpResponse:
    page = find(public_id)
    link = get_object_or_404(RingLink.objects.select_related("organization").filter(page=page), public_id=link_id)
    ring_links.revoke(link, by=request.user)
    messages.success(request, f"The link for {link} is taken back. It opens nothing any more.")
    return _back(request, page)


@console
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: ConsoleRequest, public_id: str) -> HttpResponse:
    """To the page, as this member may read it. Where to is what is stored of the page, never what a request says."""
    page = find(public_id)
    if request.method == "POST" and page.url:
        to = address_on_page(request.POST.get("to", ""))
        link = Link(Admission(By.MEMBER, str(request.member.pk)), to)
        address = f"{page.url}/look/{for_link(link, page, now=clock.now())}"
        return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    context = {"page": page, "to": address_on_page(request.GET.get("to", ""))}
    answer = render(request, "console/pages/visit.html", context)
    if page.url:  # browsers look at where a form is sent on to as well, and this one leads to another host
        answer._csp_update = {"form-action": page.url}  # type: ignore[attr-defined]
    return answer


@dataclass(frozen=True, slots=True)
class Shared:
    """A ring link with its addresses: the page, the feed, the calendar."""

    link: RingLink
    page: str
    feed: str
    calendar: str

    @classmethod
    def of(cls, link: RingLink, page: Page) -> "Shared":
        address = f"{page.url}{ring_links.root_of(link)}"
        return cls(link, address, f"{address}/history.atom", f"{address}/maintenance.ics")


def _screen(
    request: ConsoleRequest, page: Page, *, form: AudienceForm | None = None, link_form: RingLinkForm | None = None
) -> HttpResponse:
    links = RingLink.objects.working().filter(page=page).select_related("ring", "page", "created_by")
    context = {
        "page": page,
        "form": form or AudienceForm(page=page),
        "link_form": link_form or RingLinkForm(),
        "shared": [Shared.of(link, page) for link in links],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "console/pages/audience.html", context, status=status)


def _back(request: ConsoleRequest, page: Page) -> HttpResponse:
    return lead_to(request, "audience", page.public_id)
