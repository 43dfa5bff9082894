"""Opening the stores of an installation in an S3."""

from __future__ import annotations

from catalog.storage.port import Bucket, Stores
from catalog.storage.room import room_on_disk_of
from catalog.storage.s3.bucket import S3Bucket
from catalog.storage.s3.connection import Connection, S3Config
from catalog.storage.s3.handover import S3Handover
from catalog.storage.s3.transfers import S3Transfers


def open_stores(config: S3Config) -> Stores:
    """Return the four buckets; nothing is sent, and boto3 not loaded, before the first is used."""
    connection = Connection(config)
    transfers = S3Transfers(connection)
    return Stores(
        name=config.name,
        originals=S3Bucket(connection, Bucket.ORIGINALS),
        derived=S3Bucket(connection, Bucket.DERIVED),
        documents=S3Bucket(connection, Bucket.DOCUMENTS),
        anchors=S3Bucket(connection, Bucket.ANCHORS),
        transfers=transfers,
        staging=transfers,
        handover=S3Handover(connection) if config.public_endpoint_url else None,
        room=room_on_disk_of(config.folder) if config.folder else lambda: None,
    )
