"""Ways to reach somebody, as people write them: an e-mail address, a phone number, the URL of an endpoint."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from statuspage.organizations.plan import Channel
from subscribers.models import LONGEST_ADDRESS

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_BETWEEN_DIGITS = re.compile(r"[\s().\-/]")
_validate_url = URLValidator(schemes=["https", "http"])


class Reachable(NamedTuple):
    """One way to reach somebody. `normalised` decides whether two are the same."""

    channel: Channel
    value: str
    normalised: str

    @classmethod
    def parse(cls, text: str) -> "Reachable":
        """An e-mail address, or a phone number that begins with +. Raises ValidationError saying what is wrong."""
        value = text.strip()
        if value.startswith("+"):
            number = _BETWEEN_DIGITS.sub("", value)
            if not _E164.fullmatch(number):
                raise ValidationError(
                    f"“{value}” is not a phone number. Write + and the country code, for example +49 151 23456789."
                )
            return cls(channel=Channel.SMS, value=number, normalised=number)
        try:
            validate_email(value)
        except ValidationError:
            sentence = f"“{value}” is neither an e-mail address nor a phone number that begins with +."
            raise ValidationError(sentence) from None
        return cls(channel=Channel.EMAIL, value=value, normalised=value.lower())

    @classmethod
    def endpoint(cls, channel: Channel, url: str) -> "Reachable":
        """A machine or a chat room. Whether it may be called at all is seen at every call (kit/strangers.py).

        Scheme and host are the same in any case (RFC 3986 §6.2.2.1), and a fragment is never sent. Nobody's password
        belongs in an address that stands on a screen. Raises ValidationError saying what is wrong.
        """
        value = url.strip()
        try:
            _validate_url(value)
            parts = urlsplit(value)
            port = parts.port
        except (ValidationError, ValueError):
            raise ValidationError(f"“{value}” is not an address that begins with https://.") from None
        if parts.username or parts.password:
            raise ValidationError("Leave out the name and password: an address that holds them is shown to others.")
        if len(value) > LONGEST_ADDRESS:
            raise ValidationError(f"An address may be at most {LONGEST_ADDRESS} characters long.")
        host = (parts.hostname or "").lower()
        default = {"https": 443, "http": 80}[parts.scheme.lower()]
        place = f"[{host}]" if ":" in host else host
        place = place if port in {None, default} else f"{place}:{port}"
        same = parts._replace(scheme=parts.scheme.lower(), netloc=place, path=parts.path or "/", fragment="")
        return cls(channel=channel, value=value, normalised=same.geturl())
