"""The listening socket, and the addresses that people and scripts are told."""

import socket
from collections.abc import Iterator

import pytest

from catalog.app.door import Door, open_door
from catalog.kernel.errors import Conflict, InvalidInput


@pytest.fixture
def door() -> Iterator[Door]:
    door = open_door("127.0.0.1", 0)
    with door.listener:
        yield door


def test_a_door_on_this_machine_is_for_nobody_else(door: Door) -> None:
    port = door.local[1]

    assert not door.for_colleagues
    assert door.url == door.local_url == f"http://127.0.0.1:{port}"
    assert door.origins == (f"http://127.0.0.1:{port}", f"http://localhost:{port}")


def test_a_door_accepts_connections_as_soon_as_it_is_open(door: Door) -> None:
    with socket.create_connection(door.local, timeout=60) as caller:
        assert caller.getpeername() == door.local


def test_a_door_on_all_addresses_tells_colleagues_one_that_is_not_loopback() -> None:
    door = open_door("0.0.0.0", 0)  # noqa: S104 — the case under test

    with door.listener:
        assert door.local[0] == "127.0.0.1"
        assert door.advertised_host not in {"0.0.0.0", "::", ""}  # noqa: S104 — the case under test
        assert door.local_url in door.origins


def test_a_taken_port_is_refused_with_the_remedy(door: Door) -> None:
    with pytest.raises(Conflict, match=f"port {door.local[1]} on 127.0.0.1 cannot be used.*--port"):
        open_door("127.0.0.1", door.local[1])


def test_an_address_of_another_machine_is_refused_with_the_remedy() -> None:
    with pytest.raises(InvalidInput, match=r"192\.0\.2\.7 is no address of this machine.*--host 0\.0\.0\.0"):
        open_door("192.0.2.7", 0)


def test_an_address_of_the_newer_kind_is_written_in_brackets() -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("this machine has no IPv6")
    door = open_door("::1", 0)

    with door.listener:
        assert door.url == f"http://[::1]:{door.local[1]}"
