"""Assets: the server's operations, and pulling, resolving and importing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.client.crew import Tell
from catalog.client.errors import CatalogError, Conflict, InvalidInput, NotFound
from catalog.client.importing import Importer, ImportReport
from catalog.client.manifests import key_of, read_manifest
from catalog.client.nouns.assets import AssetsOperations
from catalog.client.nouns.resolutions import ResolutionsOperations
from catalog.client.places import platform_word
from catalog.client.pulling import Pulled, Puller
from catalog.client.wire import given

if TYPE_CHECKING:
    from catalog.client.answers.files import Resolution, ResolvedFile
    from catalog.client.trees import LocalPath
    from catalog.client.words import Platform, Purpose

REFERENCES_MAX = 500


class Assets(AssetsOperations):
    """Operations on assets."""

    def pull(
        self,
        reference: str,
        *,
        to: LocalPath,
        purpose: Purpose | None = None,
        show: str | None = None,
        shot: str | None = None,
        progress: Tell | None = None,
    ) -> Pulled:
        """Bring a version's real folder tree to the folder ``to``: checked, read-only, from the local cache.

        ``reference`` is ``chr_ann`` (the latest version), ``chr_ann@3`` or a ``catalog://`` URI; of a URI that names
        a file only that file is pulled. Run again there is nothing to do; interrupted, it goes on where it stopped.
        What only an earlier pulled version had is removed; what a person put into the folder is never touched. Passes
        the gate: ``purpose``, ``show`` and ``shot`` say what it is for. ``remarks`` of what is returned say where the
        version is deprecated or its asset retired, and why.

        Raises ``NotFound``, ``Conflict`` where other files are in the way or the version is not offered,
        ``NotCleared``.
        """
        use = given(purpose=purpose, show=show, shot=shot)
        site = os.environ.get("CATALOG_SITE")
        answer = ResolutionsOperations(self._connection).create(
            references=[reference], platform=_platform(), site=site, pull=True, purpose=purpose, show=show, shot=shot
        )
        (found,) = answer.items
        if found.code is not None:
            raise refusal_of(found)
        # What follows asks for what this answer let out, so that one pull is one entry of the ledger.
        return Puller(self._connection, found, Path(to), {**use, **given(admission=answer.admission)}).pull(progress)

    def resolve(
        self,
        *references: str,
        platform: Platform | None = None,
        site: str | None = None,
        purpose: Purpose | None = None,
        show: str | None = None,
        shot: str | None = None,
    ) -> list[Resolution]:
        """Return where the files of each reference are, in order: paths of this platform and site, or addresses.

        A reference that cannot be resolved says why in ``code`` and ``message`` and leaves the others alone. Each 500
        references leave one ledger entry.
        """
        resolutions = ResolutionsOperations(self._connection)
        remaining, found = iter(references), []
        while some := list(islice(remaining, REFERENCES_MAX)):
            found += resolutions.create(
                references=some,
                platform=platform or _platform(),
                site=site or os.environ.get("CATALOG_SITE"),
                purpose=purpose,
                show=show,
                shot=shot,
            ).items
        return [replace(one, files=[self._addressed(file) for file in one.files]) for one in found]

    def _addressed(self, file: ResolvedFile) -> ResolvedFile:
        """Return a file whose address is whole: the server does not know under which name it was asked."""
        if file.url is None or not file.url.startswith("/"):
            return file
        return replace(file, url=self._connection.url + file.url)

    def import_(
        self,
        manifest: LocalPath,
        *,
        key: str | None = None,
        report: LocalPath | None = None,
        progress: Tell | None = None,
    ) -> ImportReport:
        """Register the rows of a manifest, CSV or JSONL; see ``manifests`` for its columns.

        It is read as it is sent, so its length does not matter. ``key`` names the import: under the same key the same
        row is entered once, however often it is sent; by default it is made from the manifest's path. Rows that are
        wrong are refused by themselves and written to ``report`` (by default beside the manifest, ``….refused.csv``).
        """
        path = Path(manifest)
        rows = read_manifest(path, self._connection)
        importer = Importer(self._connection, key or key_of(path), Path(report) if report else _report_of(path))
        return importer.send(rows, progress)


def refusal_of(found: Resolution) -> CatalogError:
    """Return why a reference could not be resolved."""
    code, message = found.code or "", found.message or f"{found.reference!r} cannot be resolved"
    kinds: Mapping[str, type[CatalogError]] = {
        "unknown": NotFound,
        "not-found": NotFound,
        "bad": InvalidInput,
        "invalid": InvalidInput,
    }
    kind = next((kind for start, kind in kinds.items() if code.startswith(start)), Conflict)
    return kind(message, code=code)


def _platform() -> Platform:
    return platform_word()  # type: ignore[return-value]  # one of the three


def _report_of(manifest: Path) -> Path:
    return manifest.with_name(f"{manifest.name}.refused.csv")
