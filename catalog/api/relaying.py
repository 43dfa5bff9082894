"""Relayed transfers: where the store has no public address, its bytes go through the web process.

The addresses are signed (``storage.relay``), the bytes are streamed, and the store checks their digest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from flask import Blueprint, Response, current_app, request

from catalog.assets.relay import PATH, RelayHandover, read_grant
from catalog.kernel.errors import InvalidInput
from catalog.storage.port import Part

if TYPE_CHECKING:
    from catalog.house import House
    from catalog.storage.port import Intake


def handover_of(house: House) -> Intake:
    """Return what signs transfers: the store's own addresses where it has public ones, else ours."""
    if house.stores.handover is not None:
        return house.stores.handover
    return RelayHandover(secret=house.settings.secret_key.get_secret_value(), base_url=house.settings.base_url)


def create_blueprint() -> Blueprint:
    """Return the door that takes relayed bytes.

    It asks for no token: its address is the permission, as with the store's.
    """
    door = Blueprint("relay", __name__)
    door.add_url_rule(PATH + "<token>", "receive", _receive, methods=["PUT"])
    return door


def _receive(token: str) -> Response:
    house: House = current_app.extensions["house"]
    grant = read_grant(house.settings.secret_key.get_secret_value(), token)
    announced = request.content_length or 0  # an empty file may be announced by saying nothing
    if announced != grant["size"]:
        raise InvalidInput(f"{announced} bytes were announced; {grant['size']} were declared", code="bad-size")
    source: BinaryIO = request.stream  # type: ignore[assignment]  # werkzeug's limited stream reads like one
    if "part" in grant:
        part = Part(number=grant["part"], sha256=grant["sha256"], size_bytes=grant["size"])
        house.stores.transfers.receive(grant["key"], grant["transfer"], part, source)
    else:
        house.stores.originals.put(grant["key"], source, sha256=grant["sha256"])
    return Response(json.dumps({"received": grant["size"]}), content_type="application/json")
