"""Hostile addresses: whatever a tenant types, nothing on this machine, in its network or in its cloud hears of it."""

import ipaddress
import socket
import ssl
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from statuspage.kit.names import Resolver
from statuspage.kit.networks import read_network
from statuspage.kit.outbound import Answer, CutError, NotSentError
from statuspage.kit.strangers import Call, Door, Manners, RefusedTargetError, Strangers
from statuspage.kit.targets import REFUSAL, ForbiddenTargetError, is_public, read_target
from tests.certificates import make_certificate
from tests.nameserver import Mood, NameServer

_TABLE = tomllib.loads(Path(__file__).with_name("hostile_targets.toml").read_text(encoding="utf-8"))
NOT_PUBLIC = [*_TABLE["not_public_v4"].split(), *_TABLE["not_public_v6"].split()]
PUBLIC = _TABLE["public"].split()
HOSTS = _TABLE["hosts"].split()
SPELLINGS = [
    *(f"https://{form}/" for form in HOSTS),
    *(f"https://{form}:443/hook" for form in HOSTS),
    *(f"https://hooks.example.com@{form}/" for form in HOSTS),
    *(f"https://{form}#@hooks.example.com/" for form in HOSTS),
    *(f"https://{form}\\@hooks.example.com/" for form in HOSTS),
    *(f"{scheme}://hooks.example.com/" for scheme in _TABLE["schemes"].split()),
    *(f"https://hooks.example.com:{port}/" for port in _TABLE["ports"].split()),
    *("https://hooks.example.com:/", "https://hooks.example.com: 443/", "https://hooks.example.com:443:443/"),
    *("https:hooks.example.com/", "https:/hooks.example.com/", "https:///hooks.example.com/", "//hooks.example.com/"),
    *("", " ", "https://", "https:///", "hooks.example.com", "https://.", "https://..", "https://.example.com/"),
    *("https://exa mple.com/", "https://example.com/a b", "https://example.com/\r\nHost: x", "https://a..b/"),
    *("https://example.com\t/x/", "https://example.com/\x00", "https://example.com\x00.evil.example/"),
    *("https://exam\u200bple..com/", "https://-a.example/", "https://user:password@example.com/"),
    *("https://user@example.com/", "https://@example.com/", "https://example.com%2f@x.example/"),
    *("https://example.com%00.x.example/", "https://example.com/#fragment", "https://example.com/\\x"),
    *("https://[example.com]/", "https://example.com/é", f"https://{'a' * 64}.example/"),
    *(f"https://{'a.' * 127}example/", f"https://example.com/{'a' * 2000}", "https://ex_ample.com/"),
    *("https://xn--.example/", "https://*.example.com/", "https://example.com/<script>", "https://ex<mple.com/"),
]


class TestReadingAnAddress:
    @pytest.mark.parametrize("text", SPELLINGS)
    def test_every_hostile_spelling_is_refused_in_the_same_words(self, text: str) -> None:
        with pytest.raises(ForbiddenTargetError) as refused:
            read_target(text)
        assert str(refused.value) == REFUSAL

    @pytest.mark.parametrize(
        ("text", "target"),
        [
            ("https://hooks.example.com", "https://hooks.example.com/"),
            ("  HTTPS://Hooks.EXAMPLE.com./a?b=%2F&c=d%20e ", "https://hooks.example.com/a?b=%2F&c=d%20e"),
            ("https://hooks.example.com:443/a", "https://hooks.example.com/a"),
            ("https://hooks.example.com:8443?x", "https://hooks.example.com:8443/?x"),
            ("https://Straße.example/", "https://xn--strae-oqa.example/"),
            ("https://7.example.com/~x/!$&'()*+,;=:@", "https://7.example.com/~x/!$&'()*+,;=:@"),
        ],
    )
    def test_an_honest_one_is_read_in_its_one_form(self, text: str, target: str) -> None:
        assert read_target(text) == target
        assert read_target(target) == target

    @pytest.mark.parametrize("text", NOT_PUBLIC)
    def test_not_public(self, text: str) -> None:
        assert not is_public(ipaddress.ip_address(text))

    @pytest.mark.parametrize("text", PUBLIC)
    def test_public_but_for_the_operators_own_networks(self, text: str) -> None:
        address = ipaddress.ip_address(text)
        assert is_public(address)
        assert not is_public(address, never=[read_network(text)])

    def test_there_are_at_least_two_hundred_hostile_targets(self) -> None:
        assert len({*SPELLINGS, *NOT_PUBLIC}) >= 200


