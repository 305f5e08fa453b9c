"""An organization's letters come from its own address while it proves its domain, and never from nowhere."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.backends import locmem
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from notifications import rendering
from notifications.channels.letter import prepared
from notifications.models import Rendition
from notifications.waking import Broker
from statuspage import dispatching, tasks
from statuspage.kit import clock, names
from statuspage.kit.names import Resolver
from statuspage.kit.proofs import LOCKED_FOR, MISSED_FOR, State
from statuspage.kit.tenancy import across_organizations, scope
from statuspage.organizations import proving, senders, vouching
from statuspage.organizations.models import AuditEntry, Sender
from statuspage.organizations.proving import Outcome
from tests.engine import Engine
from tests.makers import Cast, make_cast, make_person, open_incident
from tests.nameserver import Mood, NameServer

OURS = "status@ripple.example"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    monkeypatch.setattr(names, "ONE_SERVER_SECONDS", 0.2)
    monkeypatch.setattr(names, "ALTOGETHER_SECONDS", 0.4)
    settings.SPF_MECHANISMS, settings.DKIM_TARGET = ("include:spf.ripple.example",), ""
    settings.MAIL_FROM = OURS
    with NameServer() as running:
        settings.NAMESERVERS = [running.address]
        running.say("spf.ripple.example", "v=spf1 ip4:192.0.2.7 -all")
        yield running


@pytest.fixture
def resolver(server: NameServer) -> Resolver:
    return Resolver([server.address])


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


def claim(cast: Cast, address: str = "status@acme.com") -> Sender:
    with scope(organization=cast.organization):
        return senders.claim(cast.organization, address, by=cast.owner)


def publish(row: Sender, server: NameServer, *, vouches: bool = True) -> None:
    """Its owner creates the records."""
    server.say(row.record_name, row.record_value)
    server.say(row.domain, "v=spf1 include:spf.ripple.example -all" if vouches else "v=spf1 -all")


def check(cast: Cast, row: Sender, resolver: Resolver, now: datetime) -> Outcome:
    with scope(organization=cast.organization):
        return vouching.check_for(row, resolver=resolver, now=now, by=cast.owner)


def fresh(row: Sender) -> Sender:
    with across_organizations():
        return Sender.objects.select_related("organization").get(pk=row.pk)


def verbs() -> list[str]:
    return list(AuditEntry.objects.filter(target__startswith="sender ").order_by("id").values_list("verb", flat=True))


def test_it_is_used_once_it_is_proven_and_vouched_for(
    acme: Cast, neighbour: Cast, server: NameServer, resolver: Resolver, now: datetime
) -> None:
    row = claim(acme, " Status@ACME.com. ")
    assert (str(row), senders.mailbox()) == ("Status@acme.com", OURS)
    assert check(acme, row, resolver, now) is Outcome.MISSING
    assert check(acme, row, resolver, now) is Outcome.TOO_SOON
    publish(row, server, vouches=False)
    assert check(acme, row, resolver, now + HOUR) is Outcome.PROVEN
    assert senders.mailbox() == OURS, "proven, yet receivers would refuse it"
    assert "Neither SPF nor DKIM" in vouching.why_not_used(fresh(row))
    publish(row, server)
    assert check(acme, row, resolver, now + 2 * HOUR) is Outcome.PROVEN
    assert senders.mailbox() == "Status@acme.com"
    claim(acme, "news@acme.com")
    assert senders.mailbox() == "news@acme.com", "the domain is proven: another name at it needs no new proof"
    with scope(organization=neighbour.organization):
        assert senders.mailbox() == OURS
    assert verbs() == ["claimed", "proved", "took into use", "changed"]
    senders.release(fresh(row), by=acme.owner)
    assert senders.mailbox() == OURS


def test_letters_are_frozen_with_it_and_speak_for_the_organization(
    acme: Cast, server: NameServer, resolver: Resolver, now: datetime, engine: Engine
) -> None:
    row = claim(acme)
    publish(row, server)
    check(acme, row, resolver, now)
    make_person(acme.organization, "otto@acme.test", ring="on_call")
    open_incident(acme)
    engine.settle()
    words = rendering.from_json(Rendition.objects.filter(channel="email").first().words)  # type: ignore[union-attr]
    assert words.sender == '"Acme" <status@acme.com>'
    assert prepared(words).sender == "status@acme.com", "SPF is asked about the envelope: it is the same domain"


def test_a_domain_is_one_organizations(
    acme: Cast, neighbour: Cast, server: NameServer, resolver: Resolver, now: datetime
) -> None:
    theirs, ours = claim(neighbour), claim(acme)
    server.say(ours.record_name, ours.record_value, theirs.record_value)
    server.say("acme.com", "v=spf1 include:spf.ripple.example -all")
    assert check(acme, ours, resolver, now) is Outcome.PROVEN
    assert check(neighbour, theirs, resolver, now) is Outcome.TAKEN
    assert vouching.taken_elsewhere(["acme.com", "x.com"]) == {"acme.com"}
    with scope(organization=neighbour.organization):
        assert senders.mailbox() == OURS
    with pytest.raises(IntegrityError, match="one_organization_per_sender_domain"), transaction.atomic():
        Sender._base_manager.filter(pk=theirs.pk).update(verified_at=now)


def test_a_lost_proof_takes_it_out_of_use_and_owners_are_told(
    acme: Cast, server: NameServer, resolver: Resolver, now: datetime, settings: Settings
) -> None:
    row = claim(acme)
    publish(row, server)
    check(acme, row, resolver, now)
    server.say(row.record_name)

    def look(at: datetime) -> State:
        vouching.recheck(resolver=resolver, now=at)
        return fresh(row).state

    assert look(now + DAY) is State.MISSED
    assert senders.mailbox() == "status@acme.com", "a weekend is forgiven"
    Sender.objects.update(notice_at=clock.now())
    assert vouching.give_notices() == 1
    assert "The record that proves acme.com is missing" in mail.outbox[0].body
    assert look(now + DAY + MISSED_FOR) is State.LOST
    assert senders.mailbox() == OURS
    Sender.objects.update(notice_at=clock.now())
    assert vouching.give_notices() == 1
    letter = mail.outbox[1]
    assert (letter.to, letter.from_email) == ([acme.owner.email], settings.DEFAULT_FROM_EMAIL)
    assert "no longer come from status@acme.com" in letter.body
    assert "Nobody misses a letter" in letter.body
    assert "What to do stands here:\nhttp://localhost:8000/o/acme/sender/\n" in letter.body
    assert vouching.give_notices() == 0
    publish(row, server)
    assert look(now + 10 * DAY) is State.PROVEN
    assert senders.mailbox() == "status@acme.com"
    server.say(row.record_name)
    for at in (now + 12 * DAY, now + 12 * DAY + MISSED_FOR, now + 12 * DAY + MISSED_FOR + LOCKED_FOR):
        look(at)
    assert fresh(row).state is State.WAITING, "and then it is free for others"


class WorseMeanwhile(locmem.EmailBackend):
    """While the first letter is under way, something else is lost."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if not mail.outbox:
            with across_organizations():
                Sender.objects.update(notice_at=clock.now())
        return super().send_messages(messages)


