"""Requests of the SMS provider, and only of it: forms in Twilio's names, signed with our password there."""

from http import HTTPStatus
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest

from statuspage.kit.signatures import Refused, is_twilios

LONGEST = 20_000


def form_in(request: HttpRequest) -> dict[str, str]:
    """Its fields. Raises Refused for what is no form, or not signed by the provider."""
    try:
        form = parse_qsl(request.body[: LONGEST + 1].decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "This is not a form.") from None
    url = f"{settings.CONSOLE_URL}{request.get_full_path()}"
    signature = request.headers.get("X-Twilio-Signature", "")
    if len(request.body) > LONGEST or not is_twilios(signature, url=url, form=form, secret=settings.SMS_TOKEN):
        raise Refused(HTTPStatus.FORBIDDEN, "The signature is not the provider's.")
    return dict(form)
