"""A field that was left empty asks for what belongs there, in words of its own."""

import pytest
from django.test import Client

from statuspage.pages.models import Page
from tests.console.browsing import enter, text_of
from tests.makers import Cast

HERE = "/o/acme/"
PAGE = "pages/<page>/"


@pytest.fixture
def owner(acme: Cast) -> Client:
    return enter(acme.owner)


@pytest.mark.parametrize(
    ("noun", "asks"),
    [
        ("services/", "Give it a name: what your customers would call it when it breaks."),
        ("people/", "Write who it is."),
        ("people/", "Write at least one: without any, they cannot be reached."),
        ("people/imports/", "Choose a file."),
        ("endpoints/", "Paste the address."),
        ("endpoints/", "Give it a name that your colleagues know it by."),
        ("tokens/", "Say what it is for, so that you know later which one to take back."),
        ("members/invitations/", "Write the address that the invitation goes to."),
        (f"{PAGE}hosts/", "Write the domain that visitors should type."),
        (f"{PAGE}texts/", "Give the page a name."),
        (f"{PAGE}images/logo/", "Choose a picture."),
        (f"{PAGE}ring-links/", "Say who it is for, so that you know later which one to take back."),
    ],
)
def test_what_was_left_empty_is_asked_for(acme: Cast, owner: Client, noun: str, asks: str) -> None:
    answer = owner.post(HERE + noun.replace("<page>", acme.page.public_id), {})
    assert answer.status_code == 422
    assert asks in text_of(answer.content.decode())


def test_a_file_of_people_wants_a_page_that_they_follow(acme: Cast, owner: Client) -> None:
    Page.objects.all().delete()
    assert "There is no page to follow yet" in text_of(owner.post(f"{HERE}people/imports/", {}).content.decode())
