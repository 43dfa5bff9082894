"""Versions: publishing folders and files as the next version of an asset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from catalog.client.answers.versions import FileEntry, NewAsset, WholeVersion
from catalog.client.crew import Tell
from catalog.client.digests import Digest, check_sizes, digests_of
from catalog.client.errors import Conflict, InvalidInput, NotFound, Unavailable
from catalog.client.nouns.assets import AssetsOperations
from catalog.client.nouns.jobs import JobsOperations
from catalog.client.nouns.search import SearchOperations
from catalog.client.nouns.versions import VersionsOperations
from catalog.client.referencing import LocalRoot, local_root
from catalog.client.trees import LocalPath, Tree, read_tree
from catalog.client.uploads import Sender, Source
from catalog.client.waiting import wait_for
from catalog.client.wire import given, segment

if TYPE_CHECKING:
    from catalog.client.answers.shapes import Version
    from catalog.client.answers.versions import Draft
    from catalog.client.words import Kind

WAIT_S = 3_600.0
FRUITLESS_ATTEMPTS = 4
"""After so many, about 15 s, whoever waits is told what the server waits for."""
KINDS_BY_PREFIX: dict[str, Kind] = {
    "chr": "digital_double",
    "crt": "creature",
    "crw": "crowd",
    "veh": "vehicle",
    "prp": "prop",
    "env": "environment",
    "hdr": "hdri",
    "mat": "material",
    "mcp": "mocap",
    "ldr": "lidar",
}


@dataclass(frozen=True)
class PublishedVersion(WholeVersion):
    """A version and how it came to be.

    ``outcome`` is ``published``, ``review`` where it waits to be approved, or ``unchanged`` where the latest version
    had these very bytes already and nothing was done. ``remarks`` says what was left out and why, for people.
    """

    outcome: str = "published"
    sent_bytes: int = 0
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Doing:
    """What one publishing knows on its way: how long to wait (0: not), paths by digest, what to tell."""

    within_s: float
    named: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    sent_bytes: int = 0
    review: bool = False


class Versions(VersionsOperations):
    """Operations on versions. ``publish`` brings a local folder in; the others are the server's own."""

    def publish(
        self,
        code: str,
        paths: LocalPath | Sequence[LocalPath] | None = None,
        *,
        number: int | None = None,
        note: str | None = None,
        name: str | None = None,
        kind: Kind | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        fields: Mapping[str, Any] | None = None,
        show: str | None = None,
        roles: Mapping[str, str] | None = None,
        in_place: str | None = None,
        review: bool = False,
        wait: bool | float = False,
        progress: Tell | None = None,
    ) -> PublishedVersion:
        """Publish local files as the next version of an asset, which is registered where its code is new.

        Where the server refuses the files, nothing is registered either.

        ``paths`` is a folder (what is in it is the tree), a file, or several paths that are laid side by side. Bytes
        that the store has already are not sent; interrupted at any point, the same call goes on where it stopped;
        with bytes that are the latest version's already it changes nothing and says so (``outcome``). Hidden files
        are left out.

        ``name``, ``kind``, ``description``, ``tags``, ``fields`` and ``show`` are for a new asset: by default the code
        is its name, and its prefix says the kind (``chr_``: digital_double). ``roles`` maps patterns of paths to
        roles, the first that fits counts; others are guessed. ``in_place`` names a declared root under which the files
        are: they are hashed and referenced, not copied. ``number`` publishes a draft that is there instead of local
        files. ``review`` has it wait until somebody who curates approves it (``outcome`` is ``review``), as its show
        may ask of all. ``wait`` returns only when facts, pictures and the search index are there, after an hour or so
        many seconds at most.

        Raises ``Conflict`` where a file changes meanwhile or arrives with other bytes, and ``Unavailable`` where the
        store or what is waited for takes too long; calling it again is always right.
        """
        if (paths is None) == (number is None):
            raise InvalidInput("give either the paths of local files, or the number of a draft")
        within_s = WAIT_S if wait is True else float(wait)
        if number is not None:
            return self._submit(code, number, _Doing(within_s=within_s, review=review))
        tree = read_tree(paths or (), roles)
        root = local_root(self._connection, in_place) if in_place is not None else None
        if root is None:
            check_sizes(tree.files)
        digests = digests_of(tree.files, progress)
        words = given(name=name, kind=kind, description=description, tags=tags, fields=fields, show=show)
        new, remarks = self._asset(code, words)
        draft = self.draft(code, files=_entries(tree, digests, root), note=note, asset=new)
        remarks += [f"{path} is hidden or left over, and was left out" for path in tree.left_out]
        if draft.outcome == "unchanged":
            return self._finished(draft.version, "unchanged", _Doing(within_s=within_s, remarks=tuple(remarks)))
        sent = self._upload(draft, tree, digests, progress) if draft.uploads_needed else 0
        named = {digests[file.path].sha256: file.path for file in tree.files}
        return self._submit(
            draft.version.asset, draft.version.number, _Doing(within_s, named, tuple(remarks), sent, review)
        )

    def _asset(self, code: str, words: Mapping[str, Any]) -> tuple[NewAsset | None, list[str]]:
        """Return what is to be registered, None where the asset is there, and what then stays as it was."""
        try:
            asset = AssetsOperations(self._connection).get(code)
        except NotFound:
            kind = words.get("kind") or KINDS_BY_PREFIX.get(code.partition("_")[0])
            if kind is None:
                raise InvalidInput(
                    f"{code!r} is not registered yet, and its prefix does not say what it is; give its kind",
                    code="no-kind",
                ) from None
            guessed = f"{code} is new and was registered as {kind}; if another was meant, merge it into that one"
            new = NewAsset(**{**words, "kind": kind, "name": words.get("name") or code})
            return new, [] if words.keys() & {"kind", "name"} else [guessed]
        other = [word for word, value in words.items() if _said(getattr(asset, word)) != _said(value)]
        if not other:
            return None, []
        return None, [
            f"{asset.code} is registered already, so {', '.join(other)} stayed as it was; change the asset to change it"
        ]

    def _upload(self, draft: Draft, tree: Tree, digests: Mapping[str, Digest], progress: Tell | None) -> int:
        sources = {digests[file.path].sha256: Source(file, digests[file.path]) for file in tree.files}
        sender = Sender(self._connection, sources, progress, draft.upload_bytes)
        sender.send(self.uploads(draft.version.asset, draft.version.number))
        return sender.sent_bytes

    def _submit(self, code: str, number: int, doing: _Doing) -> PublishedVersion:
        within_s = doing.within_s or WAIT_S
        address = f"/assets/{segment(code)}/versions/{segment(number)}/publication"
        answer = self._connection.call("POST", address, body=given(review=doing.review or None), creates=True)
        if answer["job"]:
            self._follow(str(answer["job"]).rpartition("/")[2], within_s)
        version = wait_for(lambda: _settled(self.get(code, number)), f"verifying {code}@{number}", within_s)
        if version.status == "draft":
            raise _refusal(version, doing.named)
        return self._finished(version, "review" if version.status == "review" else "published", doing)

    def _follow(self, job: str, within_s: float) -> None:
        """Wait until the job that verifies the bytes has ended, well or not."""
        jobs = JobsOperations(self._connection)

        def ended() -> bool | None:
            try:
                found = jobs.get(job)
            except NotFound:  # done, and swept
                return True
            if found.state == "dead":
                raise Unavailable(
                    f"the server could not verify the upload: {found.error}; an operator can retry job {job}",
                    code="job-dead",
                )
            if found.state == "owed" and found.attempts >= FRUITLESS_ATTEMPTS:
                raise Unavailable(
                    f"the server cannot verify the upload yet: {found.error}; it goes on trying, and publishing again "
                    "goes on waiting",
                    code="verification-delayed",
                )
            return True if found.state == "done" else None

        wait_for(ended, "verifying the upload", within_s)

    def _finished(self, version: Version, outcome: str, doing: _Doing) -> PublishedVersion:
        found = self.get(version.asset, version.number)
        if doing.within_s:
            what = f"measuring {version.asset}@{version.number}"
            found = wait_for(lambda: self._measured(version), what, doing.within_s)
            self._wait_for_index(version.asset, doing.within_s)
        failed = [f"{kind}; an operator sees why under jobs" for kind in found.pending if kind.endswith("(failed)")]
        remarks = [*doing.remarks, *failed]
        return PublishedVersion(**vars(found), outcome=outcome, sent_bytes=doing.sent_bytes, remarks=remarks)

    def _measured(self, version: Version) -> WholeVersion | None:
        found = self.get(version.asset, version.number)
        return None if any(not kind.endswith("(failed)") for kind in found.pending) else found

    def _wait_for_index(self, code: str, within_s: float) -> None:
        """Wait until the index has followed the ledger beyond what happened last to the asset."""
        newest = AssetsOperations(self._connection).history(code).page(limit=1).items
        search = SearchOperations(self._connection)

        def followed() -> bool | None:
            return True if not newest or search.assets(limit=1).seq >= newest[0].seq else None

        wait_for(followed, "the search index", within_s)


def _entries(tree: Tree, digests: Mapping[str, Digest], root: LocalRoot | None) -> list[FileEntry]:
    return [
        FileEntry(
            path=file.path,
            sha256=digests[file.path].sha256,
            size_bytes=file.size_bytes,
            role=file.role,
            custody="referenced" if root else "stored",
            root=root.name if root else None,
            root_path=root.path_of(file.source) if root else None,
            part_sha256=() if root else digests[file.path].part_sha256,
        )
        for file in tree.files
    ]


def _settled(version: WholeVersion) -> WholeVersion | None:
    return None if version.status == "verifying" else version


def _refusal(version: WholeVersion, named: Mapping[str, str]) -> Conflict:
    """Return why a version came back as a draft, with the paths of the files that its digests mean."""
    problem = version.problem or "its bytes did not arrive"
    concerned = sorted(path for sha256, path in named.items() if sha256[:12] in problem)
    files = f" ({', '.join(concerned)})" if concerned else ""
    return Conflict(f"{version.asset}@{version.number} was not published{files}: {problem}", code="version-refused")


def _said(value: object) -> object:
    return sorted(value) if isinstance(value, (list, tuple)) else value
