"""Requests to addresses that tenants have typed: to servers on the public internet, and to nothing else.

A name is looked up, every address it has is checked, and the connection goes to a checked one: a name that leads
elsewhere a moment later changes nothing. TLS is verified against the name. No redirect is followed, no answer is read
beyond 64 kB, and a request takes 15 s at most, however slowly the other side drips.
"""

import asyncio
import socket
import ssl
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from statuspage.kit.names import NotKnownError, Resolver
from statuspage.kit.networks import Address, Network
from statuspage.kit.outbound import LONGEST_ANSWER, Answer, CutError, NotSentError
from statuspage.kit.targets import PORTS, REFUSAL, ForbiddenTargetError, host_of, is_public, read_target

TO_CONNECT = timedelta(seconds=5)
ALTOGETHER = timedelta(seconds=15)
TO_BEGIN = timedelta(seconds=8)
AT_ONCE = 20
TO_ONE_HOST = 4
"""As many connections, so that a host that does not answer holds few of us."""

NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
TURNS_TO_NOTICE = 3
"""Of the event loop, until a kept connection that was closed meanwhile is known to be."""


class RefusedTargetError(NotSentError):
    """Nobody was called: the address, or one that its name leads to, is not one we call. Says REFUSAL."""


class NotBegunError(NotSentError):
    """There was no time left to begin."""


class _ForbiddenAddressError(OSError):
    """aiohttp lets only an OSError of ours through."""


Reply = Answer | NotSentError | CutError


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `body` goes out as it stands."""

    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How we call others, and whom. Only tests have reasons for another `tls` or `time`."""

    resolver: Resolver
    never: Sequence[Network] = ()
    """The operator's own networks."""
    sink: str = ""
    """"host:port" of a server that gets everything, in plain HTTP, whoever it was for: the demo's and the tests'."""
    tls: ssl.SSLContext | None = None
    time: timedelta = ALTOGETHER
    open_door: tuple[str, int] | None = None
    """Address and port that tests may call although it is not public."""

    @property
    def ports(self) -> tuple[int, ...]:
        return (*PORTS, self.open_door[1]) if self.open_door else PORTS


class Strangers:
    """Belongs to one thread, and works in another, so that nothing depends on what the caller's thread is running.
    Connections are kept for a few seconds."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="strangers")
        self._runner = asyncio.Runner()
        self._session: aiohttp.ClientSession | None = None

    def call(self, call: Call) -> Answer:
        """Raises NotSentError or CutError, nothing else."""
        (reply,) = self.call_all([call])
        if isinstance(reply, Exception):
            raise reply
        return reply

    def call_all(self, calls: Sequence[Call]) -> list[Reply]:
        """All of them at once, AT_ONCE at most and TO_ONE_HOST to each; what became of each, in order.

        It takes `time` and TO_BEGIN at most. A host that did not answer one of them is not asked again meanwhile.
        """
        return self._thread.submit(self._runner.run, self._call_all(calls)).result()

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            self._thread.submit(self._runner.run, session.close()).result()
        self._thread.submit(self._runner.close).result()
        self._runner = asyncio.Runner()

    async def _call_all(self, calls: Sequence[Call]) -> list[Reply]:
        for _ in range(TURNS_TO_NOTICE):
            await asyncio.sleep(0)
        session = self._session = self._session or self._new_session()
        loop, room, silent = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE), set[str]()
        hosts: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(TO_ONE_HOST))
        last_begin = loop.time() + TO_BEGIN.total_seconds()

        async def one(call: Call) -> Reply:
            host = host_of(call.url)
            async with hosts[host], room:  # waited for here, where it costs none of the request's own time
                if loop.time() > last_begin:
                    return NotBegunError("out of time")
                if host in silent:
                    return NotSentError("its host does not answer")
                reply = await self._reply(session, call)
                if isinstance(reply, CutError | NotSentError) and not isinstance(reply, RefusedTargetError):
                    silent.add(host)
                return reply

        return list(await asyncio.gather(*(one(call) for call in calls)))

    async def _reply(self, session: aiohttp.ClientSession, call: Call) -> Reply:
        try:
            return await self._answer(session, call)
        except NOT_SENT as error:
            if isinstance(error.__cause__, _ForbiddenAddressError):
                return RefusedTargetError(REFUSAL)
            return NotSentError(type(error).__name__)
        except ForbiddenTargetError:
            return RefusedTargetError(REFUSAL)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return CutError(type(error).__name__)

    async def _answer(self, session: aiohttp.ClientSession, call: Call) -> Answer:
        target = read_target(call.url, ports=self._manners.ports)
        url, headers = URL(target, encoded=True), dict(call.headers)
        if self._manners.sink:
            headers["Host"] = host_of(target)
            url = URL(f"http://{self._manners.sink}{url.raw_path_qs}", encoded=True)
        async with session.request(
            call.method, url, data=call.body, headers=headers, allow_redirects=False
        ) as response:
            body = bytearray()
            async for piece in response.content.iter_chunked(LONGEST_ANSWER):
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise ValueError("the answer is too long")
            return Answer(response.status, response.headers, bytes(body))

    def _new_session(self) -> aiohttp.ClientSession:
        manners = self._manners
        tls = manners.tls or _everybodys_tls()
        connector = aiohttp.TCPConnector(resolver=_Checked(manners), socket_factory=Door(manners), ssl=tls)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(
                total=manners.time.total_seconds(), sock_connect=min(TO_CONNECT, manners.time).total_seconds()
            ),
            # A cookie of one tenant's server is nobody else's, and a small answer may unfold into a large one.
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"User-Agent": "Ripple", "Accept-Encoding": "identity"},
            trust_env=False,
        )


class _Checked(AbstractResolver):
    """Looks a name up and refuses it when any of its addresses is not public."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            addresses = await self._manners.resolver.addresses(host)
        except NotKnownError as error:
            raise OSError(str(error)) from error
        if not addresses:
            raise OSError("there is no such name")
        if not all(_may_call(address, port, self._manners) for address in addresses):
            raise _ForbiddenAddressError
        return [_as_result(host, port, address) for address in addresses]

    async def close(self) -> None:
        pass


class Door:
    """The last look, at the socket: whatever way an address came here, it is checked."""

    def __init__(self, manners: Manners) -> None:
        self._manners = manners

    def __call__(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        family, kind, protocol, _name, where = info
        if not _may_call(ip_address(str(where[0])), int(where[1]), self._manners):
            raise _ForbiddenAddressError
        return socket.socket(family, kind, protocol)


@cache
def _everybodys_tls() -> ssl.SSLContext:
    """Reading the system's certificates takes a while: once is enough for all threads."""
    return ssl.create_default_context()


def _may_call(address: Address, port: int, manners: Manners) -> bool:
    if f"{address}:{port}" == manners.sink or (str(address), port) == manners.open_door:
        return True
    return is_public(address, never=manners.never)


def _as_result(host: str, port: int, address: Address) -> ResolveResult:
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    return ResolveResult(
        hostname=host, host=str(address), port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST
    )
