"""The story of links by e-mail: whoever reads mail at one of the page's domains may look.

The answer to asking is the same, and takes as long, whether the domain is one of them or not.
"""

import secrets
from datetime import datetime, timedelta
from email.utils import formataddr

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from statuspage.kit import clock, limits
from statuspage.kit.fingerprints import fingerprint
from statuspage.kit.limits import Limit
from statuspage.kit.mailboxes import Mailbox
from statuspage.kit.mailing import send_beside
from statuspage.organizations import senders
from statuspage.pages.admission import Admission, By, Link, for_link
from statuspage.pages.models import Page

MAILS_OF_A_BLOCK = Limit("look-block", most=10, per=timedelta(hours=1))
MAILS_TO_AN_ADDRESS = Limit("look-address", most=3, per=timedelta(days=1))


class TooManyMailsError(Exception):
    """To this address, or from one neighbourhood, whoever asked."""


def mail(page: Page, mailbox: Mailbox, *, to: str, block: str, language: str) -> None:
    """Send a link that lets in once, if the domain is one of the page's. Raises TooManyMailsError.

    Counted over all pages, and whether a mail was sent or not: neither may anybody be flooded, nor a domain be guessed.
    """
    address = fingerprint("look-address", str(mailbox).lower()).hex()
    if not limits.take(MAILS_OF_A_BLOCK, block) or not limits.take(MAILS_TO_AN_ADDRESS, address):
        raise TooManyMailsError
    now, url, sender = clock.now(), page.url, senders.mailbox()
    send_beside(lambda: _letter(page, mailbox, to=to, language=language, now=now, url=url, sender=sender))


def _letter(
    page: Page, mailbox: Mailbox, *, to: str, language: str, now: datetime, url: str, sender: str
) -> EmailMessage | None:
    if not url or mailbox.domain not in page.email_domains:
        return None
    token = for_link(Link(Admission(By.EMAIL, mailbox.domain), to), page, now=now)
    name = " ".join(page.name.split())
    with override(language):
        subject = _("Your link to %(page)s") % {"page": name}
        body = render_to_string("public/look_link.txt", {"page": name, "link": f"{url}/look/{token}"}, using="text")
    headers = {
        "Auto-Submitted": "auto-generated",
        "Message-ID": f"<look-{secrets.token_hex(12)}@{sender.rpartition('@')[2]}>",
    }
    return EmailMessage(subject, body, formataddr((name, sender)), [str(mailbox)], headers=headers)
