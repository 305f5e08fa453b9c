"""The SMS provider's door, on the console's host: what people text back."""

from http import HTTPStatus
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from statuspage.kit.signatures import is_twilios
from subscribers import conversing
from subscribers.conversing import Heard

LONGEST = 20_000
PLAIN = "text/plain; charset=utf-8"


@csrf_exempt  # the provider's signature over all of it is the authority
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """A message, form-encoded in Twilio's names; the answer is what is to be texted back, in their XML."""
    try:
        form = parse_qsl(request.body[: LONGEST + 1].decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return HttpResponse("This is not a form.\n", status=HTTPStatus.BAD_REQUEST, content_type=PLAIN)
    url = f"{settings.CONSOLE_URL}{request.get_full_path()}"
    signature = request.headers.get("X-Twilio-Signature", "")
    if len(request.body) > LONGEST or not is_twilios(signature, url=url, form=form, secret=settings.SMS_TOKEN):
        return HttpResponse("The signature is not the provider's.\n", status=HTTPStatus.FORBIDDEN, content_type=PLAIN)
    fields = dict(form)
    heard = Heard(number=fields.get("From", ""), text=fields.get("Body", ""), provider_id=fields.get("MessageSid", ""))
    if not heard.number or not heard.provider_id:
        return HttpResponse("From or MessageSid is missing.\n", status=HTTPStatus.BAD_REQUEST, content_type=PLAIN)
    words = conversing.hear(heard)
    message = f"<Message>{escape(words)}</Message>" if words else ""
    body = f'<?xml version="1.0" encoding="UTF-8"?><Response>{message}</Response>'
    return HttpResponse(body, content_type="text/xml; charset=utf-8")
