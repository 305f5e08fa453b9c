"""Which organization a request works for, and what the person may do there.

The organization comes from the address and the membership, never from a body, a query or a header. Whoever is not a
member gets the same 404 as for an organization that does not exist.
"""

import time
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_cache_control

from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations.models import Member, Organization, Role, User

READING = ("GET", "HEAD")
P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


class ConsoleRequest(HttpRequest):
    """A request from a member, inside their organization's scope. Views behind `console` get this."""

    user: User
    member: Member
    organization: Organization


View = Callable[Concatenate[ConsoleRequest, P], R]


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: members are invited by an owner."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False


def memberships_of(user: User) -> list[Member]:
    """Across organizations by nature: one person, all the places they may enter."""
    with across_organizations():
        return list(
            Member.objects.filter(user=user).select_related("organization", "user").order_by("organization__name")
        )


def who_edits_setup(organization: Organization) -> list[str]:
    """The e-mail addresses of owners and admins: whoever can put something right."""
    roles = [role for role in Role if role.may_edit_setup]
    return list(Member.objects.filter(organization=organization, role__in=roles).values_list("user__email", flat=True))


def console(view: View[P, R]) -> Callable[..., R]:
    """For members: takes `organization` (slug) from the address and runs the view in that scope."""

    @wraps(view)
    @login_required
    def inside(request: ConsoleRequest, organization: str, *args: P.args, **kwargs: P.kwargs) -> R:
        with across_organizations():
            member = (
                Member.objects.select_related("organization", "user")
                .filter(user=request.user, organization__slug=organization)
                .first()
            )
        if member is None:
            raise Http404
        request.member, request.organization = member, member.organization
        with scope(organization=member.organization):
            answer = view(request, *args, **kwargs)
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    return inside


def operators(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """For whoever runs the installation. Nobody else learns that there is such a door."""

    @wraps(view)
    def inside(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = cast(HttpRequest, args[0])
        if not request.user.is_authenticated or not request.user.is_superuser:
            raise Http404
        answer = view(*args, **kwargs)
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    return inside


def may_post(view: View[P, R]) -> View[P, R | HttpResponse]:
    """For members who may speak for the organization; others are told who can."""
    return _needing(
        lambda member: member.may_post,
        "Viewers can read this, not change it. Ask an owner or admin for the responder role.",
    )(view)


def may_edit_setup(view: View[P, R]) -> View[P, R | HttpResponse]:
    return _needing(lambda member: member.may_edit_setup, "Only owners and admins can change this. Ask one of them.")(
        view
    )


def asks_again(view: View[P, R]) -> View[P, R | HttpResponse]:
    """For what hurts most in the hands of whoever finds an open browser: they say once more who they are.

    Unless they did so in this session a few minutes ago, by logging in or here. By whatever means they have, password
    or second factor; whoever has none, since somebody else vouches for them, is let through. What was posted is kept
    meanwhile, and done when they have (allauth suspends the request). Reading is never held up.
    """
    held: View[P, R | HttpResponse] = reauthentication_required(enabled=_is_to_be_asked)(view)
    return held


def _is_to_be_asked(request: ConsoleRequest) -> bool:
    return request.method not in READING and not _said_who_they_are(request)


def _said_who_they_are(request: ConsoleRequest) -> bool:
    """A few minutes ago at most."""
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] >= since for record in get_authentication_records(request, request.user))


def to_the_button(request: ConsoleRequest, screen: str, *args: str, button: str) -> HttpResponse:
    """The answer to whoever comes to a door that only a button opens, and has not pressed it.

    They do when they said who they are in a second tab: one request is kept meanwhile, the one that was posted last.
    """
    known = "It is you: that is confirmed. " if _said_who_they_are(request) else ""
    messages.success(request, f"{known}Nothing is done yet. Press “{button}”.")
    return lead_to(request, screen, *args)


def lead_to(request: ConsoleRequest, screen: str, *ids: object, **query: str) -> HttpResponse:
    """The answer after something was done: a screen of the organization, by its route's name."""
    address = resolve_url(screen, request.organization.slug, *ids)
    asked = f"?{urlencode(query)}" if query else ""
    return HttpResponseRedirect(f"{address}{asked}", status=HTTPStatus.SEE_OTHER)


def _needing(allows: Callable[[Member], bool], sentence: str) -> Callable[[View[P, R]], View[P, R | HttpResponse]]:
    def guard(view: View[P, R]) -> View[P, R | HttpResponse]:
        @wraps(view)
        def guarded(request: ConsoleRequest, /, *args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
            if allows(request.member):
                return view(request, *args, **kwargs)
            return render(request, "console/not_allowed.html", {"sentence": sentence}, status=403)

        return guarded

    return guard
