"""An HTTP server that plays the SMS provider in Twilio's form, keeps everything, and misbehaves when asked.

| end of the number | what happens |
|---|---|
| `0429` | 429 with `Retry-After: 7` |
| `0428` | 429 with `Retry-After` as a date, a minute from now |
| `0500` | 500 |
| `0400` | 400, code 21211 (no such number) |
| `0610` | 400, code 21610 (asked us to stop) |
| `0401` | 401, code 20003 (wrong password) |
| `0307` | 307 to another address |
| `0001` | the message kept, the connection cut before the answer |
| `0002` | the message kept, 201 with an answer that is not JSON |
| `0003` | the message kept, the answer `slowness` late |
| `0004` | the message kept, 201 with an answer of more than 64 kB |

With a 1 in the place of the first 0 (`1429`, `1001`) it misbehaves the first time only.
"""

import base64
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs
from uuid import uuid4

from statuspage.demo.sink_ledger import Caught, Ledger, read, wall_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    status: int = 201
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    is_kept: bool = False
    is_cut: bool = False
    is_slow: bool = False


def _refusal(code: int) -> bytes:
    return json.dumps({"code": code, "message": "refused", "status": 400}).encode()


FAULTS = {
    "429": Fault(status=429, headers={"Retry-After": "7"}, body=_refusal(20429)),
    "428": Fault(status=429, headers={"Retry-After": "in a minute"}),
    "500": Fault(status=500, body=b"<h1>Trouble</h1>"),
    "400": Fault(status=400, body=_refusal(21211)),
    "610": Fault(status=400, body=_refusal(21610)),
    "401": Fault(status=401, body=_refusal(20003)),
    "307": Fault(status=307, headers={"Location": "/elsewhere"}),
    "001": Fault(is_kept=True, is_cut=True),
    "002": Fault(is_kept=True, body=b"<p>Thank you"),
    "003": Fault(is_kept=True, is_slow=True),
    "004": Fault(is_kept=True, body=b'{"sid": "SM' + b"0" * 70_000 + b'"}'),
}
NO_FAULT = Fault(is_kept=True)


class SmsSink:
    """Listens on 127.0.0.1 in threads of its own while the `with` block lasts; `port=0` takes a free one.

    `login` is the account and password a client must show; None = anybody may send.
    """

    def __init__(
        self,
        *,
        ledger: Path,
        port: int = 0,
        durable: bool = False,
        slowness: timedelta = timedelta(seconds=5),
        login: tuple[str, str] | None = None,
    ) -> None:
        self.ledger = Ledger(ledger, durable=durable)
        self.slowness = slowness
        self.authorization = "" if login is None else "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self._wanted_port = port
        self._misbehaved: set[str] = set()

    @property
    def door(self) -> "type[Door]":
        return Door

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/Messages.json"

    def messages(self) -> list[Caught]:
        return read(self.ledger.path)

    def hang_up(self) -> None:
        """Cut every open connection, as a restart of the provider would."""
        self._server.hang_up()

    def fault(self, number: str) -> Fault:
        """How to misbehave towards `number` this time."""
        fault = FAULTS.get(number[-3:], NO_FAULT)
        once = number[-4:-3] == "1"
        if number[-4:-3] not in {"0", "1"} or (once and number in self._misbehaved):
            return NO_FAULT
        self._misbehaved.add(number)
        return fault

    def __enter__(self) -> Self:
        self._server = Server(self, self._wanted_port)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="sms-sink", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()
        self._thread.join()
        self.ledger.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, sink: SmsSink, port: int) -> None:
        self.sink = sink
        self.open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), sink.door)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever did not wait for a slow answer has hung up: that is what they were to do."""

    def hang_up(self) -> None:
        for connection in list(self.open):
            connection.shutdown(socket.SHUT_RDWR)


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections are kept
    wbufsize = -1  # an answer is one packet: two wait for each other 40 ms
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
        pass

    def do_POST(self) -> None:
        self.take(self.rfile.read(int(self.headers["Content-Length"])))

    def take(self, octets: bytes) -> None:
        sink = self.server.sink
        form = {name: values[0] for name, values in parse_qs(octets.decode(), keep_blank_values=True).items()}
        if sink.authorization and self.headers["Authorization"] != sink.authorization:
            self.answer(FAULTS["401"])
            return
        fault, sid = sink.fault(form["To"]), f"SM{uuid4().hex}"
        if fault.is_kept:
            sink.ledger.append(self._caught(form, sid, size=len(octets)))
        if fault.is_slow:
            time.sleep(sink.slowness.total_seconds())
        if fault.is_cut:
            self.close_connection = True
            return
        self.answer(fault, sid)

    def _caught(self, form: dict[str, str], sid: str, *, size: int) -> Caught:
        return Caught(
            at=wall_clock(),
            channel="sms",
            to=form["To"],
            key=self.headers["Idempotency-Key"] or "",
            message_id=sid,
            text=form["Body"],
            headers={"From": form["From"], "StatusCallback": form.get("StatusCallback", "")},
            size=size,
        )

    def answer(self, fault: Fault, sid: str = "") -> None:
        body = fault.body or json.dumps({"sid": sid, "status": "queued"}).encode()
        self.send_response(fault.status)
        for name, value in fault.headers.items():
            self.send_header(name, _in_a_minute() if value == "in a minute" else value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _in_a_minute() -> str:
    return format_datetime(datetime.fromtimestamp(time.time(), UTC) + timedelta(minutes=1), usegmt=True)
