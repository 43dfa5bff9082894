"""The crew of the rooms' tests: people of one studio who act on the rooms directly, without a door.

A test of a room opens units of work and views itself; the crew makes what must be there before: people, groups,
registered assets, published versions.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from catalog.accounts import users
from catalog.accounts.authentication import actor_of_session
from catalog.accounts.models import Group, User
from catalog.accounts.vocabulary import Role
from catalog.assets import drafting, publishing, registry, roots
from catalog.assets.manifests import FileEntry, part_count_of, part_size_of
from catalog.assets.models import Asset
from catalog.assets.settling import settle_version
from catalog.assets.vocabulary import Custody, Kind, Platform
from catalog.jobs.vocabulary import Lane
from catalog.kernel.actors import Actor, system_actor
from catalog.kernel.paging import Paging
from catalog.ledger.queries import Entry, page_entries
from catalog.storage.keys import incoming_key
from catalog.storage.port import Stores
from catalog.work.desk import Desk
from catalog.work.unit import UnitOfWork
from catalog.work.view import View
from catalog.work.workshop import Workshop

OPERATOR = system_actor("operator:tests")
"""Whoever prepares what a test begins with."""


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """What came of drafting a version."""

    id: UUID
    number: int
    outcome: str


class Crew:
    """A desk, stores in memory, and the people who use them."""

    def __init__(self, desk: Desk, stores: Stores) -> None:
        self.desk = desk
        self.stores = stores

    @cached_property
    def admin(self) -> Actor:
        return self.joins("ada", Role.ADMIN)

    @cached_property
    def artist(self) -> Actor:
        return self.joins("art", Role.ARTIST)

    @cached_property
    def licensing(self) -> Actor:
        return self.joins("lia", Role.LICENSING)

    @cached_property
    def pipeline(self) -> Actor:
        return self.joins("pat", Role.PIPELINE)

    @cached_property
    def supervisor(self) -> Actor:
        return self.joins("sue", Role.SUPERVISOR)

    @cached_property
    def viewer(self) -> Actor:
        return self.joins("vic", Role.VIEWER)

    def joins(self, login: str, *roles: Role, groups: Sequence[str] = ()) -> Actor:
        """Let somebody join the studio, and groups, which are made where they are new."""
        for code in groups:
            self.has_group(code)
        with self.desk.work(OPERATOR) as work:
            new = users.NewUser(
                login=login,
                display_name=login.title(),
                password_hash=None,
                roles=roles or (Role.VIEWER,),
                groups=tuple(groups),
            )
            users.create_user(work, new)
        return self.actor(login)

    def has_group(self, code: str) -> None:
        """Make a group without members, unless there is one."""
        with self.desk.work(OPERATOR) as work:
            if work.session.scalar(select(Group).where(Group.code_key == code.casefold())) is None:
                users.create_group(work, users.NewGroup(code=code, name=code))

    def actor(self, login: str) -> Actor:
        """Return who somebody is now, with the roles and groups of this moment."""
        with self.desk.read() as session:
            user = session.scalars(select(User).where(User.login == login)).one()
            return actor_of_session(session, user.id, user.session_epoch)

    @contextmanager
    def work(self, actor: Actor = OPERATOR, lane: Lane = Lane.INTERACTIVE) -> Iterator[UnitOfWork]:
        with self.desk.work(actor, lane=lane) as work:
            yield work

    @contextmanager
    def view(self, viewer: Actor = OPERATOR) -> Iterator[View]:
        with self.desk.view(viewer) as view:
            yield view

    def registers(self, *codes: str, by: Actor = OPERATOR, **fields: Any) -> list[UUID]:  # noqa: ANN401 — of Registration
        """Register assets; name and kind are made up where they do not matter. Their ids."""
        registrations = [
            registry.Registration(**{"code": code, "name": code, "kind": Kind.PROP, **fields}) for code in codes
        ]
        with self.desk.work(by) as work:
            return [row["id"] for row in registry.register_all(work, registrations)]

    def has_root(self, name: str = "library", path: str = "/mnt/library") -> str:
        """Declare a root, with a path for Linux at the main site."""
        with self.desk.work(OPERATOR) as work:
            roots.declare(work, name, [roots.PathTemplate(platform=Platform.LINUX, site="main", path=path)])
        return name

    def drafts(self, code: str, *files: FileEntry, by: Actor = OPERATOR, note: str = "") -> Drafted:
        """Draft a version of an asset that there is."""
        with self.desk.work(by) as work:
            draft = drafting.draft(work, code, drafting.VersionEntry(files=files, note=note))
            return Drafted(id=draft.version.id, number=draft.version.number, outcome=str(draft.outcome))

    def publishes(self, code: str, files: Mapping[str, bytes] | None = None, *, by: Actor = OPERATOR) -> int:
        """Publish a version whose bytes are stored, registering the asset where it is new; the number."""
        with self.desk.read() as session:
            known = session.scalar(select(Asset.id).where(Asset.code_key == code.casefold()))
        if known is None:
            self.registers(code, by=by)
        contents = files if files is not None else {"notes.txt": f"{code} was here".encode()}
        version = self.drafts(code, *(stored(path, content) for path, content in contents.items()), by=by)
        self.brings(version.id, *contents.values())
        self.submits(code, version.number, by=by)
        self.settles(version.id)
        return version.number

    def brings(self, version_id: UUID, *contents: bytes) -> None:
        """Put bytes where those of an open version land, as a client with signed requests would."""
        for content in contents:
            self.stores.originals.put(incoming_key(version_id, digest(content)), content, sha256=digest(content))

    def submits(self, code: str, number: int, *, by: Actor = OPERATOR) -> str:
        """Ask for publication; where the version stands then."""
        with self.desk.work(by) as work:
            return str(publishing.submit(work, code, number).status)

    def settles(self, version_id: UUID) -> None:
        """Pay the job that verifies what was uploaded for a version."""
        with tempfile.TemporaryDirectory() as scratch:
            settle_version(self.workshop(Path(scratch)), version_id)

    def workshop(self, scratch: Path) -> Workshop:
        """Return what a job is given."""
        return Workshop(
            desk=self.desk,
            stores=self.stores,
            actor=system_actor("worker:tests"),
            lane=Lane.INTERACTIVE,
            scratch=scratch,
            site="main",
            beat=lambda _progress: None,
        )

    def overlaps(
        self, first: Callable[[UnitOfWork], object], second: Callable[[UnitOfWork], object], *, by: Actor = OPERATOR
    ) -> BaseException | None:
        """Begin a second act while a first one is not committed yet; what the second was refused with, if it was."""

        def act() -> None:
            with self.desk.work(by) as work:
                second(work)

        with ThreadPoolExecutor(max_workers=1) as thread:
            with self.desk.work(by) as work:
                first(work)
                work.session.flush()
                acting = thread.submit(act)
                wait([acting], timeout=0.3)
            return acting.exception()

    def entries(self, prefix: str = "") -> list[Entry]:
        """Return the newest 200 ledger entries whose type begins so, oldest first."""
        with self.desk.read() as session:
            newest = page_entries(session, Paging(limit=200)).items
        return [entry for entry in reversed(newest) if entry.type.startswith(prefix)]

    def types(self, prefix: str = "") -> list[str]:
        """Return the types of those entries."""
        return [entry.type for entry in self.entries(prefix)]


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, hex."""
    return hashlib.sha256(content).hexdigest()


def stored(path: str, content: bytes = b"", **fields: Any) -> FileEntry:  # noqa: ANN401 — fields of FileEntry
    """Return a file whose bytes will be stored, with the digests of its parts where it needs any."""
    size = part_size_of(len(content))
    parts = tuple(digest(content[start : start + size]) for start in range(0, len(content), size))
    return FileEntry(
        **{
            "path": path,
            "sha256": digest(content),
            "size_bytes": len(content),
            "part_sha256": parts if part_count_of(len(content)) else (),
            **fields,
        }
    )


def referenced(path: str, content: bytes = b"", *, root: str = "library", **fields: Any) -> FileEntry:  # noqa: ANN401
    """Return a file that stays where it is, under a root."""
    return FileEntry(
        **{
            "path": path,
            "sha256": digest(content),
            "size_bytes": len(content),
            "custody": Custody.REFERENCED,
            "root": root,
            **fields,
        }
    )
