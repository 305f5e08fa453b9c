"""Programs' way in: a token in the Authorization header, and answers a program can read (RFC 6750, RFC 9457)."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from statuspage.kit import clock
from statuspage.kit.limits import Limit, take
from statuspage.kit.tenancy import scope
from statuspage.organizations import tokens
from statuspage.organizations.models import ApiToken, Organization, Scope

P = ParamSpec("P")
A_MINUTE = Limit("api", 600, timedelta(minutes=1))
_READING = {"GET", "HEAD"}


class ProgramRequest(HttpRequest):
    """A request from a program, inside its organization's scope. Views behind `program` get this."""

    token: ApiToken
    organization: Organization


def problem(status: HTTPStatus, detail: str, **more: object) -> JsonResponse:
    """What is wrong and what to do."""
    body = {"title": status.phrase, "status": status.value, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def program(
    *, reads: Scope, writes: Scope
) -> Callable[[Callable[Concatenate[ProgramRequest, P], HttpResponse]], Callable[..., HttpResponse]]:
    """For programs whose token has the scope of what they do. The organization is the token's, whatever they say."""

    def guard(view: Callable[Concatenate[ProgramRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt  # the token is the authority: no browser sends it by itself
        @wraps(view)
        def inside(request: ProgramRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            needed = reads if request.method in _READING else writes
            answer = _refusal(request, needed) or _within(request, view, *args, **kwargs)
            answer["Cache-Control"] = "private, no-store"
            return answer

        return inside

    return guard


def _within(
    request: ProgramRequest,
    view: Callable[Concatenate[ProgramRequest, P], HttpResponse],
    *args: P.args,
    **kwargs: P.kwargs,
) -> HttpResponse:
    with scope(organization=request.organization):
        return view(request, *args, **kwargs)


def _refusal(request: ProgramRequest, needed: Scope) -> HttpResponse | None:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    row = tokens.find(token.strip(), now=clock.now()) if kind.lower() == "bearer" else None
    if row is None:
        answer = problem(HTTPStatus.UNAUTHORIZED, "Send a token that is still good: Authorization: Bearer rpl_…")
        answer["WWW-Authenticate"] = 'Bearer realm="Ripple"'
        return answer
    if needed.value not in row.scopes:
        return problem(HTTPStatus.FORBIDDEN, f"This token may not do that. It needs {needed.value}.")
    if not take(A_MINUTE, row.public_id):
        answer = problem(HTTPStatus.TOO_MANY_REQUESTS, f"More than {A_MINUTE.most} requests a minute. Wait a moment.")
        answer["Retry-After"] = str(A_MINUTE.seconds)
        return answer
    request.token, request.organization = row, row.organization
    return None
