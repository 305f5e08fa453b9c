"""The demo's example, and an engine whose sinks write to the ledger that the inbox page reads."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from incidents import opening
from incidents.drafts import IncidentDraft, NoteDraft, UpdateDraft
from incidents.models import Incident
from notifications.channels import registry
from statuspage.demo import seeding
from statuspage.demo.sinks import HttpSink, SmsSink, SmtpSink
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import Organization, User
from statuspage.pages.status import ServiceStatus
from tests import kept
from tests.engine import Engine
from tests.timeline import Timeline


class InboxEngine(Engine):
    def __init__(self, smtp: SmtpSink, sms: SmsSink, http: HttpSink, ledger: Path) -> None:
        super().__init__(smtp, sms, http)
        self.ledger = ledger


@pytest.fixture
def engine(db: None, tmp_path: Path) -> Iterator[InboxEngine]:
    """As `manage.py demo_catch`: all sinks write to one ledger."""
    ledger = tmp_path / "inbox.jsonl"
    with (
        SmtpSink(ledger=ledger) as smtp,
        SmsSink(ledger=ledger) as sms,
        HttpSink(ledger=ledger) as http,
        override_settings(
            SMTP_URL=f"smtp://127.0.0.1:{smtp.port}", SMS_URL=sms.url, SINK=http.place, DATA_DIR=tmp_path
        ),
    ):
        registry.forget()
        yield InboxEngine(smtp, sms, http, ledger)
        registry.forget()


@pytest.fixture
def example(timeline: Timeline) -> Organization:
    """Acme as the demo makes it, at 10:00 on the story's clock."""
    kept.once("example", seeding.seed)
    return Organization.objects.get(slug="acme")


@pytest.fixture
def sev1(example: Organization) -> Incident:
    """Opened at 10:00 by the demo's commander."""
    ada = User.objects.get(email="ada@acme.example")
    with scope(organization=example):
        checkout = example.services.get(name="Checkout")
        first = UpdateDraft(
            submission_id=uuid.uuid4(),
            body="Some payments fail.",
            services={checkout: ServiceStatus.MAJOR_OUTAGE},
            notes=(NoteDraft(body="Roll back 4711.", up_to_position=0),),
        )
        draft = IncidentDraft(
            title="Card gateway down",
            public_title="Trouble with <payments>",
            severity=example.severities.get(key="sev1"),
            first=first,
        )
        return opening.open_incident(example, draft, by=ada)
