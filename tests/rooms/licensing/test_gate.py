"""The gate: the only way to an original. Every release is on the ledger, once for each batch."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets import publishing, queries
from catalog.assets.models import AssetVersion, File
from catalog.kernel.actors import Actor
from catalog.kernel.clock import now
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from catalog.kernel.ids import new_id
from catalog.licensing import gate
from catalog.licensing.gate import Admission, How, Purpose, Release, Use
from catalog.shows.registry import NewShow, create_show
from catalog.storage.port import Part, TransferRequest
from tests.crew import Crew, referenced, stored


def version_of(crew: Crew, code: str, number: int | None = None, viewer: Actor | None = None) -> AssetVersion:
    with crew.view(viewer or crew.artist) as view:
        return queries.get_version(view, code, number)


def files_of(crew: Crew, code: str) -> list[File]:
    with crew.view() as view:
        return queries.files_of(view, queries.get_version(view, code).id)


def admit(
    crew: Crew, *releases: Release, by: Actor | None = None, use: Use | None = None, how: How = How.PULL
) -> Admission:
    with crew.work(by or crew.artist) as work:
        return gate.admit(work, releases, use or Use(), how)


@pytest.fixture
def with_chair(crew: Crew) -> Crew:
    crew.publishes("prp_chair", {"geo/chair.usd": b"model", "tex/wood.exr": b"wood"})
    return crew


def test_who_took_what_how_and_why_is_one_entry(with_chair: Crew) -> None:
    with_chair.publishes("prp_table")
    chair, table = version_of(with_chair, "prp_chair"), version_of(with_chair, "prp_table")
    with with_chair.work() as work:
        create_show(work, NewShow(code="orion", name="Orion"))
    use = Use(show="ORION", shot="0420", purpose=Purpose.PRODUCTION)

    admission = admit(with_chair, Release(version=chair), Release(version=table), use=use, how=How.RESOLVE)

    (entry,) = with_chair.entries("files.")
    assert entry.type == "files.released/1"
    assert entry.values == {
        "how": "resolve",
        "use": {"show": "orion", "shot": "0420", "purpose": "production"},
        "files": [
            {"version": str(chair.id), "asset": "prp_chair", "number": 1, "paths": None},
            {"version": str(table.id), "asset": "prp_table", "number": 1, "paths": None},
        ],
    }
    assert entry.actor == {"id": str(with_chair.artist.id), "name": "art"}
    assert set(entry.subjects) == {
        ("admission", admission.id),
        ("asset", chair.asset_id),
        ("asset", table.asset_id),
        ("version", chair.id),
        ("version", table.id),
    }


def goes_on(
    crew: Crew, release: Release, admission: Admission, *, by: Actor | None = None, use: Use | None = None
) -> Admission:
    with crew.work(by or crew.artist) as work:
        return gate.admit(work, [release], use or Use(), How.DOWNLOAD, continued=admission.id)


def test_what_was_let_out_is_let_out_again_under_the_same_entry(with_chair: Crew) -> None:
    chair, files = version_of(with_chair, "prp_chair"), files_of(with_chair, "prp_chair")
    whole = admit(with_chair, Release(version=chair))
    single = admit(with_chair, Release(version=chair, files=(files[0],)))

    again = [goes_on(with_chair, Release(version=chair, files=(file,)), whole) for file in files]
    same = goes_on(with_chair, Release(version=chair, files=(files[0],)), single)

    assert [one.id for one in again] == [whole.id, whole.id]
    assert [one.covers(file) for one, file in zip(again, files, strict=True)] == [True, True]
    assert same.id == single.id
    assert len(with_chair.entries("files.")) == 2


def test_nobody_goes_on_with_what_was_not_theirs_or_not_for_this(with_chair: Crew) -> None:
    chair, files = version_of(with_chair, "prp_chair"), files_of(with_chair, "prp_chair")
    with_chair.publishes("prp_table")
    single = admit(with_chair, Release(version=chair, files=(files[0],)))
    first = Release(version=chair, files=(files[0],))

    others = [
        goes_on(with_chair, Release(version=chair, files=(files[1],)), single),
        goes_on(with_chair, Release(version=chair), single),
        goes_on(with_chair, Release(version=version_of(with_chair, "prp_table")), single),
        goes_on(with_chair, first, single, use=Use(purpose=Purpose.AI_TRAINING)),
        goes_on(with_chair, first, single, by=with_chair.licensing),
        goes_on(with_chair, first, replace(single, id=new_id())),
    ]

    assert single.id not in {one.id for one in others}
    assert len(with_chair.entries("files.")) == 7


@pytest.mark.parametrize(
    "how, covered",
    [(How.PULL, {How.PULL, How.DOWNLOAD}), (How.DOWNLOAD, {How.DOWNLOAD}), (How.RESOLVE, {How.RESOLVE})],
)
def test_an_admission_goes_on_only_in_a_way_that_it_covers(with_chair: Crew, how: How, covered: set[How]) -> None:
    release = Release(version=version_of(with_chair, "prp_chair"), files=tuple(files_of(with_chair, "prp_chair")))
    first = admit(with_chair, release, how=how)

    with with_chair.work(with_chair.artist) as work:
        same = {asked for asked in How if gate.admit(work, [release], Use(), asked, continued=first.id).id == first.id}

    assert same == covered
    assert len(with_chair.entries("files.")) == 1 + len(How) - len(covered)


def test_after_a_day_what_goes_on_is_a_new_entry(with_chair: Crew) -> None:
    release = Release(version=version_of(with_chair, "prp_chair"))
    admission = admit(with_chair, release)

    with with_chair.work(with_chair.artist) as work:
        work.now += timedelta(days=1, minutes=1)
        later = gate.admit(work, [release], Use(), How.PULL, continued=admission.id)

    assert later.id != admission.id


def test_what_was_withdrawn_meanwhile_does_not_go_on(with_chair: Crew) -> None:
    release = Release(version=version_of(with_chair, "prp_chair"))
    admission = admit(with_chair, release)
    with with_chair.work() as work:
        publishing.withdraw(work, "prp_chair", 1, "not ours")

    with pytest.raises(Conflict, match="its files are not released"):
        goes_on(with_chair, Release(version=version_of(with_chair, "prp_chair", 1)), admission)


@pytest.mark.parametrize("show", ["hidden", "absent"])
def test_a_use_in_a_show_that_the_actor_may_not_know_of_is_refused(with_chair: Crew, show: str) -> None:
    with_chair.has_group("family")
    with with_chair.work() as work:
        create_show(work, NewShow(code="hidden", name="", audience=("family",)))

    with pytest.raises(NotFound, match=f"there is no show '{show}'") as refused:
        admit(with_chair, Release(version=version_of(with_chair, "prp_chair")), use=Use(show=show))

    assert refused.value.code == "unknown-show"
    assert with_chair.entries("files.") == []


def test_what_was_not_said_of_a_use_is_left_out(with_chair: Crew) -> None:
    admit(with_chair, Release(version=version_of(with_chair, "prp_chair")))

    assert (with_chair.entries("files.")[0].values or {})["use"] == {}


def test_single_files_are_named_in_the_entry(with_chair: Crew) -> None:
    chair, files = version_of(with_chair, "prp_chair"), files_of(with_chair, "prp_chair")

    admit(with_chair, Release(version=chair, files=tuple(files)), how=How.DOWNLOAD)

    (grant,) = (with_chair.entries("files.")[0].values or {})["files"]
    assert grant["paths"] == ["geo/chair.usd", "tex/wood.exr"]


def test_what_is_asked_for_of_one_version_in_pieces_is_one_grant(with_chair: Crew) -> None:
    chair, files = version_of(with_chair, "prp_chair"), files_of(with_chair, "prp_chair")
    single = [Release(version=chair, files=(file,)) for file in files]

    admission = admit(with_chair, *single)
    admit(with_chair, single[0], Release(version=chair), single[1])

    said = [entry.values["files"] for entry in with_chair.entries("files.") if entry.values]
    assert sorted(str([grant["paths"] for grant in one]) for one in said) == [
        "[None]",
        "[['geo/chair.usd', 'tex/wood.exr']]",
    ]
    assert goes_on(with_chair, single[1], admission).id == admission.id


def test_an_admitted_version_opens_all_of_its_files(with_chair: Crew) -> None:
    admission = admit(with_chair, Release(version=version_of(with_chair, "prp_chair")))

    read = [b"".join(gate.read(with_chair.stores, admission, file)) for file in files_of(with_chair, "prp_chair")]

    assert read == [b"model", b"wood"]


def test_an_admitted_file_opens_nothing_else(with_chair: Crew) -> None:
    model, wood = files_of(with_chair, "prp_chair")

    admission = admit(with_chair, Release(version=version_of(with_chair, "prp_chair"), files=(model,)))

    assert b"".join(gate.read(with_chair.stores, admission, model)) == b"model"
    with pytest.raises(NotFound, match=r"file 'tex/wood.exr' was not asked for at the gate"):
        gate.read(with_chair.stores, admission, wood)
    with pytest.raises(NotFound):
        gate.download(with_chair.stores, admission, wood)


def test_an_admission_to_one_asset_opens_no_other(with_chair: Crew) -> None:
    with_chair.publishes("prp_table")
    admission = admit(with_chair, Release(version=version_of(with_chair, "prp_table")))

    for file in files_of(with_chair, "prp_chair"):
        with pytest.raises(NotFound):
            gate.read(with_chair.stores, admission, file)


def test_a_part_of_a_file_can_be_read(with_chair: Crew) -> None:
    model, _ = files_of(with_chair, "prp_chair")
    admission = admit(with_chair, Release(version=version_of(with_chair, "prp_chair")))

    assert b"".join(gate.read(with_chair.stores, admission, model, start=1, end=3)) == b"od"
    with pytest.raises(InvalidInput):
        list(gate.read(with_chair.stores, admission, model, start=9))


@pytest.mark.parametrize(
    "role, may",
    [
        (Role.VIEWER, False),
        (Role.ARTIST, True),
        (Role.SUPERVISOR, True),
        (Role.PIPELINE, True),
        (Role.LICENSING, True),
        (Role.PRIVACY_OFFICER, True),
        (Role.ADMIN, True),
    ],
)
def test_originals_are_for_all_but_viewers(with_chair: Crew, role: Role, *, may: bool) -> None:
    somebody = with_chair.joins("sam", role)
    release = Release(version=version_of(with_chair, "prp_chair"))

    if may:
        assert admit(with_chair, release, by=somebody).versions == {release.version.id}
        return
    with pytest.raises(NotPermitted, match="sam may not release"):
        admit(with_chair, release, by=somebody)
    assert with_chair.entries("files.") == []


def test_a_withdrawn_version_stays_in_with_the_reason(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        publishing.withdraw(work, "prp_chair", 1, "consent was revoked")

    with pytest.raises(
        Conflict, match="prp_chair@1 is withdrawn: consent was revoked; its files are not released"
    ) as refused:
        admit(with_chair, Release(version=version_of(with_chair, "prp_chair", 1)))

    assert refused.value.code == "not-offered"
    assert with_chair.entries("files.") == []


def test_a_draft_stays_in(with_chair: Crew) -> None:
    with_chair.drafts("prp_chair", stored("a", b"draft"), by=with_chair.artist)

    with pytest.raises(Conflict, match="prp_chair@2 is draft; its files are not released"):
        admit(with_chair, Release(version=version_of(with_chair, "prp_chair", 2)))


def test_a_deprecated_version_is_still_let_out(with_chair: Crew) -> None:
    with with_chair.work(with_chair.supervisor) as work:
        publishing.deprecate(work, "prp_chair", 1, "old")

    assert admit(with_chair, Release(version=version_of(with_chair, "prp_chair"))).versions


def test_a_withdrawn_file_does_not_leave_under_the_name_of_an_offered_version(with_chair: Crew) -> None:
    with_chair.publishes("prp_table")
    (secret,) = files_of(with_chair, "prp_table")
    with with_chair.work(with_chair.supervisor) as work:
        publishing.withdraw(work, "prp_table", 1, "wrong")

    with pytest.raises(NotFound, match=r"prp_chair@1 has no file .notes\.txt."):
        admit(with_chair, Release(version=version_of(with_chair, "prp_chair"), files=(secret,)))


def test_of_a_batch_all_are_let_out_or_none(with_chair: Crew) -> None:
    with_chair.publishes("prp_table")
    with with_chair.work(with_chair.supervisor) as work:
        publishing.withdraw(work, "prp_table", 1, "wrong")
    releases = [Release(version=version_of(with_chair, code, 1)) for code in ("prp_chair", "prp_table")]

    with pytest.raises(Conflict):
        admit(with_chair, *releases)

    assert with_chair.entries("files.") == []


def test_a_referenced_file_is_not_read_but_resolved(crew: Crew) -> None:
    crew.has_root()
    crew.registers("prp_chair")
    crew.drafts("prp_chair", referenced("geo/chair.usd", b"model"), by=crew.artist)
    crew.submits("prp_chair", 1, by=crew.artist)
    (file,) = files_of(crew, "prp_chair")
    admission = admit(crew, Release(version=version_of(crew, "prp_chair")))

    for opening in (gate.read, gate.download):
        with pytest.raises(Conflict, match="is referenced, not stored here; resolve it to a path") as refused:
            opening(crew.stores, admission, file)
        assert refused.value.code == "referenced-file"


def test_without_a_public_store_the_door_relays(with_chair: Crew) -> None:
    model, _ = files_of(with_chair, "prp_chair")
    admission = admit(with_chair, Release(version=version_of(with_chair, "prp_chair")))

    assert gate.download(with_chair.stores, admission, model) is None


@dataclass(frozen=True)
class PublicStore:
    """A store with an address of its own."""

    def single_upload(self, key: str, *, sha256: str, size_bytes: int, expires_s: int) -> TransferRequest:
        raise NotImplementedError

    def part_upload(self, key: str, transfer_id: str, part: Part, *, expires_s: int) -> TransferRequest:
        raise NotImplementedError

    def download(self, key: str, *, file_name: str, media_type: str, expires_s: int = 60) -> TransferRequest:
        return TransferRequest(
            method="GET",
            url=f"https://store.example/{key}?name={file_name}&type={media_type}",
            headers={},
            size_bytes=None,
            expires_at=now() + timedelta(seconds=expires_s),
        )


def test_a_public_store_hands_out_the_file_itself_for_a_minute(with_chair: Crew) -> None:
    model, wood = files_of(with_chair, "prp_chair")
    admission = admit(with_chair, Release(version=version_of(with_chair, "prp_chair"), files=(model,)))
    stores = replace(with_chair.stores, handover=PublicStore())

    request = gate.download(stores, admission, model)

    assert request is not None
    assert request.url.endswith(f"{model.sha256}?name=chair.usd&type=application/octet-stream")
    assert request.expires_at - now() <= timedelta(seconds=60)
    with pytest.raises(NotFound):
        gate.download(stores, admission, wood)
