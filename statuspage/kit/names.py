"""Questions to the DNS. Each has an end, and "I could not find out" is never taken for "there is none"."""

import asyncio
from ipaddress import ip_address

import dns.asyncresolver
import dns.exception
import dns.name
import dns.resolver
from django.conf import settings
from dns.nameserver import Do53Nameserver

from statuspage.kit.networks import Address

PORT = 53
ONE_SERVER_SECONDS = 2.0
ALTOGETHER_SECONDS = 5.0
MOST_TEXTS = 100


class NotKnownError(Exception):
    """Nobody who must know gave an answer: they are slow, broken, or cannot be reached."""


class Resolver:
    """Asks the given name servers, as "address" or "address:port"; the system's own when there are none.

    May be used by several threads at once.
    """

    def __init__(self, servers: list[str]) -> None:
        try:
            self._asking = dns.resolver.Resolver(configure=not servers)
        except dns.resolver.NoResolverConfiguration:
            self._asking = dns.resolver.Resolver(configure=False)
        if servers:
            self._asking.nameservers = [_server(each) for each in servers]
        self._asking.timeout, self._asking.lifetime = ONE_SERVER_SECONDS, ALTOGETHER_SECONDS
        self._asking_aside = dns.asyncresolver.Resolver(configure=False)
        self._asking_aside.nameservers = self._asking.nameservers
        self._asking_aside.timeout, self._asking_aside.lifetime = ONE_SERVER_SECONDS, ALTOGETHER_SECONDS

    def texts(self, name: str) -> list[str]:
        """What the TXT records of this name say, wherever CNAMEs lead; an empty list when there certainly are none.

        Raises NotKnownError. What is no text is made readable, since anybody may write anything there.
        """
        try:
            answer = self._asking.resolve(dns.name.from_text(name), "TXT")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NotKnownError(type(error).__name__) from error
        return [b"".join(record.strings).decode(errors="replace") for record in list(answer)[:MOST_TEXTS]]

    def alias(self, name: str) -> str:
        """Where the CNAME of this name leads, in lower case; "" when there certainly is none. Raises NotKnownError."""
        try:
            answer = self._asking.resolve(dns.name.from_text(name), "CNAME")
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ""
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NotKnownError(type(error).__name__) from error
        return str(answer[0].target.to_text(omit_final_dot=True)).lower()

    async def addresses(self, name: str) -> list[Address]:
        """Every IPv4 and IPv6 address of this name, wherever CNAMEs lead; an empty list when there certainly are none.

        Only the DNS is asked, never a file of this machine. Raises NotKnownError.
        """
        found = await asyncio.gather(self._addresses(name, "A"), self._addresses(name, "AAAA"))
        return [address for addresses in found for address in addresses]

    async def _addresses(self, name: str, kind: str) -> list[Address]:
        try:
            answer = await self._asking_aside.resolve(dns.name.from_text(name), kind)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NotKnownError(type(error).__name__) from error
        return [ip_address(record.address) for record in answer]


def the_resolver() -> Resolver:
    return Resolver(settings.NAMESERVERS)


def _server(text: str) -> Do53Nameserver:
    """An IPv6 address with a port is written in brackets."""
    address, colon, port = text.rpartition(":")
    if not colon or (":" in address and not address.endswith("]")):
        address, port = text, str(PORT)
    return Do53Nameserver(address.strip("[]"), int(port))
