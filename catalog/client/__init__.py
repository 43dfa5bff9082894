"""The Python client of Reprise.

::

    from catalog.client import Client

    client = Client("http://127.0.0.1:8000", token="…")     # or Client.from_environment()
    client.versions.publish("chr_ann", "scans/ann", note="first scan", wait=True)

It needs Python 3.9 or newer and ``requests``, nothing of the server, so that it runs inside Maya, Houdini, Blender
and Nuke. Results are frozen dataclasses, refusals the exceptions of ``errors``. Start reading at ``client.py``; the
operations under ``nouns`` and what they answer under ``answers`` are written by ``scripts/generate_client``.
"""

from catalog.client.answers.assets import Relation
from catalog.client.answers.places import Template
from catalog.client.answers.shapes import Alias, Asset, Card, ExternalId, File, Version
from catalog.client.answers.versions import FileEntry, NewAsset, WholeVersion
from catalog.client.client import Client
from catalog.client.crew import Progress
from catalog.client.errors import (
    CatalogError,
    Conflict,
    FieldError,
    InvalidInput,
    NotCleared,
    NotFound,
    NotPermitted,
    NotSignedIn,
    Stale,
    TooMany,
    Unavailable,
)
from catalog.client.listing import Listing, Page
from catalog.client.version import VERSION
from catalog.client.versions import PublishedVersion
from catalog.client.wire import UNCHANGED

__all__ = [
    "UNCHANGED",
    "VERSION",
    "Alias",
    "Asset",
    "Card",
    "CatalogError",
    "Client",
    "Conflict",
    "ExternalId",
    "FieldError",
    "File",
    "FileEntry",
    "InvalidInput",
    "Listing",
    "NewAsset",
    "NotCleared",
    "NotFound",
    "NotPermitted",
    "NotSignedIn",
    "Page",
    "Progress",
    "PublishedVersion",
    "Relation",
    "Stale",
    "Template",
    "TooMany",
    "Unavailable",
    "Version",
    "WholeVersion",
]
