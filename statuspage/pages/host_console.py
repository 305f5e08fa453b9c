"""Admins' doors to a page's addresses: what it answers to, what is claimed, and what to write into the DNS."""

from datetime import datetime
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST

from statuspage.kit import clock, names
from statuspage.kit.proofs import State
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.organizations.proving import Outcome
from statuspage.pages import claiming, proving
from statuspage.pages.models import Host, Page
from statuspage.pages.page_console import find

SENTENCES = {
    Outcome.PROVEN: "{host} is proven. The page is found there in a moment.",
    Outcome.MISSING: "The record is not there yet. Name servers need a while: minutes mostly, sometimes an hour.",
    Outcome.NOT_KNOWN: "The name servers of {host} did not answer. That says nothing about the record: try again.",
    Outcome.TAKEN: "Your record is there, yet another organization here has {host}. Ask who runs this installation.",
    Outcome.TOO_SOON: "That was looked up a moment ago. Wait a few seconds.",
    Outcome.NOT_NEEDED: "{host} needs no record.",
}


class ClaimForm(forms.Form):
    name = forms.CharField(
        max_length=300,
        label="Domain",
        help_text="For example status.example.com",
        error_messages={"required": "Write the domain that visitors should type."},
    )


class SubdomainForm(forms.Form):
    label = forms.CharField(max_length=300, label="Name", error_messages={"required": "Write a name."})


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def hosts(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page = find(public_id)
    if request.method != "POST":
        return _screen(request, page)
    form = ClaimForm(request.POST)
    if form.is_valid():
        try:
            host = claiming.claim(page, form.cleaned_data["name"], by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{host} is claimed. Create its record, and the page answers there.")
            return _to_hosts(request, page)
    return _screen(request, page, claim=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_POST
def subdomains(request: ConsoleRequest, public_id: str) -> HttpResponse:
    page, form = find(public_id), SubdomainForm(request.POST)
    if form.is_valid():
        try:
            host = claiming.give_subdomain(page, form.cleaned_data["label"], now=clock.now(), by=request.user)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"The page is at {host} in a moment.")
            return _to_hosts(request, page)
    return _screen(request, page, subdomain=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_POST
def host_proof(request: ConsoleRequest, public_id: str, name: str) -> HttpResponse:
    """Waits for name servers, a few seconds at most: nothing is locked, and no transaction is open."""
    page, host = _find(public_id, name)
    outcome = proving.check_for(host, resolver=names.the_resolver(), now=clock.now(), by=request.user)
    tell = messages.success if outcome is Outcome.PROVEN else messages.warning
    tell(request, SENTENCES[outcome].format(host=host))
    return _to_hosts(request, page)


@console
@may_edit_setup
@require_POST
def host_main(request: ConsoleRequest, public_id: str, name: str) -> HttpResponse:
    page, host = _find(public_id, name)
    try:
        claiming.make_canonical(host, by=request.user)
    except ValidationError as refusal:
        messages.warning(request, refusal.messages[0])
    else:
        messages.success(request, f"Links lead to {host} from now on.")
    return _to_hosts(request, page)


@console
@may_edit_setup
@require_POST
def host_removal(request: ConsoleRequest, public_id: str, name: str) -> HttpResponse:
    page, host = _find(public_id, name)
    claiming.release(host, now=clock.now(), by=request.user)
    messages.success(request, f"{host} is removed.")
    return _to_hosts(request, page)


def _find(public_id: str, name: str) -> tuple[Page, Host]:
    page = find(public_id)
    return page, get_object_or_404(Host.objects.select_related("page", "organization"), page=page, name=name)


def _screen(
    request: ConsoleRequest,
    page: Page,
    *,
    claim: ClaimForm | None = None,
    subdomain: SubdomainForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    now, rows = clock.now(), list(Host.objects.filter(page=page).order_by("-is_canonical", "created_at"))
    taken = proving.taken_elsewhere([host.name for host in rows if host.state is State.WAITING])
    context = {
        "page": page,
        "rows": [{"host": host, "is_taken": host.name in taken, "checked": _ago(host, now)} for host in rows],
        "now": now,
        "pages_domain": settings.PAGES_DOMAIN,
        "claim": claim or ClaimForm(),
        "subdomain": subdomain or SubdomainForm(),
    }
    return render(request, "console/pages/hosts.html", context, status=status)


def _ago(host: Host, now: datetime) -> float | None:
    """Seconds since it was looked up."""
    return (now - host.checked_at).total_seconds() if host.checked_at else None


def _to_hosts(request: ConsoleRequest, page: Page) -> HttpResponse:
    return lead_to(request, "hosts", page.public_id)
