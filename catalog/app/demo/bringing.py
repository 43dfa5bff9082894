"""How the demo studio is brought in: files as its users bring theirs, and words in the name of whoever says them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from catalog.client import Client

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from catalog.app.demo.asset import Release


def publish(client: Client, code: str, release: Release, *, review: bool = False) -> None:
    """Make the files and publish them as the next version, with ``review`` once somebody has approved it."""
    with TemporaryDirectory() as folder:
        for path, content in release.files().items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        client.versions.publish(code, folder, note=release.note, review=review)


@contextmanager
def voices(client: Client, logins: Collection[str]) -> Iterator[dict[str, Client]]:
    """Give each of these people a client of their own, whose token is revoked at the end."""
    tokens = {login: client.tokens.issue(name="demo studio", login=login, days=1) for login in sorted(logins)}
    try:
        yield {login: Client(client.url, token=token.secret) for login, token in tokens.items()}
    finally:
        for token in tokens.values():
            client.tokens.revoke(token.id)
