"""What tests of members have in common: their screen's addresses, and what an admin does there."""

import re
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.test import Client

from statuspage.organizations.models import AuditEntry, Member, Role, User
from tests.console.browsing import text_of
from tests.makers import Cast, make_user

PostOffice = Callable[[], list[EmailMessage]]
HERE = "/o/acme/members/"
INVITE = f"{HERE}invitations/"
NEW = "nina@new.example"
JOINING = {"name": "Nina", "password": "several words of hers"}


def member(cast: Cast, user: User) -> Member:
    return cast.organization.members.get(user=user)


def add(cast: Cast, role: Role, name: str = "adam") -> User:
    user = make_user(f"{name}@acme.test", name.title())
    Member.objects.create(organization=cast.organization, user=user, role=role)
    return user


def invite(by: Client, email: str = NEW, role: Role = Role.RESPONDER) -> int:
    return by.post(INVITE, {"email": email, "role": role.value}).status_code


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://[^/\s]+(/join/\S+)", str(mail.body))
    assert found
    return found[1]


def said(client: Client, address: str, form: dict[str, object] | None = None) -> str:
    answer = client.get(address, follow=True) if form is None else client.post(address, form, follow=True)
    return text_of(answer.content.decode())


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
