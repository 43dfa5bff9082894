"""Networks that a token is for: written as in ``10.20.0.0/16``, asked of each address that it is used from."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from catalog.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

NETWORKS_MAX = 50


def checked_networks(given: Iterable[str], within: Iterable[str] = ()) -> list[str]:
    """Return networks as they are kept, each once; ``InvalidInput`` names one that is none, or reaches too far.

    ``within`` is what they may not reach beyond, and what is kept where none is given; empty: anywhere.
    """
    limits = list(map(ip_network, within))
    networks = {_network(one) for one in given}
    if len(networks) > NETWORKS_MAX:
        raise InvalidInput(f"{len(networks)} networks are more than {NETWORKS_MAX}", code="bad-network")
    for network in networks:
        if limits and not any(_is_part(network, limit) for limit in limits):
            raise InvalidInput(
                f"network {network} is beyond those of the token that asks, and a token makes none that is wider",
                code="bad-network",
            )
    return sorted(map(str, networks or limits))


def admit(networks: Iterable[str], address: str | None) -> bool:
    """Whether an address is in one of these networks; no networks at all admit everything, also no address."""
    limits = list(map(ip_network, networks))
    found = _address(address)
    return not limits or (found is not None and any(found in limit for limit in limits))


def spelled(address: str | None) -> str | None:
    """Return an address as it is kept; None where it is none, as a proxy may say."""
    found = _address(address)
    return str(found) if found else None


def _address(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text or "")
    except ValueError:
        return None
    # A socket that listens to both families calls 10.0.0.1 ::ffff:10.0.0.1.
    return getattr(found, "ipv4_mapped", None) or found


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise InvalidInput(
            f"{text[:60]!r} is no network; right are such as '10.20.0.0/16', '2001:db8::/32', or one address",
            code="bad-network",
        ) from error


def _is_part(network: IPv4Network | IPv6Network, limit: IPv4Network | IPv6Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(limit, IPv4Network) and network.subnet_of(limit)
    return isinstance(limit, IPv6Network) and network.subnet_of(limit)
