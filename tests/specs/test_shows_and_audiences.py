"""Shows and audiences: what somebody may not know of is, to them, not there; no answer tells it from nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from catalog.accounts.vocabulary import Role
from catalog.api.table import OPERATIONS
from tests.files import png
from tests.specs.outsiders import CASES, READS, Secrets, differences, seen_by
from tests.studio import Person, Studio, entry

IT = Secrets()


@pytest.fixture
def outsider(studio: Studio) -> Person:
    """An artist who has done a little of everything and belongs to no group."""
    artist = studio.artist
    artist.registers(IT.open, name="Lamp", tags=["brass"], kind="prop")
    artist.registers(IT.other, name="Shade", kind="prop")
    artist.publishes(IT.open, {"lamp.txt": b"a lamp"})
    return artist


def _make_the_secret(studio: Studio, *, audience: list[str] | None, edits: bool = True) -> Secrets:
    """Make a show, assets of it and beside it, with everything that could betray them; return their ids."""
    admin, ivy = studio.admin, studio.person(IT.login, Role.PIPELINE, groups=[IT.group])
    show = admin.post("/shows", {"code": IT.show, "name": f"Project {IT.word}", "audience": audience})
    fields = {
        "name": f"{IT.word} lamp",
        "kind": "groom",
        "description": f"{IT.word} is a lamp, too.",
        "tags": [IT.tag, IT.merged],
        "aliases": [{"text": "邓丽君", "language": "zh"}],
    }
    asset = ivy.registers(IT.code, **fields, show=IT.show, external_ids=[{"system": "shotgrid", "value": IT.external}])
    ivy.registers(IT.own, **fields, audience=audience)
    for code in (IT.code, IT.own):
        files = {IT.path: code.encode(), "thumbnail.png": png(64, 64)}
        assert ivy.publishes(code, files).json["status"] == "published"
        ivy.post(f"/assets/{code}/relations", {"kind": "contains", "target": IT.open})
        ivy.post(f"/assets/{IT.open}/relations", {"kind": "derivation", "target": code})
        assert ivy.get(f"/assets/{code}/versions/1/files/{IT.path}").status == 200
    ivy.drafts(IT.code, {"half.txt": b"half"})
    note = ivy.post(f"/assets/{IT.code}/versions/1/notes", {"text": f"{IT.word} is too bright."})
    issue = ivy.post(f"/assets/{IT.code}/versions/1/issues", {"text": f"{IT.word} flickers.", "assignee": IT.login})
    job = next(job for job in admin.get("/jobs").items if job["kind"] == "settle-version")
    preview = ivy.get(f"/assets/{IT.code}").thumbnail_url.rpartition("/")[2]
    ids = {"asset_id": asset.id, "show_id": show.id, "job_id": job["id"], "note_id": note.id, "issue_id": issue.id}
    collection = ivy.post("/collections", {"title": f"{IT.word} lamps", "description": IT.tag}).id
    ivy.post(f"/collections/{collection}/items", {"assets": [IT.code, IT.open, f"{IT.own}@1"], "note": IT.word})
    search = ivy.post("/searches", {"title": f"{IT.word} lamps", "query": f"q=lamp&tag={IT.tag}"}).id
    edit = _edit_in_bulk(studio, ivy) if edits else IT.edit_id
    return replace(IT, **ids, preview=preview, collection_id=collection, edit_id=edit, search_id=search)


def _edit_in_bulk(studio: Studio, ivy: Person) -> str:
    """Preview an edit of secret assets and of one that is not, and merge a word of secret ones; the edit's id."""
    edit: str = ivy.post("/edits", {"assets": [IT.code, IT.own, IT.open], "add_tags": ["dusty"]}).id
    merge = ivy.post("/tags/merges", {"tags": [IT.merged], "into": "brass"})
    assert ivy.post(f"/edits/{merge.id}/start").status == 202
    studio.settles()
    assert ivy.get("/tags?q=brass").items == [{"tag": "brass", "assets": 3, "merged": [IT.merged]}]
    return edit


def test_every_read_has_a_case_that_asks_for_secrets() -> None:
    assert READS - set(CASES) == set()


def test_a_private_show_and_its_assets_are_not_there_for_those_outside(studio: Studio, outsider: Person) -> None:
    before = seen_by(outsider, IT)

    secrets = _make_the_secret(studio, audience=[IT.group])

    assert list(differences(before, seen_by(outsider, secrets))) == []


