"""Brings the files of a version of the demo studio in, as its users bring theirs."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.app.demo.asset import Release
    from catalog.client import Client


def publish(client: Client, code: str, release: Release, *, review: bool = False) -> None:
    """Make the files and publish them as the next version, with ``review`` once somebody has approved it."""
    with TemporaryDirectory() as folder:
        for path, content in release.files().items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        client.versions.publish(code, folder, note=release.note, review=review)
