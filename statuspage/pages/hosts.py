"""Which host was asked: the console's own, a verified public page's, or one that is nobody's."""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from statuspage.kit.networks import read_address
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.pages.models import Host

PUBLIC_URLS = "statuspage.public_urls"
HSTS = "Strict-Transport-Security"
FOR_MACHINES = {"/healthz", "/readyz", "/metrics"}
PLAIN = "text/plain; charset=utf-8"


class HostMiddleware:
    """The tenant of a public request is its host. Unknown hosts get 421 and no word about any tenant."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponse(status=404)  # PostgreSQL's text cannot hold a NUL: nothing of ours can be called that
        asked, _port = split_domain_port(request.META.get("HTTP_HOST", "").lower())
        name = asked.removesuffix(".")
        if name == settings.CONSOLE_HOST or (request.path in FOR_MACHINES and _is_no_pages_name(name)):
            return self.get_response(request)
        try:
            host = _served_host(name)
        except (InterfaceError, OperationalError):
            away = HttpResponse("The database is away. Try again in a minute.\n", status=503, content_type=PLAIN)
            away["Retry-After"] = "60"
            return away
        if host is None:
            return HttpResponse("There is no status page at this address.\n", status=421, content_type=PLAIN)
        request.host = host  # type: ignore[attr-defined]
        request.urlconf = PUBLIC_URLS
        with scope(organization=host.organization):
            answer = self.get_response(request)
        if HSTS in answer:  # the console speaks for its whole domain; of a tenant's domain only this host is ours
            answer[HSTS] = "max-age=31536000"
        return answer


def _is_no_pages_name(name: str) -> bool:
    """An IP address, a container's name, nothing at all: whoever looks after us from inside asks like this."""
    return "." not in name or read_address(name) is not None


def _served_host(name: str) -> Host | None:
    with across_organizations():
        return Host.objects.served().select_related("page", "organization").filter(name=name).first()
