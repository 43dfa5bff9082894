"""The web's listening socket, and the addresses under which it is reached."""

import errno
import socket
from dataclasses import dataclass

from catalog.kernel.errors import Conflict, InvalidInput

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 — compared with what was asked for, not a default
LOOPBACK = ("127.0.0.1", "localhost", "::1")
BACKLOG = 256


@dataclass(frozen=True, kw_only=True)
class Door:
    """The web's listening socket and the addresses under which it is reached, from here and from other machines."""

    listener: socket.socket
    host: str
    local: tuple[str, int]
    advertised_host: str

    @property
    def for_colleagues(self) -> bool:
        """Whether other machines can reach it."""
        return self.advertised_host not in LOOPBACK

    @property
    def local_url(self) -> str:
        """The address for scripts on this machine."""
        return _url(*self.local)

    @property
    def url(self) -> str:
        """The address for people."""
        return _url(self.advertised_host, self.local[1])

    @property
    def origins(self) -> tuple[str, ...]:
        """Every address that a browser may show for it; the store accepts uploads from pages of these."""
        hosts = {self.advertised_host, self.local[0]}
        if hosts & set(LOOPBACK):
            hosts |= {"127.0.0.1", "localhost"}
        if self.for_colleagues:
            hosts.add(socket.gethostname())
        return tuple(sorted(_url(host, self.local[1]) for host in hosts))


def open_door(host: str, port: int) -> Door:
    """Listen on an address; ``Conflict`` where the port is taken, ``InvalidInput`` where the address is not ours."""
    try:
        listener = _listen(host, port)
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise Conflict(
                f"port {port} on {host} cannot be used: {error.strerror}; choose another one with --port",
                code="port-taken",
            ) from error
        raise InvalidInput(
            f"{host} is no address of this machine: {error.strerror}; --host 0.0.0.0 listens on all of them",
            code="bad-host",
        ) from error
    bound = listener.getsockname()[1]
    if host in EVERYWHERE:
        return Door(listener=listener, host=host, local=("127.0.0.1", bound), advertised_host=_own_address())
    return Door(listener=listener, host=host, local=(host, bound), advertised_host=host)


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _own_address() -> str:
    """The address that this machine uses towards others; asking for the route sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as route:
        try:
            route.connect(("192.0.2.1", 9))
            return str(route.getsockname()[0])
        except OSError:
            return socket.gethostname()


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
