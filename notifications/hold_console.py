"""The operators' doors to the hold switch, and what every member sees of it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST

from notifications import holding, pending
from notifications.pending import CannotDrop
from statuspage.organizations.access import operators
from statuspage.organizations.models import User


def hold_that_stands(_request: HttpRequest) -> dict[str, object]:
    """For templates. Asked of the database only where one looks: a commander must know that nothing leaves."""
    return {"hold_that_stands": SimpleLazyObject(holding.standing)}


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """What stands, and what waits. POST puts the installation on hold."""
    if request.method == "POST":
        holding.hold(
            by=cast(User, request.user), why=request.POST.get("why", "").strip() or "An operator wanted it so."
        )
        return _seen()
    waiting = pending.pending()
    people = sum(each.people for each in waiting)
    shown = {"waiting": waiting, "people": people, "in_flight": holding.in_flight()}
    return render(request, "console/hold.html", shown)


@operators
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    holding.release(by=cast(User, request.user))
    messages.success(request, "Released. What waited is leaving now.")
    return _seen()


@operators
@require_POST
def dropped(request: HttpRequest) -> HttpResponse:
    """Cancel what was ticked. What is not ticked still waits."""
    ticked = set(request.POST.getlist("ring_state"))
    chosen = [each for each in pending.pending() if str(each.ring_state_id) in ticked]
    try:
        number = pending.drop(chosen, by=cast(User, request.user))
    except CannotDrop as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Dropped {number} message{'' if number == 1 else 's'}.")
    return _seen()


def _seen() -> HttpResponse:
    return HttpResponseRedirect(resolve_url("hold"), status=303)
