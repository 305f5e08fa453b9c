"""The owner's doors to who follows what: a list of a million, its numbers, and whom we must not write to."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from statuspage.kit import clock
from statuspage.organizations.access import ConsoleRequest, console, lead_to, may_edit_setup
from subscribers import following, returning
from subscribers.following import Month
from subscribers.models import Suppression

WIDTH, HEIGHT, GAP = 720, 180, 4
FEWEST_PLACES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    month: Month
    x: float
    y: float
    width: float
    height: float


@console
@require_safe
def subscribers(request: ConsoleRequest) -> HttpResponse:
    sought = request.GET.get("sought", "").strip()
    found = following.page_of(sought, request.GET.get("after", ""))
    context = {
        "sought": sought,
        "found": found,
        "is_first": not request.GET.get("after"),
        "next": urlencode({"sought": sought, "after": found.after}) if found.after else "",
    }
    return render(request, "console/subscribers/list.html", context)


@console
@require_safe
def subscriber_numbers(request: ConsoleRequest) -> HttpResponse:
    months = following.growth(clock.now())
    context = {
        "tables": [
            ("How they hear", following.by_channel()),
            ("What they follow", following.by_service()),
            ("What they asked to hear of", following.by_choice()),
            ("Who does not hear", following.silent()),
        ],
        "months": months,
        "bars": _bars(months),
        "width": WIDTH,
        "height": HEIGHT,
    }
    return render(request, "console/subscribers/numbers.html", context)


def _bars(months: list[Month]) -> list[Bar]:
    most = max((month.total for month in months), default=0) or 1
    step = WIDTH / max(FEWEST_PLACES, len(months))
    return [
        Bar(
            month=month,
            x=round(place * step, 1),
            y=round(HEIGHT - month.total * HEIGHT / most, 1),
            width=round(step - GAP, 1),
            height=round(month.total * HEIGHT / most, 1),
        )
        for place, month in enumerate(months)
    ]


@console
@require_safe
def suppressions(request: ConsoleRequest) -> HttpResponse:
    context = {"page": returning.page_of(request.GET.get("after", ""))}
    return render(request, "console/subscribers/suppressed.html", context)


@console
@may_edit_setup
@require_POST
def suppression_end(request: ConsoleRequest, fingerprint: str) -> HttpResponse:
    try:
        key = bytes.fromhex(fingerprint)
    except ValueError:
        key = b""
    row = get_object_or_404(Suppression.objects.select_related("organization", "address"), fingerprint=key)
    try:
        returning.write_again(row, because=request.POST.get("because", ""), by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "They are written to again, from the next message on.")
    return lead_to(request, "suppressions")
