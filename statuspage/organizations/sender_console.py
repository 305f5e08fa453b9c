"""Admins' doors to the address their letters come from: what is claimed, what to write into the DNS, what was found."""

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
from statuspage.kit.mail_records.reports import State
from statuspage.organizations import senders, vouching
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from statuspage.organizations.models import Sender
from statuspage.organizations.proving import Outcome

SENTENCES = {
    Outcome.PROVEN: "{domain} is proven.",
    Outcome.MISSING: "The record is not there yet. Name servers need a while: minutes mostly, sometimes an hour.",
    Outcome.NOT_KNOWN: "The name servers of {domain} did not answer. That says nothing about the records: try again.",
    Outcome.TAKEN: "Your record is there, yet another organization here has {domain}. Ask who runs this installation.",
    Outcome.TOO_SOON: "That was looked up a moment ago. Wait a few seconds.",
}
ABOUT = {
    "SPF": "which servers may send mail as this domain",
    "DKIM": "the key that letters are signed with",
    "DMARC": "what becomes of letters that neither of them vouches for",
}


class SenderForm(forms.Form):
    address = forms.CharField(
        max_length=320,
        label="Address",
        help_text="At a domain of yours, for example status@example.com",
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Write the address that letters should come from."},
    )


@console
@may_edit_setup
@require_http_methods(["GET", "HEAD", "POST"])
def sender(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return _screen(request, SenderForm())
    form = SenderForm(request.POST)
    if form.is_valid():
        try:
            row = senders.claim(request.organization, form.cleaned_data["address"], by=request.user)
        except ValidationError as refusal:
            form.add_error("address", refusal)
        else:
            messages.success(request, f"{row} is saved. Below stands which records it needs.")
            vouching.check_for(row, resolver=names.the_resolver(), now=clock.now(), by=request.user)
            return _to_screen(request)
    return _screen(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@console
@may_edit_setup
@require_POST
def sender_look(request: ConsoleRequest, domain: str) -> HttpResponse:
    """Waits for name servers, some seconds at most: nothing is locked, and no transaction is open."""
    row = _find(domain)
    outcome = vouching.check_for(row, resolver=names.the_resolver(), now=clock.now(), by=request.user)
    tell = messages.success if outcome is Outcome.PROVEN else messages.warning
    tell(request, SENTENCES[outcome].format(domain=row.domain))
    return _to_screen(request)


@console
@may_edit_setup
@require_POST
def sender_removal(request: ConsoleRequest, domain: str) -> HttpResponse:
    row = _find(domain)
    senders.release(row, by=request.user)
    messages.success(request, f"{row} is removed. Letters come from {senders.mailbox()}.")
    return _to_screen(request)


def _find(domain: str) -> Sender:
    return get_object_or_404(Sender.objects.select_related("organization"), domain=domain)


def _screen(request: ConsoleRequest, form: SenderForm, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    now, mailbox = clock.now(), senders.mailbox()
    taken = vouching.taken_elsewhere(Sender.objects.filter(verified_at=None).values_list("domain", flat=True))
    rows = [_row(row, now, mailbox, is_taken=row.domain in taken) for row in Sender.objects.order_by("created_at")]
    context = {
        "form": form,
        "rows": rows,
        "now": now,
        "are_offered": senders.are_offered(),
        "mailbox": mailbox,
        "installation": settings.MAIL_FROM,
    }
    return render(request, "console/sender.html", context, status=status)


def _row(row: Sender, now: datetime, mailbox: str, *, is_taken: bool) -> dict[str, object]:
    return {
        "sender": row,
        "is_taken": is_taken,
        "is_used": str(row) == mailbox,
        "why": vouching.why_not_used(row),
        "checked": (now - row.checked_at).total_seconds() if row.checked_at else None,
        "reports": [
            {**report, "label": State(report["state"]).label, "about": ABOUT[report["kind"]]} for report in row.reports
        ],
    }


def _to_screen(request: ConsoleRequest) -> HttpResponse:
    return lead_to(request, "sender")
