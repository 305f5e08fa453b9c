"""Providers' doors, on the console's host: letters that came back, complaints, and what became of an SMS."""

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from notifications import mail_providers, receipts
from notifications.channels.sms import FATE
from statuspage.kit import links
from statuspage.kit.signatures import Refused
from subscribers import sms_provider


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
        return refusal.answer
    for event in events:
        receipts.take(settings.MAIL_PROVIDER, event)
    return HttpResponse()


@csrf_exempt  # the provider's signature over all of it is the authority
@require_POST
def sms_fate(request: HttpRequest, token: str) -> HttpResponse:
    """The address that was given along with the message, and tells which it was."""
    delivery = links.read(FATE, token)
    if delivery is None:
        raise Http404
    try:
        form = sms_provider.form_in(request)
    except Refused as refusal:
        return refusal.answer
    receipts.take_fate(*delivery, status=form.get("MessageStatus", ""), code=form.get("ErrorCode", ""))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
