"""Logging in, choosing where to work, and pages for what went wrong."""

from statuspage.organizations.models import Member, Role
from tests.console.browsing import enter, text_of
from tests.makers import PASSWORD, Cast


def test_a_member_of_one_organization_is_led_there(acme: Cast) -> None:
    assert enter(acme.viewer).get("/").headers["location"] == "/o/acme/incidents/"


def test_a_member_of_two_chooses(acme: Cast, neighbour: Cast) -> None:
    Member.objects.create(organization=neighbour.organization, user=acme.owner, role=Role.VIEWER)
    text = text_of(enter(acme.owner).get("/").content.decode())
    assert "Where to?" in text
    assert "Acme Owner" in text
    assert "Globex Viewer" in text


def test_whoever_belongs_nowhere_is_told_whom_to_ask(acme: Cast) -> None:
    Member.objects.filter(user=acme.viewer).delete()
    assert "Ask an owner or admin" in text_of(enter(acme.viewer).get("/").content.decode())


def test_logging_in_goes_where_one_wanted_to(acme: Cast) -> None:
    browser = enter()
    asked = browser.get("/o/acme/people/")
    assert asked.headers["location"] == "/accounts/login/?next=/o/acme/people/"
    form = {"login": "owner@acme.test", "password": PASSWORD, "next": "/o/acme/people/"}
    assert browser.post("/accounts/login/", form).headers["location"] == "/o/acme/people/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(acme: Cast) -> None:
    wrong = [
        text_of(enter().post("/accounts/login/", {"login": login, "password": "wrong"}).content.decode())
        for login in ("owner@acme.test", "nobody@acme.test")
    ]
    assert "not correct" in wrong[0]
    assert wrong[0] == wrong[1]


def test_nobody_signs_up_by_themselves(db: None) -> None:
    assert "<form" not in enter().get("/accounts/signup/").content.decode().partition("<main")[2]


def test_a_page_that_is_not_there_says_so_in_our_frame(acme: Cast) -> None:
    answer = enter(acme.owner).get("/o/acme/nothing")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
