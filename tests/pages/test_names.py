"""Asking the DNS: there, certainly not there, and not to be found out are three different answers."""

from contextlib import suppress

import pytest

from statuspage.kit import names
from statuspage.kit.names import NotKnownError, Resolver
from tests.nameserver import Mood, NameServer

NAME = "_ripple.status.acme.test"


def test_every_text_of_a_name_is_found_in_one_piece(server: NameServer, resolver: Resolver) -> None:
    server.say(NAME, "v=spf1 -all", (b"in ", b"two"), "x" * 600)
    assert sorted(resolver.texts(NAME)) == sorted(["v=spf1 -all", "in two", "x" * 600])


def test_what_is_not_there_is_certainly_not_there(server: NameServer, resolver: Resolver) -> None:
    assert resolver.texts(NAME) == [], "nothing at all is called that"
    server.say(f"below.{NAME}", "something")
    assert resolver.texts(NAME) == [], "the name is there and has no text"


def test_an_alias_is_followed(server: NameServer, resolver: Resolver) -> None:
    server.point(NAME, "proofs.provider.test")
    server.say("proofs.provider.test", "found")
    assert resolver.texts(NAME) == ["found"]
    server.say("proofs.provider.test")
    assert resolver.texts(NAME) == []


@pytest.mark.parametrize("mood", [Mood.FAILING, Mood.REFUSING, Mood.SILENT, Mood.BABBLING])
def test_a_server_in_trouble_says_nothing_about_the_name(server: NameServer, resolver: Resolver, mood: Mood) -> None:
    server.say(NAME, "found")
    server.mood = mood
    with pytest.raises(NotKnownError):
        resolver.texts(NAME)


def test_an_alias_that_leads_in_a_circle_is_not_known_or_nothing(server: NameServer, resolver: Resolver) -> None:
    server.point(NAME, "b.test")
    server.point("b.test", NAME)
    with suppress(NotKnownError):
        assert resolver.texts(NAME) == []


@pytest.mark.usefixtures("server")
def test_nobody_listening_is_not_known() -> None:
    with pytest.raises(NotKnownError):
        Resolver(["127.0.0.1:1"]).texts(NAME)


def test_one_of_two_servers_is_enough(server: NameServer, resolver: Resolver) -> None:
    server.say(NAME, "found")
    assert Resolver(["127.0.0.1:1", server.address]).texts(NAME) == ["found"]


@pytest.mark.parametrize("name", ["a" * 64 + ".test", ".".join(["a" * 63] * 4), "a..b", ""])
def test_what_is_no_name_is_not_known_or_nothing(resolver: Resolver, name: str) -> None:
    with suppress(NotKnownError):
        assert resolver.texts(name) == []


def test_an_answer_cut_short_is_asked_for_again_in_full(server: NameServer, resolver: Resolver) -> None:
    server.mood = Mood.CUT
    server.say(NAME, "found")
    assert resolver.texts(NAME) == ["found"]


def test_hostile_texts_are_only_texts(server: NameServer, resolver: Resolver) -> None:
    server.say(NAME, b"\xff\xfe\x00\r\n\xc3", "", *(f"{number}" + "x" * 200 for number in range(250)))
    texts = resolver.texts(NAME)
    assert len(texts) == 100
    assert all(isinstance(text, str) for text in texts)


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("9.9.9.9", "9.9.9.9", 53),
        ("127.0.0.1:5353", "127.0.0.1", 5353),
        ("2620:fe::fe", "2620:fe::fe", 53),
        ("[2620:fe::fe]:5353", "2620:fe::fe", 5353),
    ],
)
def test_name_servers_are_given_as_addresses(text: str, address: str, port: int) -> None:
    server = names._server(text)
    assert (server.address, server.port) == (address, port)