def test_operators_outside_see_of_it_neither_jobs_nor_counts(studio: Studio, outsider: Person) -> None:
    operator = studio.pipeline
    before = seen_by(operator, IT)

    secrets = _make_the_secret(studio, audience=[IT.group], edits=False)

    assert before["jobs.list 0"][0] == 200
    assert list(differences(before, seen_by(operator, secrets))) == []


def test_operators_outside_see_of_edits_only_what_is_not_secret(studio: Studio, outsider: Person) -> None:
    operator = studio.pipeline
    before = seen_by(operator, IT)

    secrets = _make_the_secret(studio, audience=[IT.group])

    expected = ("edits.", "jobs.list")  # that somebody edits is for operators to see
    told = differences(before, seen_by(operator, secrets))
    assert [one for one in told if not one.startswith(expected)] == []
    edit = operator.get(f"/edits/{secrets.edit_id}")
    assert (edit.total, edit.planned) == (1, 1)
    assert [one["asset"] for one in operator.get(f"/edits/{secrets.edit_id}/assets").items] == [IT.open]


def test_what_becomes_private_is_as_if_it_had_never_been(studio: Studio, outsider: Person) -> None:
    before = seen_by(outsider, IT)
    secrets = _make_the_secret(studio, audience=None)
    assert list(differences(before, seen_by(outsider, secrets))) != []

    studio.admin.patch(f"/shows/{IT.show}", {"audience": [IT.group]})
    studio.admin.patch(f"/assets/{IT.own}", {"audience": [IT.group]})
    studio.settles()

    assert list(differences(before, seen_by(outsider, secrets))) == []


def test_who_leaves_the_group_is_outside_at_once(studio: Studio, outsider: Person) -> None:
    before = seen_by(outsider, IT)
    secrets = _make_the_secret(studio, audience=[IT.group])
    studio.joins(outsider.login, IT.group)
    assert outsider.get(f"/assets/{IT.code}").status == 200
    assert sorted(outsider.finds(IT.word)) == [IT.own, IT.code]

    studio.admin.patch(f"/groups/{IT.group}", {"members": [IT.login]})

    assert list(differences(before, seen_by(outsider, secrets))) == []


def test_an_audience_counts_at_once_also_before_the_index_follows(studio: Studio, outsider: Person) -> None:
    before = seen_by(outsider, IT)
    secrets = _make_the_secret(studio, audience=None)

    studio.admin.patch(f"/shows/{IT.show}", {"audience": [IT.group]})
    studio.admin.patch(f"/assets/{IT.own}", {"audience": [IT.group]})

    told = differences(before, seen_by(outsider, secrets))
    assert [one for one in told if not one.startswith("search.")] == []
    assert (outsider.finds(IT.word), outsider.finds("chr"), outsider.finds("", tag=IT.tag)) == ([], [], [])
    assert outsider.get(f"/search/similar?asset={IT.open}").items == []


def test_an_asset_in_a_private_show_needs_both_audiences(studio: Studio) -> None:
    inside, half = studio.person("ivy", Role.PIPELINE, groups=["vip", "core"]), studio.person("hal", groups=["vip"])
    studio.admin.post("/shows", {"code": "nova", "audience": ["vip"]})
    inside.registers("chr_nova", show="nova", audience=["core"])
    studio.settles()

    assert inside.get("/assets/chr_nova").status == 200
    assert half.get("/shows/nova").status == 200
    assert half.get("/assets/chr_nova").status == 404
    assert (inside.finds("nova"), half.finds("nova")) == (["chr_nova"], [])


def test_those_who_audit_see_beyond_audiences(studio: Studio, outsider: Person) -> None:
    secrets = _make_the_secret(studio, audience=[IT.group])

    assert studio.licensing.get(f"/assets/{secrets.code}").status == 200
    assert sorted(studio.licensing.finds(IT.word)) == [IT.own, IT.code]


def test_an_asset_that_leaves_a_private_show_does_not_name_it(studio: Studio, outsider: Person) -> None:
    _make_the_secret(studio, audience=[IT.group])

    studio.admin.patch(f"/assets/{IT.code}", {"show": None})
    studio.settles()

    opened = [
        outsider.get(f"/assets/{IT.code}"),
        outsider.get(f"/assets/{IT.code}/history"),
        outsider.get("/events?limit=200"),
        outsider.get("/search?facets=show"),
    ]
    assert [one.status for one in opened] == [200, 200, 200, 200]
    assert [IT.show in one.response.get_data(as_text=True).replace(IT.code, "") for one in opened] == [False] * 4


