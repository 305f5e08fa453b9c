"""The story of an organization's own sender address: claimed, used while it is proven and fit, given up.

Anybody may claim an address: a claim gives nothing until its domain is proven (vouching.py).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from statuspage.kit.domains import is_nowhere, is_registry
from statuspage.kit.mailboxes import Mailbox
from statuspage.organizations import audit
from statuspage.organizations.models import Organization, Sender, User

MOST_SENDERS = 5
"""Per organization. Each is looked up again and again, at name servers that are not ours."""
LONGEST_DOMAIN = 245
"""So that the name of its TXT record is a name as well."""
EVERYBODYS = frozenset(
    (
        *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com"),
        *("aol.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "proton.me", "protonmail.com", "mail.ru", "qq.com"),
    )
)
"""Nobody here could prove them; said at once, it saves somebody an hour."""


def are_offered() -> bool:
    """Whoever runs the installation must have said how its mail is vouched for."""
    return bool(settings.SPF_MECHANISMS or settings.DKIM_TARGET)


def mailbox() -> str:
    """Where letters of the organization in scope come from: its own address, or else the installation's."""
    row = Sender.objects.in_use().first() if are_offered() else None
    return str(row) if row else settings.MAIL_FROM


@transaction.atomic
def claim(organization: Organization, typed: str, *, by: User | None) -> Sender:
    """An address, waiting for its domain's proof. Another address at the same domain takes its place, and needs no
    new proof. Raises ValidationError."""
    box = _mailbox(typed)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)  # two at once would be one too many
    row = Sender.objects.filter(domain=box.domain).first()
    if row is None:
        if Sender.objects.count() >= MOST_SENDERS:
            raise ValidationError(f"You can have {MOST_SENDERS} sender addresses. Remove one first.")
        row = Sender.objects.create(organization=organization, local=box.local, domain=box.domain)
        audit.record(organization, by=by, verb="claimed", target=_target(row), after={"address": str(row)})
    elif row.local != box.local:
        before, row.local = {"address": str(row)}, box.local
        row.save(update_fields=["local"])
        audit.record(organization, by=by, verb="changed", target=_target(row), before=before, after={"address": typed})
    return row


@transaction.atomic
def release(row: Sender, *, by: User) -> None:
    """To have it again, they prove it with a new record."""
    if Sender.objects.filter(pk=row.pk).delete()[0]:
        audit.record(row.organization, by=by, verb="gave up", target=_target(row), before={"address": str(row)})


def _mailbox(typed: str) -> Mailbox:
    try:
        box = Mailbox.parse(typed)
    except ValueError as error:
        raise ValidationError("This is no e-mail address. It should look like status@example.com.") from error
    if refusal := _refusal(box.domain):
        raise ValidationError(refusal)
    return box


def _refusal(domain: str) -> str:
    if len(domain) > LONGEST_DOMAIN or is_nowhere(domain):
        return f"Nobody outside can find “{domain}”. Take an address like status@example.com."
    if is_registry(domain):
        return f"Names are registered below “{domain}”; it is nobody's own."
    if domain in EVERYBODYS:
        return f"{domain} belongs to a mail provider, so you cannot prove it. Take an address at a domain of your own."
    if any(domain == own or domain.endswith(f".{own}") for own in _ours()):
        return f"“{domain}” belongs to this installation. Take an address at a domain of your own."
    return ""


def _ours() -> list[str]:
    names = (settings.MAIL_FROM.rpartition("@")[2], settings.PAGES_DOMAIN, settings.CONSOLE_HOST)
    return [name.lower() for name in names if name]


def _target(row: Sender) -> str:
    return f"sender {row}"[:80]
