"""A mail provider clicks “unsubscribe”, and what it sends with the click arrives after the answer is known."""

import socket
import time

import pytest

from subscribers import unsubscribing
from subscribers.models import Address
from tests.makers import Cast, make_person, subscribe
from tests.processes import Processes
from tooling.servers import answers

pytestmark = pytest.mark.slow

BODY = b"List-Unsubscribe=One-Click"


def test_it_is_answered_and_may_ask_again_on_the_same_connection(acme: Cast, processes: Processes) -> None:
    person = make_person(acme.organization, "vera@readers.example")
    subscribe(person, acme.page)
    path = f"/u/{unsubscribing.token_of(Address.objects.get())}"
    processes.start("serve")
    while not answers(processes.port):
        time.sleep(0.05)
    with socket.create_connection(("127.0.0.1", processes.port), timeout=20) as wire:
        for address in (path, "/u/unknown", path):
            wire.sendall(
                f"POST {address} HTTP/1.1\r\nHost: status.acme.test\r\nContent-Length: {len(BODY)}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode()
            )
            time.sleep(0.4)
            wire.sendall(BODY)
            expected = b"HTTP/1.1 200" if address == path else b"HTTP/1.1 404"
            assert whole_answer(wire).startswith(expected)
    assert not Address.objects.get().subscriptions.exists()


def whole_answer(wire: socket.socket) -> bytes:
    heard = b""
    while b"</html>" not in heard:
        more = wire.recv(65536)
        assert more, f"The connection ended after {heard!r}"
        heard += more
    return heard