def test_a_taken_code_says_only_that_it_is_taken(studio: Studio, outsider: Person) -> None:
    secrets = _make_the_secret(studio, audience=[IT.group])

    refused = outsider.registers("chr_NOVA", external_ids=[])
    foreign = outsider.registers("chr_free", external_ids=[{"system": "shotgrid", "value": secrets.external.lower()}])

    assert (refused.status, refused.message) == (
        409,
        "code 'chr_NOVA' is taken; choose another, or publish a version of it",
    )
    assert (foreign.status, foreign.message) == (409, "external id shotgrid:sg-4711 belongs to another asset")


def test_nobody_learns_by_drafting_which_bytes_are_there(studio: Studio, outsider: Person) -> None:
    _make_the_secret(studio, audience=[IT.group])

    drafted = outsider.drafts(IT.open, {IT.path: IT.code.encode(), "thumbnail.png": png(64, 64)})
    draft = outsider.get(f"/assets/{IT.open}/versions/{drafted.version['number']}")

    assert drafted.uploads_needed == 2
    assert (draft.facts, draft.findings, draft.previews, draft.thumbnail_url) == ([], [], [], None)


def test_nobody_learns_by_naming_digests_which_bytes_are_there(studio: Studio, outsider: Person) -> None:
    secrets = _make_the_secret(studio, audience=[IT.group])
    studio.admin.post("/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/nowhere"}]})
    files = {IT.path: IT.code.encode(), "thumbnail.png": png(64, 64)}
    outsider.post(
        f"/assets/{IT.open}/versions",
        {"files": [entry(*file, custody="referenced", root="lib") for file in files.items()]},
    )

    assert outsider.submits(IT.open, 2).status == 200
    studio.settles()

    version = outsider.get(f"/assets/{IT.open}/versions/2")
    assert (version.facts, version.findings, version.previews) == ([], [], [])
    assert outsider.get(f"/previews/{secrets.preview}").status == 404


def test_a_picture_is_not_opened_by_drafting_its_bytes(studio: Studio, outsider: Person) -> None:
    secrets = _make_the_secret(studio, audience=[IT.group])

    outsider.drafts(IT.open, {IT.path: IT.code.encode(), "thumbnail.png": png(64, 64)})

    assert outsider.get(f"/previews/{secrets.preview}").status == 404


def _writes(it: Secrets) -> dict[str, tuple[str, str, dict[str, object]]]:
    """Return a sensible request for every write that names an asset or a show."""
    version = f"/assets/{it.code}/versions/1"
    reason: dict[str, object] = {"reason": "Because."}
    return {
        "assets.change": ("PATCH", f"/assets/{it.code}", {"name": "Mine"}),
        "assets.retire": ("POST", f"/assets/{it.code}/retirement", reason),
        "assets.reinstate": ("DELETE", f"/assets/{it.code}/retirement", {}),
        "assets.merge": ("POST", f"/assets/{it.code}/merge", {"into": it.open}),
        "assets.unmerge": ("DELETE", f"/assets/{it.code}/merge", {}),
        "relations.add": ("POST", f"/assets/{it.open}/relations", {"kind": "contains", "target": it.code}),
        "relations.remove": ("DELETE", f"/assets/{it.code}/relations/{it.job_id}", {}),
        "versions.draft": (
            "POST",
            f"/assets/{it.code}/versions",
            {"files": [{"path": "a", "sha256": "0" * 64, "size_bytes": 1}]},
        ),
        "versions.publish": ("POST", f"{version}/publication", {}),
        "versions.deprecate": ("POST", f"{version}/deprecation", reason),
        "versions.withdraw": ("POST", f"{version}/withdrawal", reason),
        "versions.discard": ("POST", f"{version}/discard", {}),
        "reviews.approve": ("POST", f"{version}/approval", {}),
        "reviews.send-back": ("POST", f"{version}/return", reason),
        "notes.write": ("POST", f"{version}/notes", {"text": "Mine."}),
        "notes.change": ("PATCH", f"/notes/{it.note_id}", {"text": "Mine."}),
        "notes.remove": ("DELETE", f"/notes/{it.note_id}", {}),
        "issues.report": ("POST", f"{version}/issues", {"text": "Mine."}),
        "issues.change": ("PATCH", f"/issues/{it.issue_id}", {"severity": "major"}),
        "issues.close": ("POST", f"/issues/{it.issue_id}/closing", {"version": 2}),
        "issues.reopen": ("POST", f"/issues/{it.issue_id}/reopening", {}),
        "issues.remove": ("DELETE", f"/issues/{it.issue_id}", {}),
        "files.get": ("GET", f"{version}/files/{it.path}", {}),
        "shows.change": ("PATCH", f"/shows/{it.show}", {"name": "Mine"}),
        "jobs.retry": ("POST", f"/jobs/{it.job_id}/retry", {}),
    }


