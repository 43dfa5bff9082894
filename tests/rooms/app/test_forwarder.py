"""Moving bytes between one port and another."""

import hashlib
import random
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from catalog.app.forwarder import Address, forward, listen, read_address

Answer = Callable[[socket.socket], None]


def serve(answer: Answer) -> tuple[socket.socket, Address]:
    """A server that answers each connection so."""
    server = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                answer(connection)

    threading.Thread(target=run, daemon=True).start()
    return server, Address(host="127.0.0.1", port=server.getsockname()[1])


@pytest.fixture
def through() -> Iterator[Callable[[Address], Address]]:
    """Where to connect to, to reach an address through a forwarder."""
    listening: list[socket.socket] = []

    def start(target: Address) -> Address:
        door = listen(Address(host="127.0.0.1", port=0))
        listening.append(door)
        threading.Thread(target=forward, args=(door, target), daemon=True).start()
        return Address(host="127.0.0.1", port=door.getsockname()[1])

    yield start
    for door in listening:
        door.shutdown(socket.SHUT_RDWR)
        door.close()


def received(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


def test_what_is_sent_arrives_and_the_answer_comes_back(through: Callable[[Address], Address]) -> None:
    def count(connection: socket.socket) -> None:
        connection.sendall(hashlib.sha256(received(connection)).digest() * 100_000)

    server, target = serve(count)
    content = random.randbytes(5_000_000)
    at = through(target)

    with server, socket.create_connection((at.host, at.port), timeout=60) as client:
        client.sendall(content)
        client.shutdown(socket.SHUT_WR)
        answer = received(client)

    assert answer == hashlib.sha256(content).digest() * 100_000


def test_a_client_sees_when_the_server_hangs_up(through: Callable[[Address], Address]) -> None:
    server, target = serve(lambda connection: connection.sendall(b"bye"))
    at = through(target)

    with server, socket.create_connection((at.host, at.port), timeout=60) as client:
        assert received(client) == b"bye"


def test_a_server_sees_when_the_client_hangs_up(through: Callable[[Address], Address]) -> None:
    seen = threading.Event()

    def wait_for_the_end(connection: socket.socket) -> None:
        received(connection)
        seen.set()

    server, target = serve(wait_for_the_end)
    at = through(target)

    with server:
        socket.create_connection((at.host, at.port), timeout=60).close()
        assert seen.wait(60)


def test_where_nobody_serves_the_connection_is_closed_and_the_next_one_taken(
    through: Callable[[Address], Address],
) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    target = Address(host="127.0.0.1", port=free.getsockname()[1])
    free.close()
    at = through(target)

    for _ in range(2):
        with socket.create_connection((at.host, at.port), timeout=60) as client:
            assert received(client) == b""


@pytest.mark.parametrize(
    "text, address",
    [
        ("127.0.0.1:80", Address(host="127.0.0.1", port=80)),
        ("[::1]:80", Address(host="::1", port=80)),
        ("library.example:80", Address(host="library.example", port=80)),
    ],
)
def test_an_address_is_read_as_it_is_written(text: str, address: Address) -> None:
    assert read_address(text) == address
    assert str(address) == text
