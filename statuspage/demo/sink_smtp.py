"""A real SMTP server that keeps everything, and misbehaves when asked.

| local part of the address | what happens |
|---|---|
| `4xx@`       | RCPT answered 451 |
| `421@`       | RCPT answered 421 and the connection closed |
| `5xx-rcpt@`  | RCPT answered 550 5.1.1 |
| `cut-rcpt@`  | the connection cut at RCPT |
| `slow-rcpt@` | RCPT answered `slowness` late |
| `4xx-data@`  | the message answered 452 |
| `421-data@`  | the message answered 421 and the connection closed |
| `5xx-data@`  | the message answered 554 5.7.1 |
| `cut@`       | the message kept, the connection cut before the answer |
| `slow@`      | the message kept, the answer `slowness` late |

`…-once@` misbehaves the first time only. `+anything` may follow: `cut-once+17@acme.example`.
"""

import asyncio
import logging
import socket
import ssl
import threading
import weakref
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from statuspage.demo.sink_ledger import Caught, Ledger, read, wall_clock

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd writes down every command, addresses and all

KEPT_HEADERS = (
    "From",
    "To",
    "Message-ID",
    "Date",
    "References",
    "In-Reply-To",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "Feedback-ID",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    command: str
    answer: str = "250 2.0.0 OK"
    is_kept: bool = False
    is_cut: bool = False
    """Before an answer that says OK, after any other."""
    is_slow: bool = False


FAULTS = {
    "4xx": Fault(command="RCPT", answer="451 4.3.0 try again later"),
    "421": Fault(command="RCPT", answer="421 4.7.0 too much from you", is_cut=True),
    "5xx-rcpt": Fault(command="RCPT", answer="550 5.1.1 no such mailbox"),
    "cut-rcpt": Fault(command="RCPT", is_cut=True),
    "slow-rcpt": Fault(command="RCPT", is_slow=True),
    "4xx-data": Fault(command="DATA", answer="452 4.3.1 no room now"),
    "421-data": Fault(command="DATA", answer="421 4.3.2 going down", is_cut=True),
    "5xx-data": Fault(command="DATA", answer="554 5.7.1 we do not want this"),
    "cut": Fault(command="DATA", is_kept=True, is_cut=True),
    "slow": Fault(command="DATA", is_kept=True, is_slow=True),
}
NO_FAULT = Fault(command="", is_kept=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What a client must do first: STARTTLS with this certificate, log in as this user with this password."""

    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        if isinstance(given, LoginPassword) and self.login is not None:
            is_right = (given.login.decode(), given.password.decode()) == self.login
            return AuthResult(success=is_right, handled=is_right)
        return AuthResult(success=False, handled=False)


class SmtpSink:
    """Listens on 127.0.0.1 in a thread of its own while the `with` block lasts; `port=0` takes a free one."""

    def __init__(
        self,
        *,
        ledger: Path,
        port: int = 0,
        durable: bool = False,
        slowness: timedelta = timedelta(seconds=5),
        security: Security | None = None,
    ) -> None:
        self.ledger = Ledger(ledger, durable=durable)
        self._wanted_port = port
        self._security = security or Security()
        self._postmaster = _Postmaster(self.ledger, slowness)
        self._open: weakref.WeakSet[SMTP] = weakref.WeakSet()
        self._is_serving = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="smtp-sink", daemon=True)

    def messages(self) -> list[Caught]:
        return read(self.ledger.path)

    def hang_up(self) -> None:
        """Cut every open connection, as a restart of the server would."""
        self._loop.call_soon_threadsafe(self._cut_all)

    def __enter__(self) -> Self:
        # Said to be TCP, or asyncio does not know that it may switch off Nagle's algorithm, and answers wait 40 ms.
        self._socket = socket.socket(proto=socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self._wanted_port))
        self.port: int = self._socket.getsockname()[1]
        self._thread.start()
        self._is_serving.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self.ledger.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await self._loop.create_server(self._conversation, sock=self._socket)
        self._is_serving.set()
        await self._stop.wait()
        server.close()
        self._cut_all()

    def _conversation(self) -> SMTP:
        smtp = SMTP(
            self._postmaster,
            hostname="sink.localhost",
            loop=self._loop,
            tls_context=self._security.tls,
            require_starttls=self._security.tls is not None,
            auth_required=self._security.login is not None,
            auth_require_tls=self._security.tls is not None,
            authenticator=self._security.authenticate,
        )
        self._open.add(smtp)
        return smtp

    def _cut_all(self) -> None:
        for smtp in list(self._open):
            if smtp.transport is not None:
                smtp.transport.close()


class _Postmaster:
    """What is answered to whom. The names of the methods are aiosmtpd's."""

    def __init__(self, ledger: Ledger, slowness: timedelta) -> None:
        self._ledger = ledger
        self._slowness = slowness.total_seconds()
        self._misbehaved: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        fault = self._fault("RCPT", address)
        if fault.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return await self._answer(server, fault)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        fault = self._fault("DATA", address)
        if fault.is_kept:
            self._ledger.append(_caught(address, cast("bytes", envelope.content)))
        return await self._answer(server, fault)

    def _fault(self, command: str, address: str) -> Fault:
        name = address.partition("@")[0].partition("+")[0]
        fault = FAULTS.get(name.removesuffix("-once"), NO_FAULT)
        if fault.command != command or (name.endswith("-once") and address in self._misbehaved):
            return NO_FAULT
        self._misbehaved.add(address)
        return fault

    async def _answer(self, server: SMTP, fault: Fault) -> str:
        if fault.is_slow:
            await asyncio.sleep(self._slowness)
        if fault.is_cut:
            if not fault.answer.startswith("250"):
                await server.push(fault.answer)
            cast("asyncio.Transport", server.transport).close()
        return fault.answer


def _caught(address: str, content: bytes) -> Caught:
    mail = message_from_bytes(content)
    headers = {name: _decoded(mail[name]) for name in KEPT_HEADERS if name in mail}
    message_id = headers.get("Message-ID", "")
    return Caught(
        at=wall_clock(),
        channel="email",
        to=address,
        key=message_id.strip("<>").partition("@")[0],
        message_id=message_id,
        subject=_decoded(mail["Subject"] or ""),
        text=_part(mail, "text/plain"),
        html=_part(mail, "text/html"),
        headers=headers,
        size=len(content),
    )


def _decoded(value: str) -> str:
    """A header's words as a person reads them."""
    unfolded = value.replace("\r\n", "")
    return str(make_header(decode_header(unfolded))) if "=?" in unfolded else unfolded


def _part(mail: Message, content_type: str) -> str:
    for part in mail.walk():
        if part.get_content_type() == content_type:
            octets = cast("bytes", part.get_payload(decode=True))
            return octets.decode("utf-8", "replace").replace("\r\n", "\n")
    return ""