class Listener:
    """Counts who connects. Speaks TLS as `name` when it has one, and answers 200 unless told what else to do."""

    def __init__(self, folder: Path, name: str = "") -> None:
        self.heard = 0
        self.requests: list[bytes] = []
        self.pieces = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"]
        self.pause = 0.0
        self.trust = ssl.create_default_context()
        self._tls: ssl.SSLContext | None = None
        if name:
            key, certificate = make_certificate(name)
            (folder / "key").write_bytes(key)
            (folder / "certificate").write_bytes(certificate)
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(folder / "certificate", folder / "key")
            self.trust = ssl.create_default_context(cadata=certificate.decode())
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.heard += 1
            with connection:
                try:
                    self._speak(connection)
                except OSError:
                    continue

    def _speak(self, plain: socket.socket) -> None:
        plain.settimeout(5)
        connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
        self.requests.append(connection.recv(65536))
        for piece in self.pieces:
            connection.sendall(piece)
            time.sleep(self.pause)
        connection.close()


@pytest.fixture
def nameserver() -> Iterator[NameServer]:
    with NameServer() as server:
        yield server


@contextmanager
def calling(server: NameServer, **manners: object) -> Iterator[Strangers]:
    strangers = Strangers(Manners(resolver=Resolver([server.address]), **manners))  # type: ignore[arg-type]
    yield strangers
    strangers.close()


def replies(strangers: Strangers, *urls: str) -> list[object]:
    return list(strangers.call_all([Call(url=url, body=b"{}") for url in urls]))


