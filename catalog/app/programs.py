"""What the supervisor starts besides the object store: each program with its command, environment and log."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values

from catalog.app.children import Program
from catalog.app.installation import Installation

ROOT = Path(__file__).resolve().parents[2]
SHARED_BY_ALL = {
    # Each thread of glibc's allocator keeps an arena of its own; two are enough and save tens of megabytes.
    "MALLOC_ARENA_MAX": "2",
    "PYTHONUNBUFFERED": "1",
    "PYTHONPATH": str(ROOT),
}


def configured() -> dict[str, str]:
    """Return the settings that people made for themselves: the environment over the repository's ``.env``."""
    written = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {
        name: value
        for name, value in {**written, **os.environ}.items()
        if name.startswith(("CATALOG_", "AWS_")) and value
    }


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The programs of one installation; ``settings`` are given to all of them."""

    installation: Installation
    settings: Mapping[str, str]

    def preparation(self, origins: Sequence[str]) -> Program:
        """Bring database, store and first administrator into order, then end."""
        return self._python("preparation", "catalog.app.preparation", str(self.installation.folder), *origins)

    def seeding(self, what: Literal["people", "assets"], url: str) -> Program:
        """Enter a part of the demo studio through the public client, then end."""
        token = self.installation.secret("admin_token")
        folder = str(self.installation.folder)
        return self._python(f"demo-{what}", "catalog.app.seeding", what, folder, url, CATALOG_TOKEN=token)

    def worker(self) -> Program:
        """Do the owed work and keep the index."""
        return self._python("worker", "catalog.worker")

    def web(self, listening: int, prepared: int) -> Program:
        """Serve the web application on a socket that this process listens on, once the pipe ``prepared`` is closed."""
        return self._python(
            "web",
            *("gunicorn", "--config", "python:catalog.app.serving", "wsgi:app"),
            descriptors=(listening, prepared),
            CATALOG_LISTEN=f"fd://{listening}",
            CATALOG_PREPARED_DESCRIPTOR=str(prepared),
        )

    def _python(
        self, name: str, module: str, *arguments: str, descriptors: tuple[int, ...] = (), **more: str
    ) -> Program:
        return Program(
            name=name,
            command=(sys.executable, "-m", module, *arguments),
            # A killed process leaves temporary files behind; in the data folder, the next start clears them.
            environment={**SHARED_BY_ALL, "TMPDIR": str(self.installation.folder / "scratch"), **self.settings, **more},
            folder=ROOT,
            log=self.installation.log(name),
            descriptors=descriptors,
        )
