"""A page for whoever reads mail at a domain: the link they are mailed lets in once, and no answer says who may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.mail import EmailMessage
from django.db import connection
from pytest_django.fixtures import Settings

from statuspage.demo.sinks import SmtpSink
from statuspage.kit import clock, mailing
from statuspage.pages.admission import Admission, By, Link, for_link
from statuspage.pages.audience import Audience
from statuspage.pages.mailing_links import MAILS_OF_A_BLOCK, MAILS_TO_AN_ADDRESS
from statuspage.pages.models import Host, Page, UsedLink
from tests.makers import Cast
from tests.visiting import ask_for_link, guard, link_in, send, visitor

pytestmark = pytest.mark.usefixtures("fresh")

PostOffice = Callable[[], list[EmailMessage]]


def test_a_mailed_link_lets_in_once_and_only_by_its_button(
    acme: Cast, committed: None, post_office: PostOffice
) -> None:
    guard(acme.page, Audience.EMAIL)
    assert ask_for_link("Jo.Doe+x@Acme.Example", to="/history").status_code == 200
    (letter,) = post_office()
    assert letter.to == ["Jo.Doe+x@acme.example"]
    assert (letter.subject, letter.from_email) == (
        "Your link to Acme status",
        f"Acme status <{django_settings.MAIL_FROM}>",
    )
    link, browser = link_in(letter), visitor()
    for _scanner in range(3):
        looked = visitor().get(link)
        assert (looked.status_code, looked.cookies, looked["Referrer-Policy"]) == (200, {}, "same-origin")
        visitor().head(link)
        visitor().options(link)
    assert UsedLink.objects.count() == 0
    admitted = send(browser, link)
    assert (admitted.status_code, admitted["Location"]) == (303, "/history")
    assert browser.get("/history").status_code == 200
    for again in (visitor().get(link), send(visitor(), link)):
        assert (again.status_code, again.cookies) == (404, {}), "used is used"
    Page.objects.update(email_domains=["globex.example"])
    assert browser.get("/history").status_code == 403, "the domain is not agreed any more"


def test_a_link_lets_in_one_of_many_at_once(acme: Cast, committed: None) -> None:
    page = guard(acme.page, Audience.EMAIL)
    token = for_link(Link(Admission(By.EMAIL, "acme.example"), "/"), page, now=clock.now())

    def press(_each: int) -> int:
        status = send(visitor(), f"/look/{token}").status_code
        connection.close()
        return status

    with ThreadPoolExecutor(6) as crowd:
        assert sorted(crowd.map(press, range(12))) == [303, *[404] * 11]


def test_the_answer_is_the_same_to_the_byte_whether_the_domain_is_agreed_or_not(
    acme: Cast, post_office: PostOffice
) -> None:
    guard(acme.page, Audience.EMAIL)
    answers = [
        ask_for_link(f"jo@{domain}", client=f"203.0.{n}.1")
        for n, domain in enumerate(
            ["acme.example", "straße.example", "mail.acme.example", "evil.example", "acme.example.evil.example"]
        )
    ]
    assert len({answer.headers.pop("X-Request-Id") for answer in answers}) == len(answers)  # of chance alone
    assert {(answer.status_code, answer.content, str(sorted(answer.items()))) for answer in answers} == {
        (200, answers[0].content, str(sorted(answers[0].items())))
    }
    assert b"a link is on its way" in answers[0].content
    assert [letter.to for letter in post_office()] == [["jo@acme.example"], ["jo@xn--strae-oqa.example"]]


def test_a_page_without_an_address_of_its_own_invites_nobody(acme: Cast, post_office: PostOffice) -> None:
    """A link in a mail leads to the address that is stored, never to one that a request claims."""
    guard(acme.page, Audience.EMAIL)
    Host.objects.update(is_canonical=False)
    assert ask_for_link("jo@acme.example").status_code == 200
    assert post_office() == []


TRICKS = ["jo@acme.example,evil@evil.example", "evil@evil.example,jo@acme.example", "jo@evil.example@acme.example"]
TRICKS += ['"a@evil.example"@acme.example', "jo%evil.example@acme.example", "evil.example!jo@acme.example", "jo", ""]
TRICKS += ["jo@acme.example\r\nBcc: evil@evil.example", "jo\r\nTo: x@evil.example@acme.example", "<jo@acme.example>"]
TRICKS += ["jo doe@acme.example", "jo@acme.example\0", "jo@@acme.example", ".jo@acme.example", "jo..x@acme.example"]
TRICKS += ["j" * 65 + "@acme.example", "jo@" + "a." * 150 + "example", "jö@acme.example", "jo@[192.0.2.1]"]


def test_what_is_no_plain_address_is_written_to_by_nobody(acme: Cast, post_office: PostOffice) -> None:
    guard(acme.page, Audience.EMAIL)
    for n, trick in enumerate(TRICKS):
        assert ask_for_link(trick, client=f"203.0.{n}.1").status_code == 422, trick
    assert post_office() == []


def test_nobody_is_flooded(acme: Cast, post_office: PostOffice) -> None:
    """Three a day for an address, ten an hour for a neighbourhood; what is refused is counted like what is sent."""
    guard(acme.page, Audience.EMAIL)
    for address in ("jo@acme.example", "jo@evil.example"):
        asked = [ask_for_link(address, client=f"203.0.{n}.1").status_code for n in range(MAILS_TO_AN_ADDRESS.most + 1)]
        assert asked == [200, 200, 200, 429], address
    assert ask_for_link("JO@ACME.example", client="203.0.99.1").status_code == 429
    many = [ask_for_link(f"n{n}@acme.example").status_code for n in range(MAILS_OF_A_BLOCK.most + 1)]
    assert many == [200] * MAILS_OF_A_BLOCK.most + [429]
    assert len(post_office()) == MAILS_TO_AN_ADDRESS.most + MAILS_OF_A_BLOCK.most


def test_the_mail_goes_through_the_products_own_relay(
    acme: Cast, tmp_path: Path, settings: Settings, post_office: PostOffice
) -> None:
    guard(acme.page, Audience.EMAIL)
    Page.objects.update(name="Ärger & Söhne, Status")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with SmtpSink(ledger=tmp_path / "mail.jsonl") as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        assert ask_for_link("jo@acme.example").status_code == 200
        post_office()
        (caught,) = sink.messages()
    assert (caught.to, caught.subject) == ("jo@acme.example", "Your link to Ärger & Söhne, Status")
    assert caught.headers["Auto-Submitted"] == "auto-generated"
    assert "http://status.acme.test/look/" in caught.text


def test_a_relay_that_is_away_shows_in_no_answer(
    acme: Cast, settings: Settings, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    guard(acme.page, Audience.EMAIL)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert ask_for_link("jo@acme.example").status_code == 200
    post_office()
    assert "could not be sent" in caplog.text
    assert "jo@acme" not in caplog.text
    assert mailing._places._value == mailing.MOST_WAITING, "its place is free again"


def test_a_relay_that_refuses_somebody_is_written_down_without_their_address(
    acme: Cast, tmp_path: Path, settings: Settings, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    guard(acme.page, Audience.EMAIL)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with SmtpSink(ledger=tmp_path / "mail.jsonl") as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        assert ask_for_link("5xx-rcpt@acme.example").status_code == 200
        post_office()
    assert "SMTPRecipientsRefused" in caplog.text
    assert "5xx-rcpt" not in caplog.text
