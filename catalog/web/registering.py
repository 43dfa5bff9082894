"""``/register``: entering an asset, or its next version, with files from a browser.

The form drafts; ``drafts.py`` shows what became of it. Browsers with JavaScript hash the files and send a manifest,
then bring the bytes to where the store wants them; others send small files with the form.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from catalog.accounts.queries import page_groups
from catalog.assets import drafting, queries, registry, roles, transfers, twins
from catalog.assets.manifests import FILES_MAX, FileEntry
from catalog.assets.registry import Registration
from catalog.assets.roots import page_roots
from catalog.assets.vocabulary import CODE_PREFIXES, FileRole, Kind
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import Conflict, InvalidInput
from catalog.kernel.mistakes import mistakes
from catalog.kernel.paging import LIMIT_MAX, Paging
from catalog.shows.queries import page_shows
from catalog.web import custom_fields, examples, scripted, wording
from catalog.web.assets import head_of
from catalog.web.forms import aliases_of, kind_of, lines_of
from catalog.web.languages import gettext
from catalog.web.reasons import reason
from catalog.web.route import Content, Moved, Reply, Route, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from catalog.web.route import Call, SentFile
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View

FORM_MAX_BYTES = 64 * 2**20
"""A manifest of 50,000 files, or small files that come with the form."""
ASKED_MAX = 50
DRAFTS_SHOWN = 20
CHUNK_BYTES = 2**20
_JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}


class Line(BaseModel):
    """A file as the page declares it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str
    sha256: str
    size_bytes: int
    role: FileRole | None = None
    part_sha256: tuple[str, ...] = ()


