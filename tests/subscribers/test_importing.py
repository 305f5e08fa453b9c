"""Files of people: read, checked, agreed to, applied; nobody twice, and nobody who left."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from statuspage.kit import clock
from statuspage.kit.models import LastingKey
from statuspage.kit.sealing import seal
from statuspage.kit.tenancy import scope
from statuspage.organizations.models import AuditEntry
from statuspage.organizations.plan import Channel
from subscribers.importing import agreeing, receiving, reporting, working
from subscribers.importing.models import Consent, ImportFile, ImportLine, ImportPiece, ImportState
from subscribers.models import Address, Person, Subscription
from subscribers.suppressing import fingerprint_of, fingerprints_by, suppress
from subscribers.unsubscribing import stop
from tests.console.browsing import enter, text_of
from tests.engine import Engine
from tests.makers import Cast, make_person, open_incident, outage, subscribe

HERE = "/o/acme/people/imports/"
FILE = """name,email,phone,services,ring,language,zone
Ann,ann@x.example,,,,de,Europe/Berlin
Bob,bob@x.example,+49 151 2345678,Acme API; Acme cards,,,
Otto,otto@acme.test,,,On-call,,
Ann again,ANN@x.example,,,,,
Gone,gone@x.example,,,,,
Nobody,nobody,,,,,
Known,known@x.example,,Acme API,,,
"""


def bring(acme: Cast, text: str = FILE) -> ImportFile:
    return receiving.receive(acme.page, "people.csv", [text.encode()], by=acme.owner)


def work(file: ImportFile) -> ImportFile:
    while working.step():
        pass
    file.refresh_from_db()
    return file


def imported(acme: Cast, text: str = FILE, consent: Consent = Consent.ATTESTED) -> ImportFile:
    file = work(bring(acme, text))
    agreeing.begin(file, consent, by=acme.owner)
    return work(file)


@pytest.fixture
def known(acme: Cast) -> Person:
    """Follows everything since before the import; and somebody else has left."""
    suppress(acme.organization, channel=Channel.EMAIL, normalised="gone@x.example", reason="unsubscribed")
    person = make_person(acme.organization, "known@x.example", name="As she wrote it")
    subscribe(person, acme.page)
    return person


def test_everybody_is_added_once_and_hears_what_they_chose(acme: Cast, known: Person) -> None:
    file = imported(acme)
    assert (file.state, file.rows_seen) == (ImportState.DONE, 7)
    assert (file.added, file.changed, file.unchanged, file.rejected) == (3, 0, 1, 3)
    ann = Address.objects.get(normalised="ann@x.example")
    assert (ann.person.name, ann.person.language, ann.person.zone) == ("Ann", "de", "Europe/Berlin")
    assert ann.subscriptions.get().is_for_everything
    bob = Person.objects.get(name="Bob")
    assert sorted(bob.addresses.values_list("channel", flat=True)) == ["email", "sms"]
    for address in bob.addresses.all():
        chosen = address.subscriptions.get().services.values_list("name", flat=True)
        assert set(chosen) == {"Acme API", "Acme cards"}
    otto = Person.objects.get(name="Otto")
    assert otto.ring is not None
    assert otto.ring.key == "on_call"
    assert not Subscription.objects.filter(address__person=otto).exists()
    assert not Person.objects.filter(name="Gone").exists(), "an import does not undo somebody's leaving"
    known.refresh_from_db()
    assert known.name == "As she wrote it"
    assert known.addresses.get().subscriptions.get().is_for_everything, "what she chose stays"
    assert not ImportPiece.objects.exists()
    assert not ImportLine.objects.filter(problem="").exists(), "of the file only what must be mended is kept"


def test_a_second_import_changes_nothing(acme: Cast, known: Person) -> None:
    imported(acme)
    before = (Person.objects.count(), Address.objects.count(), Subscription.objects.count())
    again = imported(acme)
    assert (again.added, again.changed, again.unchanged, again.rejected) == (0, 0, 4, 3)
    assert (Person.objects.count(), Address.objects.count(), Subscription.objects.count()) == before


def test_what_is_rejected_is_told_with_its_line_and_what_to_do(acme: Cast, known: Person) -> None:
    file = work(bring(acme))
    assert file.foreseen["problems"] == {"email": 1, "suppressed": 1, "twice": 1}
    assert file.foreseen["known"] == 1
    assert file.foreseen["domains"][0] == ["x.example", 3]
    rows = list(reporting.rejected(file))[1:]
    assert [(line, cell) for line, _what, cell, _remedy in rows] == [
        ("5", "ANN@x.example"),
        ("6", "gone@x.example"),
        ("7", "nobody"),
    ]
    assert all(what and remedy for _line, what, _cell, remedy in rows)


def test_whoever_leaves_between_the_check_and_the_yes_is_not_added_again(acme: Cast, known: Person) -> None:
    file = work(bring(acme))
    stop(known.addresses.get())
    agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    assert (work(file).rejected, file.unchanged) == (4, 0)
    assert not known.addresses.get().subscriptions.exists()
    assert {row[0] for row in reporting.rejected(file)} >= {"8"}


def test_addresses_of_two_people_are_no_one(acme: Cast) -> None:
    make_person(acme.organization, "ann@x.example")
    make_person(acme.organization, "+491512345678")
    file = work(bring(acme, "email,phone\nann@x.example,+491512345678\n"))
    assert file.foreseen["problems"] == {"two_people": 1}


def test_a_ring_in_the_file_is_where_somebody_belongs_from_then_on(acme: Cast) -> None:
    person = make_person(acme.organization, "otto@acme.test", ring="support")
    file = imported(acme, "email,phone,ring\notto@acme.test,+491512345678,on_call\n")
    person.refresh_from_db()
    assert (file.added, file.changed) == (0, 1)
    assert person.ring is not None
    assert (person.ring.key, person.addresses.count()) == ("on_call", 2)


def test_without_consent_nobody_is_written_to(acme: Cast, engine: Engine) -> None:
    imported(acme, "email\nann@x.example\n", Consent.UNCONFIRMED)
    open_incident(acme, severity="sev1", body="Some payments fail.", services=outage(acme.checkout))
    engine.settle()
    assert Address.objects.get().confirmed_at is None
    assert engine.caught() == []
    with pytest.raises(IntegrityError, match="nobody_is_added_without_consent"):
        ImportFile.objects.update(consent="")


def test_nobody_is_told_of_what_was_under_way_without_them(acme: Cast) -> None:
    """R15 is for those who confirm meanwhile. A million imported people hear from the next message on."""
    imported(acme)
    a_minute_ago = clock.now() - timedelta(seconds=61)
    assert Address.objects.filter(normalised="ann@x.example", confirmed_at__lt=a_minute_ago).exists()


def test_who_agreed_to_what_is_in_the_audit_log(acme: Cast) -> None:
    file = imported(acme, "email\nann@x.example\n")
    begun = AuditEntry.objects.get(verb="began an import")
    assert begun.by == acme.owner
    assert begun.after == {
        "file": "people.csv",
        "rows": 1,
        "consent": "attested",
        "words": agreeing.WORDS[Consent.ATTESTED],
    }
    assert AuditEntry.objects.get(verb="imported").target == f"import {file.public_id}"


def test_there_is_one_import_at_a_time_and_it_can_be_dropped(acme: Cast) -> None:
    file = work(bring(acme))
    with pytest.raises(ValidationError, match="under way"):
        bring(acme)
    receiving.drop(file, by=acme.owner)
    assert not ImportLine.objects.exists()
    assert Person.objects.count() == 0
    with pytest.raises(ValidationError, match="dropped"):
        agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    bring(acme)


def test_what_nobody_said_yes_to_is_forgotten_and_so_is_what_nobody_mended(acme: Cast, known: Person) -> None:
    done, waiting = imported(acme), work(bring(acme))
    assert not working.is_any_waiting(clock.now())
    later = clock.now() + timedelta(days=31)
    assert working.is_any_waiting(later)
    working.tidy_up(later)
    waiting.refresh_from_db()
    done.refresh_from_db()
    assert (waiting.state, done.is_report_kept) == (ImportState.DROPPED, False)
    assert not ImportLine.objects.exists()
    assert not working.is_any_waiting(later)


class DiedError(Exception):
    """The process, in the middle of a step."""


class Mortal:
    """Lives for so many statements. What the database does by itself for a lost connection, it still does."""

    def __init__(self, statements: int) -> None:
        self._left = statements

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self._left -= 1
        if self._left < 0 and not sql.startswith("ROLLBACK"):
            raise DiedError
        return execute(sql, params, many, context)


def die_after(statements: int) -> bool:
    with connection.execute_wrapper(Mortal(statements)):
        try:
            working.step()
        except DiedError:
            return True
    return False


@pytest.mark.parametrize("statements", [0, 3, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24])
def test_a_worker_that_dies_takes_nothing_with_it(acme: Cast, known: Person, statements: int) -> None:
    """Whatever statement is its last: its transaction is gone, and the next one does the piece anew."""
    file, deaths = bring(acme), 0
    deaths += die_after(statements)
    file = work(file)
    assert (file.state, file.rows_seen, file.rejected) == (ImportState.READY, 7, 3)
    agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    deaths += die_after(statements)
    file = work(file)
    assert (file.state, file.added, file.unchanged, file.rejected) == (ImportState.DONE, 3, 1, 3)
    assert deaths or statements > 18


def test_many_pieces_cost_statements_by_the_piece_and_not_by_the_row(acme: Cast) -> None:
    rows = "".join(f"n{n}@many{n % 7}.example\n" for n in range(3_000))
    file = work(bring(acme, f"email\n{rows}"))
    agreeing.begin(file, Consent.ATTESTED, by=acme.owner)
    with CaptureQueriesContext(connection) as queries:
        work(file)
    assert (file.added, len(queries) < 60) == (3_000, True)


def test_the_neighbours_people_are_not_known_here(acme: Cast, neighbour: Cast) -> None:
    with scope(organization=neighbour.organization):
        make_person(neighbour.organization, "ann@x.example", ring="on_call")
        suppress(neighbour.organization, channel=Channel.EMAIL, normalised="bob@x.example", reason="bounced")
    file = imported(acme, "email,ring\nann@x.example,\nbob@x.example,\n")
    assert (file.added, file.rejected) == (2, 0)
    with scope(organization=neighbour.organization):
        assert Address.objects.count() == 1


@pytest.mark.parametrize("key", ["short", "k" * 200])
def test_fingerprints_of_many_are_the_fingerprints_of_each(db: None, key: str, settings: Settings) -> None:
    settings.SECRET_KEY = f"seals {key}"
    LastingKey.objects.update(sealed=seal(key))
    many = fingerprints_by(Channel.EMAIL)
    for address in ("ann@x.example", "ä@x.example", ""):
        assert many.of(address) == fingerprint_of(Channel.EMAIL, address)


def post(client: Client, text: str, page: str) -> str:
    brought = SimpleUploadedFile("people.csv", text.encode(), content_type="text/csv")
    answer = client.post(HERE, {"file": brought, "page": page})
    assert answer.status_code == 303, answer.content.decode()
    return str(answer.headers["location"])


def test_an_admin_brings_a_file_sees_what_would_happen_and_says_yes(acme: Cast, known: Person) -> None:
    owner = enter(acme.owner)
    here = post(owner, FILE, str(acme.page.pk))
    reading = owner.get(here).content.decode()
    assert "hx-trigger" in reading
    assert "Look again" in reading
    work(ImportFile.objects.get())
    shown = owner.get(here).content.decode()
    text = text_of(shown)
    assert "hx-trigger" not in shown, "nothing happens by itself any more"
    assert "4 people can be imported" in text
    assert "1 of them you have already" in text
    assert "“nobody”" in text
    assert "What On-call hears" in text
    assert Person.objects.count() == 1, "nobody is added before somebody says yes"
    assert owner.post(f"{here}consent/").status_code == 422
    assert owner.post(f"{here}consent/", {"consent": "attested"}).status_code == 303
    work(ImportFile.objects.get())
    text = text_of(owner.get(here).content.decode())
    assert "3 added, 1 were there already, 3 rejected" in text
    assert agreeing.WORDS[Consent.ATTESTED] in text
    report = b"".join(owner.get(f"{here}rejected.csv"))
    assert report.decode("utf-8-sig").splitlines()[1].startswith("5,Stands in the file already,ANN@x.example,")


def test_a_file_that_is_none_is_refused_and_nothing_is_kept(acme: Cast) -> None:
    owner = enter(acme.owner)
    for text in ("first,last\nAnn,Bell\n", "\n"):
        brought = SimpleUploadedFile("people.csv", text.encode())
        answer = owner.post(HERE, {"file": brought, "page": str(acme.page.pk)})
        assert answer.status_code == 422
    assert "has to name the columns" in text_of(
        owner.post(
            HERE, {"file": SimpleUploadedFile("p.csv", b"first,last\n"), "page": str(acme.page.pk)}
        ).content.decode()
    )
    assert not ImportFile.objects.exists()


def test_operators_import_with_a_command(acme: Cast, tmp_path: object) -> None:
    path = tmp_path / "people.csv"  # type: ignore[operator]
    path.write_text("email\nann@x.example\nnobody\n")
    call_command("import_subscribers", "acme", str(path), "--by", acme.owner.email)
    assert ImportFile.objects.get().state == ImportState.READY
    call_command("import_subscribers", "acme", str(path), "--by", acme.owner.email, "--attested")
    assert (ImportFile.objects.get().state, Address.objects.count()) == (ImportState.DONE, 1)