def test_what_gets_worse_while_a_letter_is_under_way_is_told_too(acme: Cast, settings: Settings) -> None:
    claim(acme)
    with across_organizations():
        Sender.objects.update(notice_at=clock.now())
    settings.EMAIL_BACKEND = f"{__name__}.WorseMeanwhile"
    assert vouching.give_notices() == 2
    assert vouching.give_notices() == 0


def test_records_that_stop_vouching_take_it_out_of_use_at_once(
    acme: Cast, server: NameServer, resolver: Resolver, now: datetime
) -> None:
    row = claim(acme)
    publish(row, server)
    check(acme, row, resolver, now)
    publish(row, server, vouches=False)
    vouching.recheck(resolver=resolver, now=now + DAY)
    assert senders.mailbox() == OURS
    assert fresh(row).notice_at == now + DAY
    assert "refused (-all), and it does not name us" in vouching.why_not_used(fresh(row))
    publish(row, server)
    assert vouching.recheck(resolver=resolver, now=now + DAY + HOUR) == 1, "looked at every hour until it is right"
    assert (senders.mailbox(), fresh(row).notice_at) == ("status@acme.com", None)


def test_a_name_server_in_trouble_changes_nothing(
    acme: Cast, server: NameServer, resolver: Resolver, now: datetime
) -> None:
    row = claim(acme)
    publish(row, server)
    check(acme, row, resolver, now)
    for day, mood in enumerate((Mood.FAILING, Mood.SILENT, Mood.REFUSING, Mood.BABBLING), 1):
        server.mood = mood
        assert vouching.recheck(resolver=resolver, now=now + day * DAY) == 1
        assert senders.mailbox() == "status@acme.com"
        assert {report["state"] for report in fresh(row).reports} == {"not_known"}
    assert (fresh(row).notice_at, verbs()[-1]) == (None, "took into use")


