"""Ports of this machine that nobody listens on."""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

LOOPBACK = "127.0.0.1"
GRPC_ABOVE = 10_000
"""SeaweedFS expects some gRPC ports so far above their HTTP ports, whatever it is told."""
LOWEST, HIGHEST = 20_000, 32_000
"""Below the ports that the kernel gives to outgoing connections (32768 and up), above most services."""
TRIES = 2_000


def free_ports(names: Sequence[str], kept: Mapping[str, int]) -> dict[str, int]:
    """Return a port for each name: all those that were kept, while all are free, otherwise all anew.

    The port 10,000 above each is free, too. ``OSError`` where no port is left.
    """
    if set(kept) == set(names):
        with ExitStack() as held:
            if all(_hold(held, port) for port in kept.values()):
                return dict(kept)
    chosen: dict[str, int] = {}
    with ExitStack() as held:
        for port in random.sample(range(LOWEST, HIGHEST), TRIES):
            if len(chosen) == len(names):
                return chosen
            if _hold(held, port):
                chosen[names[len(chosen)]] = port
    raise OSError(f"no {len(names)} free ports between {LOWEST} and {HIGHEST}")


def free_port(host: str, preferred: int) -> int:
    """Return ``preferred`` where it is free at this address, else another; ``OSError`` if nothing can listen there."""
    family = socket.getaddrinfo(host, preferred, type=socket.SOCK_STREAM)[0][0]
    for port in (preferred, 0):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                if port == 0:
                    raise
                continue
            return int(probe.getsockname()[1])
    raise OSError(f"no free port at {host}")


def _hold(held: ExitStack, port: int) -> bool:
    for each in (port, port + GRPC_ABOVE):
        probe = held.enter_context(socket.socket())
        # As SeaweedFS does: a port that only waits for its last connections to be forgotten is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, each))
        except OSError:
            return False
    return True
