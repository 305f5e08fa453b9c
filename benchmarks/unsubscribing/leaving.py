"""The two ways out, as they look on the wire: the one click of RFC 8058, and STOP texted back."""

import base64
import hashlib
import hmac
import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "status.acme.test"
SMS_TOKEN = "for benchmarks only"
_KIND = {"Content-Type": "application/x-www-form-urlencoded"}
_mine = threading.local()


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody's address, and where the link in their mail leads."""

    address: str
    path: str


def by_one_click(leaver: Leaver, port: int) -> None:
    _post(port, leaver.path, "List-Unsubscribe=One-Click", {"Host": HOST})


def by_stop(leaver: Leaver, port: int) -> None:
    """As the provider tells us what somebody texted."""
    form = {"MessageSid": f"SM{leaver.address}", "From": leaver.address, "To": "+15559990000", "Body": "STOP"}
    signed = f"http://localhost:{port}/hooks/sms" + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.digest(SMS_TOKEN.encode(), signed.encode(), hashlib.sha1)).decode()
    headers = {"Host": f"localhost:{port}", "X-Twilio-Signature": signature}
    _post(port, "/hooks/sms", urlencode(form), headers)


def _post(port: int, path: str, form: str, headers: Mapping[str, str]) -> None:
    """On the thread's own connection."""
    if not hasattr(_mine, "connection"):
        _mine.connection = http.client.HTTPConnection("127.0.0.1", port)
    _mine.connection.request("POST", path, form, {**_KIND, **headers})
    answer = _mine.connection.getresponse()
    answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"The server answered {answer.status}.")
