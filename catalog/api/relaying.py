"""Relayed transfers: where the store has no public address, its bytes go through the web process.

The addresses are made like the store's own: signed, for one key, one digest and one hour, and whoever holds one may
use it once. The signature is ours (``CATALOG_SECRET_KEY``), the bytes are streamed, and the store checks their
digest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from flask import Blueprint, Response, current_app, request
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from catalog.kernel import clock
from catalog.kernel.errors import InvalidInput, NotPermitted
from catalog.storage.port import Part, TransferRequest

if TYPE_CHECKING:
    from catalog.house import House
    from catalog.storage.port import Intake

PATH = "/api/v1/transfers/"
LIFE_S = 3_600


@dataclass(frozen=True, kw_only=True)
class RelayHandover:
    """Signs addresses of our own web process. Downloads are relayed by the gate's own door."""

    secret: str
    base_url: str

    def single_upload(self, key: str, *, sha256: str, size_bytes: int, expires_s: int) -> TransferRequest:
        """Return a request that stores these very bytes under a key that has none yet."""
        return self._request({"key": key, "sha256": sha256, "size": size_bytes}, size_bytes, expires_s)

    def part_upload(self, key: str, transfer_id: str, part: Part, *, expires_s: int) -> TransferRequest:
        """Return a request that stores this very part."""
        grant = {
            "key": key,
            "transfer": transfer_id,
            "part": part.number,
            "sha256": part.sha256,
            "size": part.size_bytes,
        }
        return self._request(grant, part.size_bytes, expires_s)

    def _request(self, grant: dict[str, Any], size_bytes: int, expires_s: int) -> TransferRequest:
        token = _signer(self.secret).dumps(grant)
        return TransferRequest(
            method="PUT",
            url=f"{self.base_url.rstrip('/')}{PATH}{token}",
            headers={"Content-Type": "application/octet-stream"},
            size_bytes=size_bytes,
            expires_at=clock.now() + timedelta(seconds=expires_s),
        )


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
    grant = _read(house.settings.secret_key.get_secret_value(), token)
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


def _read(secret: str, token: str) -> dict[str, Any]:
    try:
        grant: dict[str, Any] = _signer(secret).loads(token, max_age=LIFE_S)
    except SignatureExpired as error:
        raise NotPermitted(
            "this upload address has expired; ask for the version's uploads again", code="expired"
        ) from error
    except BadSignature as error:
        raise NotPermitted(
            "this is no upload address of ours; ask for the version's uploads", code="bad-address"
        ) from error
    return grant


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="transfer")
