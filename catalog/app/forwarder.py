"""Lets other machines reach one port of this one, and no other: ``python -m catalog.app.forwarder LISTEN TO``.

The embedded object store listens on the loopback address only, because most of its ports trust whoever can reach them.
This process listens where colleagues are and moves bytes to the S3 port, which checks the signature of every request.
The kernel moves them (splice(2)), so a transfer costs little more than without. It knows nothing of S3 and keeps
nothing.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import sys
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

CONNECTIONS_MAX = 256
IDLE_MAX_S = 120
BACKLOG = 128
MOVE_BYTES = 2**20
STACK_BYTES = 256 * 2**10
_F_SETPIPE_SZ = 1031  # fcntl.h; Python names it only where it was built on such a kernel


@dataclass(frozen=True, kw_only=True)
class Address:
    """A host and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: str) -> Address:
    """Read ``host:port`` or ``[host]:port``; ``ValueError`` for anything else."""
    host, _, port = text.rpartition(":")
    return Address(host=host.removeprefix("[").removesuffix("]"), port=int(port))


def listen(address: Address) -> socket.socket:
    """Return a socket that listens at the address; ``OSError`` where that is not possible."""
    family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
    return socket.create_server((address.host, address.port), family=family, backlog=BACKLOG)


@dataclass(kw_only=True)
class _Conversation:
    """Two sockets and when something last moved between them, in either direction."""

    client: socket.socket
    server: socket.socket
    moved_at: float = field(default_factory=time.monotonic)

    def hold(self) -> None:
        """Move bytes both ways until both sides have said everything, or nobody has said anything for two minutes."""
        with self.client, self.server:
            back = threading.Thread(target=self._move, args=(self.server, self.client), daemon=True)
            back.start()
            self._move(self.client, self.server)
            back.join()

    def _move(self, source: socket.socket, target: socket.socket) -> None:
        try:
            with ExitStack() as pipe:
                outlet, inlet = os.pipe2(os.O_CLOEXEC)
                pipe.callback(os.close, outlet)
                pipe.callback(os.close, inlet)
                with suppress(OSError):  # the kernel's limit for this user is reached; a small pipe does as well
                    fcntl.fcntl(inlet, _F_SETPIPE_SZ, MOVE_BYTES)
                while moved := self._splice(source.fileno(), inlet, MOVE_BYTES):
                    while moved:
                        moved -= self._splice(outlet, target.fileno(), moved)
            target.shutdown(socket.SHUT_WR)
        except OSError:  # one side is gone; the other shall know
            for end in (source, target):
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _splice(self, source: int, target: int, size: int) -> int:
        while True:
            try:
                moved = os.splice(source, target, size)
            except BlockingIOError:
                # This direction was silent; in an upload that is so until its last byte.
                if time.monotonic() - self.moved_at > IDLE_MAX_S:
                    raise
            else:
                self.moved_at = time.monotonic()
                return moved


def forward(listening: socket.socket, target: Address) -> None:
    """Take connections and move their bytes to ``target`` until the process ends."""
    threading.stack_size(STACK_BYTES)
    places = threading.BoundedSemaphore(CONNECTIONS_MAX)
    while True:
        places.acquire()
        try:
            client, _ = listening.accept()
        except OSError:  # the client gave up, or this process has no descriptor left: others are waiting
            places.release()
            time.sleep(0.01)
            continue
        threading.Thread(target=_serve, args=(client, target, places), daemon=True).start()


def _serve(client: socket.socket, target: Address, places: threading.BoundedSemaphore) -> None:
    try:
        with client:
            server = socket.create_connection((target.host, target.port), timeout=5)
            for end in (client, server):
                end.settimeout(None)
                # A timeout of the kernel's, because splice(2) knows nothing of Python's.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", IDLE_MAX_S, 0))
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", IDLE_MAX_S, 0))
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Conversation(client=client, server=server).hold()
    except OSError:
        return  # the store is being started again; the client sees a closed connection and tries again
    finally:
        places.release()


def main() -> None:
    """Listen at the first address and forward to the second."""
    at, to = map(read_address, sys.argv[1:3])
    forward(listen(at), to)


if __name__ == "__main__":
    main()