def test_no_write_tells_a_hidden_thing_from_nothing(studio: Studio, outsider: Person) -> None:
    supervisor = studio.person("sue", Role.SUPERVISOR)
    before = {name: supervisor.call(*request) for name, request in _writes(IT).items()}

    secrets = _make_the_secret(studio, audience=[IT.group])

    named = {operation.name for operation in OPERATIONS if operation.write and "{code}" in operation.path}
    assert named - {"groups.change"} <= set(_writes(IT))
    for name, request in _writes(secrets).items():
        said = supervisor.call(*request)
        asked = said.message
        for one in ("job_id", "note_id", "issue_id"):
            asked = asked.replace(getattr(secrets, one), getattr(IT, one))
        assert (name, said.status, said.code, asked) == (
            name,
            before[name].status,
            before[name].code,
            before[name].message,
        )


def test_registering_into_a_hidden_show_is_as_into_none(studio: Studio, outsider: Person) -> None:
    before = outsider.registers("prp_mine", show=IT.show)
    _make_the_secret(studio, audience=[IT.group])

    after = outsider.registers("prp_mine", show=IT.show)

    assert (before.status, before.code, before.message) == (after.status, after.code, after.message)


def test_a_hidden_asset_in_a_cycle_is_not_named(studio: Studio, outsider: Person) -> None:
    artist, ivy = outsider, studio.person("ivy", Role.PIPELINE, groups=["vip"])
    artist.registers("prp_outer")
    ivy.registers("chr_nova", audience=["vip"])
    ivy.post("/assets/prp_lamp/relations", {"kind": "contains", "target": "chr_nova"})
    ivy.post("/assets/chr_nova/relations", {"kind": "contains", "target": "prp_outer"})

    refused = artist.post("/assets/prp_outer/relations", {"kind": "contains", "target": "prp_lamp"})

    assert (refused.status, refused.code) == (409, "cycle")
    assert "chr_nova" not in refused.message


def test_shows_are_listed_by_code_to_those_who_may_know_of_them(studio: Studio) -> None:
    ivy = studio.person("ivy", groups=["vip"])
    for code, audience in (("orion", None), ("Nova", ["vip"]), ("alpha", None)):
        created = studio.admin.post("/shows", {"code": code, "audience": audience})
        assert (created.status, created.audience) == (201, audience)

    assert [show["code"] for show in ivy.get("/shows").items] == ["alpha", "Nova", "orion"]
    assert [show["code"] for show in studio.artist.get("/shows").items] == ["alpha", "orion"]


def test_a_show_code_is_taken_in_any_letters_also_when_it_is_hidden(studio: Studio) -> None:
    studio.person("ivy", groups=["vip"])
    studio.admin.post("/shows", {"code": "Nova", "audience": ["vip"]})

    refused = studio.person("sue", Role.SUPERVISOR).post("/shows", {"code": "nova"})

    assert (refused.status, refused.code, refused.message) == (409, "code-taken", "show code 'nova' is taken")


def test_what_a_show_is_called_can_change_but_not_its_code(studio: Studio) -> None:
    studio.pipeline.post("/shows", {"code": "orion", "name": "Orion"})

    changed = studio.pipeline.patch("/shows/ORION", {"name": "Orion II", "description": "Again."})
    refused = studio.pipeline.patch("/shows/orion", {"code": "orion2"})

    assert (changed.status, changed.name, changed.description) == (200, "Orion II", "Again.")
    assert (refused.status, refused.code) == (422, "invalid-request")
    assert studio.entries("show.changed/1")[0]["values"]["changes"]["name"] == ["Orion", "Orion II"]


def test_of_many_who_create_one_show_at_once_one_succeeds(studio: Studio) -> None:
    pipeline = studio.pipeline

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(lambda _: pipeline.post("/shows", {"code": "orion"}).status, range(4)))

    assert sorted(said) == [201, 409, 409, 409]
