"""Addresses and networks of the internet protocol, as people write them. Pure."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_BLOCK_BITS = {4: 24, 6: 56}
"""As many are usually one subscriber's or one provider's: whoever is limited changes the rest at will."""


def read_address(text: str) -> Address | None:
    """ "::ffff:192.0.2.1" is the IPv4 address it stands for. Some proxies append a port."""
    host, colon, _port = text.rpartition(":")
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif colon and ":" not in host:
        text = host
    try:
        address = ip_address(text.partition("%")[0])  # a zone means something on its own machine only
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def read_network(text: str) -> Network:
    """ "10.1.2.3/8" is 10.0.0.0/8, and one address a network of one. Raises ValueError."""
    network = ip_network(text, strict=False)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped and network.prefixlen >= 96:
        return ip_network(f"{mapped}/{network.prefixlen - 96}")
    return network


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


def block_of(address: Address | None) -> str:
    """The neighbourhood that is counted as one, as a key. Who cannot be told apart shares one."""
    if address is None:
        return "unknown"
    return str(ip_network(f"{address}/{_BLOCK_BITS[address.version]}", strict=False))