def test_one_that_cannot_be_written_down_holds_up_no_other(
    acme: Cast, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    claim(acme)
    globex = make_cast("Globex")
    claim(globex, "status@globex.com")
    written: list[str] = []

    def settle(row: Sender, found: str) -> Outcome:
        if row.organization == acme.organization:
            raise LookupError(found)
        written.append(str(Sender.objects.get()))  # in its organization's scope
        return Outcome.MISSING

    with across_organizations():
        due = Sender.objects.due(now).select_related("organization")
    assert proving.recheck(due, look=str, settle=settle, now=now) == 2
    assert written == ["status@globex.com"]
    assert "could not be written down. It is looked at again when due." in caplog.text


def test_an_installation_that_does_not_say_how_it_is_vouched_for_offers_none(acme: Cast, settings: Settings) -> None:
    settings.SPF_MECHANISMS, settings.DKIM_TARGET = (), ""
    row = claim(acme)
    Sender.objects.filter(pk=row.pk).update(verified_at=clock.now(), is_fit=True)
    assert senders.mailbox() == settings.MAIL_FROM


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("acme.com", "no e-mail address"),
        ("a@b@acme.com", "no e-mail address"),
        ("status@acme.com\r\nBcc: x@y.test", "no e-mail address"),
        ('"status"@acme.com', "no e-mail address"),
        ("status@acme.com, x@y.test", "no e-mail address"),
        ("Acme <status@acme.com>", "no e-mail address"),
        ("stätus@acme.com", "no e-mail address"),
        ("status@[192.0.2.7]", "no e-mail address"),
        ("status@192.0.2.7", "no e-mail address"),
        ("status@localhost", "no e-mail address"),
        ("status@mail.internal", "Nobody outside can find"),
        ("status@co.uk", "Names are registered below"),
        ("status@gmail.com", "belongs to a mail provider"),
        ("status@ripple.example", "belongs to this installation"),
        ("status@mail.ripple.example", "belongs to this installation"),
    ],
)
def test_what_cannot_be_a_sender_is_refused_with_a_reason(
    acme: Cast, server: NameServer, typed: str, says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        claim(acme, typed)
    assert Sender.objects.count() == 0


def test_a_lookalike_is_shown_for_what_it_is(acme: Cast) -> None:
    row = claim(acme, "status@аcme.com")
    assert str(row) == "status@xn--cme-5cd.com", "as receivers see it"
    assert row.readable == "status@xn--cme-5cd.com (аcme.com)"
    assert parseaddr(rendering.letter_sender("Acme", str(row)))[1] == str(row)


def test_the_database_itself_holds_no_address_that_could_end_a_header(acme: Cast) -> None:
    for local, domain in (("a\r\nBcc: x", "acme.com"), ("a", "acme.com\nx"), ("a b", "acme.com"), ("", "acme.com")):
        with pytest.raises(IntegrityError, match="a_sender_is_one_mailbox"), transaction.atomic():
            Sender.objects.create(organization=acme.organization, local=local, domain=domain)


def test_there_are_not_endlessly_many(acme: Cast) -> None:
    for number in range(senders.MOST_SENDERS):
        claim(acme, f"status@acme{number}.com")
    with pytest.raises(ValidationError, match="Remove one first"):
        claim(acme)


def test_workers_look_when_the_dispatcher_tells_them(
    acme: Cast, server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = claim(acme)
    publish(row, server)
    told: list[str] = []

    def wake(_self: Broker, task: str, **_given: str) -> bool:
        told.append(task)
        return True

    monkeypatch.setattr(Broker, "wake", wake)
    dispatching.Dispatcher(is_stopping=lambda: False).tick()
    assert "statuspage.recheck_senders" in told
    assert tasks.recheck_senders() == 1
    assert senders.mailbox() == "status@acme.com"
    assert not vouching.are_any_due(clock.now())
