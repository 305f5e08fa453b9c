"""The audit log, for owners and admins: who did what, and what it was before. The database refuses to change it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from statuspage.organizations.access import ConsoleRequest, console, may_edit_setup
from statuspage.organizations.models import AuditEntry

A_PAGE_OF = 100
LONGEST = 160
"""Characters of a value: whole messages stand in some entries."""


@console
@may_edit_setup
@require_safe
def audit_log(request: ConsoleRequest) -> HttpResponse:
    sought = request.GET.get("sought", "").strip()
    page = Paginator(_sought(sought), A_PAGE_OF).get_page(request.GET.get("page"))
    context = {
        "sought": sought,
        "query": urlencode({"sought": sought}) if sought else "",
        "page": page,
        "rows": [(entry, list(changes(entry))) for entry in page],
    }
    return render(request, "console/audit.html", context)


def _sought(sought: str) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.select_related("by").order_by("-at", "-pk")
    if not sought:
        return rows
    who = Q(by__name__icontains=sought) | Q(by__email__icontains=sought)
    return rows.filter(who | Q(verb__icontains=sought) | Q(target__icontains=sought))


def changes(entry: AuditEntry) -> Iterator[str]:
    """ "role: viewer → admin", one for each thing that became different; without a before only what it is."""
    before, after = entry.before or {}, entry.after or {}
    for name in sorted({*before, *after}):
        was, now = (_words(values.get(name)) for values in (before, after))
        if was == now:
            continue
        told = f"{was} → {now}" if entry.before and entry.after else now if entry.after else was
        yield f"{name.replace('_', ' ')}: {told}"


def _words(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value)
    return Truncator("nothing" if value in (None, "", {}) else str(value)).chars(LONGEST)