_MANIFEST = TypeAdapter(Annotated[list[Line], Field(max_length=FILES_MAX)])


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a form says about files: what the version will have, and bytes that came along, by digest."""

    entries: tuple[FileEntry, ...]
    contents: Mapping[str, IO[bytes]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Begun:
    """The draft, or the version there is already, and bytes to be stored for it."""

    code: str
    number: int
    unchanged: bool
    contents: Mapping[str, IO[bytes]]


def show_form(call: Call, view: View) -> Shown:
    """Show the form for a new asset, or for the next version of the one that is asked for."""
    code = call.form.get("asset") or call.asked("asset")
    asset = queries.get_asset(view, code) if code else None
    whole = Paging(limit=LIMIT_MAX)
    roots = page_roots(view, Paging(limit=1)).items
    drafts = queries.page_drafts(view, Paging(limit=DRAFTS_SHOWN, cursor=call.asked("drafts")))
    values = {
        "head": head_of(asset) if asset else None,
        "drafts": () if asset else drafts.items,
        "next_drafts": drafts.next_cursor,
        "words": scripted.words(),
        "kinds": [(kind.value, wording.kind(kind), CODE_PREFIXES[kind]) for kind in Kind],
        "shows": page_shows(view, whole).items,
        "blanks": () if asset else custom_fields.blanks(view),
        "groups": [group.code for group in page_groups(view, whole).items],
        "roles": [(role.value, wording.role(role.value)) for role in FileRole],
        "rules": json.dumps([[pattern, role.value] for pattern, role in roles.RULES] + [["", roles.OTHERWISE.value]]),
        "form_max_bytes": FORM_MAX_BYTES,
        "ways": examples.publishing(
            call.house.settings.base_url, asset.code if asset else None, roots[0].name if roots else None
        ),
    }
    return Shown(template="registering/form.html", values=values)


def check_code(call: Call, view: View) -> Content:
    """Say whether a code may be taken, in the words in which registering would refuse it."""
    code = call.asked("code") or ""
    try:
        registry.check_code(view, code)
    except (InvalidInput, Conflict) as refusal:
        said = {"message": wording.begun(refusal.message), "reason": reason(refusal)}
        return _json({"free": False, **said, "instead": refusal.details.get("instead")})
    return _json({"free": True, "message": gettext("%(code)s is free.", code=code)})


def known_files(call: Call, view: View) -> Content:
    """Say which of these digests the catalog has already, as far as the viewer may know."""
    digests = call.query.get("sha256", ())[:ASKED_MAX]
    own = call.asked("asset")
    besides = queries.get_asset(view, own).id if own else None
    found = twins.twins_of(view, digests, besides=besides)
    return _json([{"sha256": one.sha256, "asset": one.asset, "number": one.number, "path": one.path} for one in found])


def read_files(call: Call) -> Brought:
    """Read what the form says about files, and hash those that came with it."""
    sent = [file for file in call.files if file.field == "files" and file.name]
    manifest = next((file for file in call.files if file.field == "manifest"), None)
    if manifest is not None:
        return Brought(entries=_declared(manifest.body.read()))
    if not sent:
        raise InvalidInput("choose at least one file", code="no-files")
    hashed = [(file, *_hashed(file)) for file in sent]
    return Brought(
        entries=tuple(
            FileEntry(path=file.name, sha256=sha256, size_bytes=size_bytes) for file, sha256, size_bytes in hashed
        ),
        contents={sha256: file.body for file, sha256, _ in hashed},
    )


def begin(call: Call, work: UnitOfWork) -> Begun:
    """Draft a version; a new asset is registered in the same act."""
    brought: Brought = call.prepared
    entry = drafting.VersionEntry(files=brought.entries, note=call.form.get("note", ""))
    code = call.form.get("asset", "")
    found = drafting.draft(work, code, entry) if code else drafting.draft_first(work, _registration(call), entry)
    transfers.expected(work.view, call.house.stores, found)
    return Begun(
        code=found.version.asset.code,
        number=found.version.number,
        unchanged=found.outcome is drafting.Outcome.UNCHANGED,
        contents=brought.contents,
    )


def _go_on(call: Call, begun: Begun) -> Reply:
    """Store what came along, then show the draft. After the commit: no unit of work waits for the store."""
    where = {"code": begun.code, "number": begun.number}
    if begun.unchanged:
        saying = gettext("Nothing changed: version %(number)s has these files already.", number=begun.number)
        return Moved(page="version", arguments=where, saying=saying)
    if begun.contents:
        with call.house.desk.view(call.actor) as view:
            transfers.bring(view, call.house.stores, begun.code, begun.number, begun.contents)
    return Moved(page="draft", arguments={**where, "then": call.form.get("then") or None})


def _registration(call: Call) -> Registration:
    form = call.form
    groups = tuple(name.removeprefix("group-") for name in form if name.startswith("group-"))
    return Registration(
        code=form.get("code", "").strip(),
        name=form.get("name", ""),
        kind=kind_of(form.get("kind", "")),
        description=form.get("description", ""),
        tags=lines_of(form.get("tags", "")),
        aliases=aliases_of(form.get("aliases", "")),
        show=form.get("show") or None,
        audience=groups or None,
        fields=custom_fields.typed_values(form),
    )


def _declared(manifest: bytes) -> tuple[FileEntry, ...]:
    try:
        lines: Sequence[Line] = _MANIFEST.validate_json(manifest)
    except ValidationError as error:
        first = next(mistakes(error.errors(include_url=False)))
        where = first.field or "its beginning"
        raise InvalidInput(f"the list of files is wrong at {where}: {first.message}") from error
    return tuple(FileEntry(**dict(line)) for line in lines)


def _hashed(file: SentFile) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(file.body):
        digest.update(chunk)
        size += len(chunk)
    file.body.seek(0)
    return digest.hexdigest(), size


def _chunks(body: IO[bytes]) -> Iterable[bytes]:
    return iter(lambda: body.read(CHUNK_BYTES), b"")


def _json(value: object) -> Content:
    return Content(body=json.dumps(value, ensure_ascii=False).encode(), headers=_JSON)


ROUTES = (
    Route(name="register", path="/register", ability=Ability.PUBLISH, read=show_form),
    Route(name="code_check", path="/register/code", ability=Ability.REGISTER, read=check_code),
    Route(name="known_files", path="/register/known", ability=Ability.PUBLISH, read=known_files),
    Route(
        name="begin_draft",
        path="/register",
        ability=Ability.PUBLISH,
        prepare=read_files,
        write=begin,
        conclude=_go_on,
        again=show_form,
        form_max_bytes=FORM_MAX_BYTES,
    ),
)