class TestCalling:
    def test_no_hostile_target_hears_anything_and_all_are_refused_alike(
        self, nameserver: NameServer, tmp_path: Path
    ) -> None:
        for n, address in enumerate(NOT_PUBLIC):
            nameserver.lead(f"n{n}.evil.example", address)
            nameserver.lead(f"m{n}.evil.example", "8.8.8.8", address)
            nameserver.point(f"c{n}.evil.example", f"n{n}.evil.example")
        names = [f"https://{kind}{n}.evil.example/" for kind in "nmc" for n in range(len(NOT_PUBLIC))]
        with ExitStack() as stack:
            listeners = [Listener(tmp_path) for _ in range(3)]
            for listener in listeners:
                stack.callback(listener.close)
            strangers = stack.enter_context(calling(nameserver))
            at_listeners = [f"https://{form}:{each.port}/" for each in listeners for form in HOSTS]
            found = replies(strangers, *names, *SPELLINGS, *at_listeners)
            assert {(type(reply), str(reply)) for reply in found} == {(RefusedTargetError, REFUSAL)}
            assert len(found) > 500
            assert [listener.heard for listener in listeners] == [0, 0, 0]

    def test_a_name_that_is_public_first_and_private_then_is_called_where_it_was_checked(
        self, nameserver: NameServer, tmp_path: Path
    ) -> None:
        """DNS rebinding: one look, and the connection goes to what it saw; the next look is a new check."""
        listener = Listener(tmp_path)
        asked = iter(range(1000))

        def rebind(_name: str) -> None:
            nameserver.lead("evil.example", "192.0.2.7" if next(asked) < 2 else "127.0.0.1")

        nameserver.on_question = rebind
        never_there = [("192.0.2.7", 8443)]
        with calling(nameserver, open_door=never_there[0], time=timedelta(seconds=0.5)) as strangers:
            (first,) = replies(strangers, "https://evil.example:8443/")
            assert type(first) in {NotSentError, CutError}, "the checked address does not answer here"
        with calling(nameserver, open_door=never_there[0]) as strangers:
            (second,) = replies(strangers, "https://evil.example:8443/")
            assert isinstance(second, RefusedTargetError)
        assert listener.heard == 0
        listener.close()

    @pytest.mark.parametrize("address", ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1"])
    def test_the_last_look_is_at_the_socket_whatever_way_an_address_came_there(
        self, nameserver: NameServer, address: str
    ) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with pytest.raises(OSError, match=r"^$"):
            Door(Manners(resolver=Resolver([nameserver.address])))((family, socket.SOCK_STREAM, 0, "", (address, 443)))

    @pytest.mark.parametrize("mood", [Mood.FAILING, Mood.REFUSING, Mood.BABBLING])
    def test_who_cannot_be_found_is_not_called(self, nameserver: NameServer, mood: Mood) -> None:
        nameserver.mood = mood
        with calling(nameserver, time=timedelta(seconds=1)) as strangers:
            (reply,) = replies(strangers, "https://hooks.example/")
        assert isinstance(reply, NotSentError | CutError)
        assert not isinstance(reply, RefusedTargetError)


class TestTheOtherSide:
    """A server that is called: an open door on loopback stands for one on the public internet."""

    @contextmanager
    def door(self, nameserver: NameServer, listener: Listener, *, seconds: float = 3) -> Iterator[Strangers]:
        nameserver.lead("hooks.example", "127.0.0.1")
        door = ("127.0.0.1", listener.port)
        with calling(nameserver, open_door=door, tls=listener.trust, time=timedelta(seconds=seconds)) as strangers:
            yield strangers
        listener.close()

    def test_is_called_over_tls_by_its_name(self, nameserver: NameServer, tmp_path: Path) -> None:
        listener = Listener(tmp_path, "hooks.example")
        with self.door(nameserver, listener) as strangers:
            reply = strangers.call(Call(url=f"https://hooks.example:{listener.port}/a?b=%2F", body=b"words"))
        assert reply == Answer(200, reply.headers, b"ok")
        (request,) = listener.requests
        assert request.startswith(b"POST /a?b=%2F HTTP/1.1\r\n")
        assert f"Host: hooks.example:{listener.port}".encode() in request

    @pytest.mark.parametrize("name", ["elsewhere.example", ""])
    def test_with_another_name_or_without_tls_hears_no_request(
        self, nameserver: NameServer, tmp_path: Path, name: str
    ) -> None:
        listener = Listener(tmp_path, name)
        with self.door(nameserver, listener) as strangers:
            (reply,) = replies(strangers, f"https://hooks.example:{listener.port}/")
        assert isinstance(reply, NotSentError | CutError)
        assert not any(b"POST" in request for request in listener.requests)

    def test_a_redirect_is_an_answer_and_not_followed(self, nameserver: NameServer, tmp_path: Path) -> None:
        listener = Listener(tmp_path, "hooks.example")
        listener.pieces = [b"HTTP/1.1 307 Go\r\nLocation: https://x.example/\r\nContent-Length: 0\r\n\r\n"]
        with self.door(nameserver, listener) as strangers:
            assert strangers.call(Call(url=f"https://hooks.example:{listener.port}/")).status == 307
        assert nameserver.asked.count("x.example") == 0

    @pytest.mark.parametrize(
        ("answer", "pause"),
        [
            ([b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000], 0.0),
            ([b"H", b"T", b"T", b"P", b"/", b"1", b".", b"1", b" ", b"2"], 0.2),
            ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", *[b"x"] * 9], 0.2),
            ([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000], 0.0),
            ([b"\x00\x01\x02 nothing like HTTP\r\n\r\n"], 0.0),
            ([], 0.0),
        ],
        ids=["too long", "drips a header", "drips a body", "a huge header", "babble", "hangs up"],
    )
    def test_what_is_too_long_too_slow_or_no_answer_ends(
        self, nameserver: NameServer, tmp_path: Path, answer: list[bytes], pause: float
    ) -> None:
        listener = Listener(tmp_path, "hooks.example")
        listener.pieces, listener.pause = answer, pause
        began = time.monotonic()
        with self.door(nameserver, listener, seconds=0.7) as strangers:
            (reply,) = replies(strangers, f"https://hooks.example:{listener.port}/")
        assert isinstance(reply, CutError)
        assert time.monotonic() - began < 4
