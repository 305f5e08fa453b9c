"""The way in: which organization to work for."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe

from statuspage.organizations.access import ConsoleRequest, console, memberships_of
from statuspage.organizations.models import User


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """To the only organization; with several, or none, a page that says so."""
    members = memberships_of(cast(User, request.user))
    if len(members) == 1:
        return HttpResponseRedirect(resolve_url("incidents", members[0].organization.slug))
    return render(request, "console/choose_organization.html", {"members": members})


@console
@require_safe
def organization(request: ConsoleRequest) -> HttpResponse:
    return HttpResponseRedirect(resolve_url("incidents", request.organization.slug))
