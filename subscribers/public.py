"""Visitors' doors, on the page's own host."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from subscribers import unsubscribing


# The token is the authority, and RFC 8058 asks that a mail client's POST work without cookie or CSRF token.
@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    address = unsubscribing.find(token)
    if address is None:
        raise Http404
    if request.method == "POST":
        unsubscribing.stop(address)
    is_stopped = not address.subscriptions.exists()
    return render(request, "public/unsubscribe.html", {"address": address, "is_stopped": is_stopped})
