"""A name server of our own, over UDP and TCP: what it says can be changed while it runs, and so can its mood."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import Enum, auto
from types import TracebackType

import dns.flags
import dns.message
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT

TTL = 60
A_KIND, AAAA_KIND = dns.rdatatype.A, dns.rdatatype.AAAA


class Mood(Enum):
    HONEST = auto()
    FAILING = auto()
    REFUSING = auto()
    SILENT = auto()
    BABBLING = auto()
    """Answers bytes that are no message."""
    CUT = auto()
    """Over UDP only the beginning of an answer; whoever wants it all must come back over TCP."""


class NameServer:
    """Listens on `address`, as "127.0.0.1:port", inside the `with` block."""

    def __init__(self) -> None:
        self.mood = Mood.HONEST
        self.asked: list[str] = []
        self.on_question: Callable[[str], None] = lambda _name: None
        """Called before each answer, in the server's thread."""
        self._texts: dict[str, list[tuple[bytes, ...]]] = {}
        self._aliases: dict[str, str] = {}
        self._addresses: dict[str, list[str]] = {}
        self._udp, self._tcp = _sockets_on_one_port()
        self._threads = [threading.Thread(target=serve, daemon=True) for serve in (self._serve_udp, self._serve_tcp)]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._udp.getsockname()[1]}"

    def say(self, name: str, *texts: str | bytes | tuple[bytes, ...]) -> None:
        """From now on the TXT records of `name`; none: it is forgotten. "*.x" stands for all below x. A tuple is one
        record in pieces; longer texts are cut into pieces by themselves."""
        self._texts[name] = [text if isinstance(text, tuple) else _pieces(text) for text in texts]
        if not texts:
            del self._texts[name]

    def point(self, name: str, to: str) -> None:
        self._aliases[name] = to

    def lead(self, name: str, *addresses: str) -> None:
        """From now on the A and AAAA records of `name`."""
        self._addresses[name] = list(addresses)

    def __enter__(self) -> "NameServer":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for each in (self._udp, self._tcp):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _serve_udp(self) -> None:
        with suppress(OSError):
            while True:
                words, asker = self._udp.recvfrom(65535)
                if not words:  # shut down
                    return
                answer = self._answer(words, is_udp=True)
                if answer:
                    self._udp.sendto(answer, asker)

    def _serve_tcp(self) -> None:
        with suppress(OSError):
            while True:
                connection, _asker = self._tcp.accept()
                with connection, suppress(OSError, EOFError):
                    connection.settimeout(5)
                    words = _exactly(connection, int.from_bytes(_exactly(connection, 2)))
                    answer = self._answer(words, is_udp=False)
                    connection.sendall(len(answer).to_bytes(2) + answer)

    def _answer(self, words: bytes, *, is_udp: bool) -> bytes:
        question = dns.message.from_wire(words)
        name = question.question[0].name.to_text(omit_final_dot=True).lower()
        self.asked.append(name)
        self.on_question(name)
        answer = dns.message.make_response(question, our_payload=4096)
        match self.mood:
            case Mood.SILENT:
                return b""
            case Mood.BABBLING:
                return words[:2] + b"\xc0\x0c" * 20
            case Mood.FAILING | Mood.REFUSING:
                answer.set_rcode(dns.rcode.SERVFAIL if self.mood is Mood.FAILING else dns.rcode.REFUSED)
            case Mood.CUT if is_udp:
                answer.flags |= dns.flags.TC
            case _:
                self._fill(answer, name)
        wire = answer.to_wire(max_size=65535)
        if is_udp and len(wire) > 1232:
            answer.flags |= dns.flags.TC
            answer.answer.clear()
            wire = answer.to_wire()
        return wire

    def _fill(self, answer: dns.message.Message, name: str) -> None:
        for _ in range(10):
            if name not in self._aliases:
                break
            alias = dns.rrset.from_text(f"{name}.", TTL, "IN", "CNAME", f"{self._aliases[name]}.")
            answer.answer.append(alias)
            name = self._aliases[name]
        if name in self._addresses:
            self._fill_addresses(answer, name)
            return
        texts = self._texts.get(name) or self._texts.get(f"*.{name.partition('.')[2]}")
        if texts:
            records = [TXT(dns.rdataclass.IN, dns.rdatatype.TXT, pieces) for pieces in texts]
            answer.answer.append(dns.rrset.from_rdata(f"{name}.", TTL, *records))
        elif not any(known.endswith(f".{name}") for known in self._texts):
            answer.set_rcode(dns.rcode.NXDOMAIN)

    def _fill_addresses(self, answer: dns.message.Message, name: str) -> None:
        kind = answer.question[0].rdtype
        is_wanted = {A_KIND: lambda text: ":" not in text, AAAA_KIND: lambda text: ":" in text}.get(kind)
        found = list(filter(is_wanted, self._addresses[name])) if is_wanted else []
        if found:
            answer.answer.append(dns.rrset.from_text_list(f"{name}.", TTL, "IN", kind, found))


def _pieces(text: str | bytes) -> tuple[bytes, ...]:
    raw = text.encode() if isinstance(text, str) else text
    return tuple(raw[start : start + 255] for start in range(0, len(raw), 255)) or (b"",)


def _exactly(connection: socket.socket, length: int) -> bytes:
    words = b""
    while len(words) < length:
        piece = connection.recv(length - len(words))
        if not piece:
            raise EOFError
        words += piece
    return words


def _sockets_on_one_port() -> tuple[socket.socket, socket.socket]:
    while True:
        udp, tcp = socket.socket(type=socket.SOCK_DGRAM), socket.socket()
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
        else:
            tcp.listen()
            return udp, tcp
