"""Whether a form was sent from a page of the host it was sent to, for hosts that set no cookie to prove it with.

Django's own protection needs a cookie, and a public page sets none. Browsers say by themselves where a request comes
from: in Sec-Fetch-Site under TLS, and in Origin with every POST. Neither can be forged by another site's script. The
page with the form must let its address be known to its own host: with `Referrer-Policy: no-referrer` browsers send
"null" instead of the origin.
"""

from django.conf import settings
from django.http import HttpRequest


def is_from_here(request: HttpRequest) -> bool:
    """For requests that write. A request that says nothing comes from no browser, and from here only by a browser."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{settings.PAGE_SCHEME}://{request.get_host()}"
