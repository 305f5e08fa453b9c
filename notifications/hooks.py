"""The mail provider's door, on the console's host: letters that came back, and complaints."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications import mail_providers, receipts
from notifications.mail_providers import Refused

PLAIN = "text/plain; charset=utf-8"


@csrf_exempt  # the provider's signature or password is the authority
@require_http_methods(["HEAD", "POST"])  # some look whether we are there before they tell anything
def mail(request: HttpRequest) -> HttpResponse:
    """Closed (404) until RIPPLE_MAIL_PROVIDER and RIPPLE_MAIL_HOOK_SECRET are set."""
    if not mail_providers.is_open():
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    try:
        events = mail_providers.events_in(request)
    except Refused as refusal:
        return HttpResponse(f"{refusal.why}\n", status=refusal.status, content_type=PLAIN)
    for event in events:
        receipts.take(settings.MAIL_PROVIDER, event)
    return HttpResponse(status=HTTPStatus.OK, content_type=PLAIN)
