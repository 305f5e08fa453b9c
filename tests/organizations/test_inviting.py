"""What was asked to be mailed is mailed: when the relay is back, once, and never after it was withdrawn."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from notifications import holding
from notifications.waking import Broker
from statuspage import dispatching, tasks
from statuspage.demo.sinks import SmtpSink
from statuspage.kit import clock
from statuspage.organizations import inviting, joining
from statuspage.organizations.models import Invitation, Role
from tests.console.browsing import enter
from tests.makers import Cast
from tests.organizations.members import HERE, INVITE, NEW, invite, said
from tooling.servers import free_port


@pytest.fixture
def relay(tmp_path: Path, settings: Settings) -> Iterator[SmtpSink]:
    """A mail server that Django's own mails go to as well; pytest-django keeps them back otherwise."""
    with SmtpSink(ledger=tmp_path / "mail.jsonl", slowness=timedelta(seconds=1)) as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = sink.port
        yield sink


def links_in(relay: SmtpSink, to: str = NEW) -> list[str]:
    texts = [mail.text for mail in relay.messages() if mail.to == to]
    return [text.split("/join/")[1].split("/")[0] for text in texts]


def test_an_invitation_waits_for_a_relay_that_is_away(acme: Cast, relay: SmtpSink, settings: Settings) -> None:
    owner, start = enter(acme.owner), clock.now()
    clock.make_movable(start)
    settings.EMAIL_PORT = free_port()
    assert invite(owner) == 303
    assert inviting.mail_waiting() == 1
    assert "the mail is on its way" in said(owner, HERE)
    settings.EMAIL_PORT = relay.port
    assert inviting.mail_waiting() == 0, "not at once"
    clock.make_movable(start + inviting.TRY_AGAIN_AFTER)
    assert (inviting.mail_waiting(), inviting.mail_waiting()) == (1, 0)
    (token,) = links_in(relay)
    assert joining.find(token) is not None
    assert "the link works until" in said(owner, HERE)


@pytest.mark.parametrize(
    ("answer", "shown"), [("5xx-rcpt", "refused: 550 5.1.1 no such mailbox"), ("4xx", "on its way")]
)
def test_what_the_other_mail_server_says(acme: Cast, relay: SmtpSink, answer: str, shown: str) -> None:
    owner = enter(acme.owner)
    assert invite(owner, f"{answer}@new.example") == 303
    assert invite(owner) == 303
    assert inviting.mail_waiting() == 2, "one that is refused keeps nobody waiting"
    assert len(links_in(relay)) == 1
    assert shown in said(owner, HERE)
    owner.post(f"{INVITE}{Invitation.objects.get(email__startswith=answer).public_id}/mail/")
    assert "refused" not in said(owner, HERE), "another try"
    assert inviting.mail_waiting() == 1


def test_nothing_is_mailed_that_is_withdrawn_or_too_old(acme: Cast, relay: SmtpSink) -> None:
    owner = enter(acme.owner)
    assert invite(owner) == 303
    inviting.withdraw(Invitation.objects.get(), by=acme.owner)
    assert invite(owner, "late@new.example") == 303
    clock.make_movable(clock.now() + inviting.LASTS)
    assert (inviting.mail_waiting(), relay.messages()) == (0, [])


def test_what_is_sent_again_while_its_mail_is_under_way_is_mailed_again(
    transactional_db: None, acme: Cast, relay: SmtpSink
) -> None:
    to = "slow-rcpt@new.example"
    row = inviting.invite(acme.organization, to, role=Role.VIEWER, by=acme.owner)

    def work() -> int:
        try:
            return inviting.mail_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as worker:
        first, end = worker.submit(work), monotonic() + 5
        while Invitation.objects.get().digest is None and monotonic() < end:
            sleep(0.01)
        inviting.send_again(row, by=acme.owner)
        first.result()
    inviting.mail_waiting()
    tokens = links_in(relay, to)
    assert [joining.find(token) is not None for token in tokens] == [False, True]


def test_workers_mail_when_the_dispatcher_tells_them(acme: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    inviting.invite(acme.organization, NEW, role=Role.VIEWER, by=acme.owner)
    told: list[str] = []

    def wake(_self: Broker, task: str, **_given: str) -> bool:
        told.append(task)
        return True

    monkeypatch.setattr(Broker, "wake", wake)
    dispatcher = dispatching.Dispatcher(is_stopping=lambda: False)
    holding.hold(by=None, why="Looking first.")
    dispatcher.tick()
    assert "statuspage.mail_invitations" not in told, "a copy of the database invites nobody"
    holding.release(by=None)
    dispatcher.tick()
    assert "statuspage.mail_invitations" in told
    assert tasks.mail_invitations() == 1
    dispatcher.tick()
    assert told.count("statuspage.mail_invitations") == 1
