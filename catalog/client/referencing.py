"""Files that stay where they are: from a declared root to local paths and back."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.client.errors import InvalidInput
from catalog.client.nouns.roots import RootsOperations
from catalog.client.places import platform_word
from catalog.client.trees import absolute

if TYPE_CHECKING:
    from catalog.client.answers.places import Root
    from catalog.client.connection import Connection


@dataclass(frozen=True)
class LocalRoot:
    """A declared root as this machine sees it; several folders where its sites are not told apart here."""

    name: str
    folders: tuple[Path, ...]

    def path_of(self, source: Path) -> str:
        """Return a file's path under the root, POSIX; ``InvalidInput`` where it is not below it."""
        # The path as it is spelled comes first: a root is often a link to the real storage.
        for spelled in (absolute(source), source.resolve()):
            for folder in self.folders:
                if folder in spelled.parents:
                    return _checked(spelled.relative_to(folder).as_posix())
        raise InvalidInput(
            f"{source} is not below root {self.name!r}, which is {' or '.join(map(str, self.folders))} here; "
            "move it there, or publish it without `in place`",
            code="outside-root",
        )


def local_root(connection: Connection, name: str, site: str | None = None) -> LocalRoot:
    """Return a root on this platform, at ``site`` (``CATALOG_SITE`` by default) or at all of them where none is said.

    Raises ``NotFound`` for a root that was not declared and ``InvalidInput`` for one that this platform has no path of.
    """
    root = RootsOperations(connection).get(name)
    folders = folders_of(root, site or os.environ.get("CATALOG_SITE"))
    if not folders:
        raise InvalidInput(
            f"root {name!r} has no path for {platform_word()}{f' at site {site!r}' if site else ''}; "
            "an administrator can add one",
            code="no-template",
        )
    return LocalRoot(root.name, folders)


def folders_of(root: Root, site: str | None) -> tuple[Path, ...]:
    """Return the folders that a root may be on this machine, those that are there first."""
    spelled = [
        Path(template.path)
        for template in root.templates
        if template.platform == platform_word() and site in (None, template.site)
    ]
    return tuple(sorted(spelled, key=lambda folder: not folder.is_dir()))


def _checked(path: str) -> str:
    if unicodedata.normalize("NFC", path) != path:
        raise InvalidInput(
            f"the name {path!r} is in decomposed Unicode, which other platforms spell otherwise; rename the file",
            code="bad-path",
        )
    return path
