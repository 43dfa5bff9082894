"""The pages of an asset: what it is, its versions and files, and what happened to it."""

from __future__ import annotations

import re

import pytest

from catalog.ledger.event import EVENT_TYPES
from catalog.web.happenings import SENTENCES
from tests.files import glb, obj, png, usda
from tests.studio import Studio, digest
from tests.visitors import Visitor, visitor


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    return visitor(studio, studio.artist)


def test_an_asset_says_what_is_recorded_of_it(studio: Studio, artist: Visitor) -> None:
    studio.admin.post("/shows", {"code": "ORION", "name": "Orion Rising"})
    studio.artist.registers(
        "chr_teresa",
        name="Teresa",
        kind="digital_double",
        description="Hero double.\nFace only.",
        tags=["hero", "face"],
        show="ORION",
        aliases=[{"text": "邓丽君", "language": "zh-Hans"}],
        external_ids=[{"system": "shotgrid", "value": "4711"}],
    )

    page = artist.opens("/assets/chr_teresa")

    assert page.title == "Teresa – Reprise"
    for said in ("Digital double", "Face only.", "hero", "Orion Rising", "邓丽君", "shotgrid 4711", "Owner art"):
        assert said in page.text
    assert '<bdi lang="zh-Hans">邓丽君</bdi>' in page.html
    assert 'value="catalog://assets/chr_teresa"' in page.html
    assert "No version yet" in page.text


@pytest.mark.parametrize("given", ["CHR_TERESA", "4711", "shotgrid:4711"])
def test_other_names_lead_to_the_one_address(studio: Studio, artist: Visitor, given: str) -> None:
    studio.artist.registers("chr_teresa", external_ids=[{"system": "shotgrid", "value": "4711"}])

    moved = artist.opens(f"/assets/{given}")

    assert (moved.status, moved.location) == (303, "/assets/chr_teresa")


def test_a_name_of_two_hundred_characters_stands_whole(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("prp_long", name="long" * 50)

    assert "long" * 50 in artist.opens("/assets/prp_long").text


def test_an_asset_shows_what_it_is_made_of_and_used_in(studio: Studio, artist: Visitor) -> None:
    for code in ("env_harbor", "prp_crate", "prp_lid"):
        studio.artist.registers(code)
    studio.artist.post("/assets/env_harbor/relations", {"kind": "contains", "target": "prp_crate", "count": 24})
    studio.artist.post("/assets/prp_crate/relations", {"kind": "derivation", "target": "prp_lid"})

    crate, lid = artist.opens("/assets/prp_crate"), artist.opens("/assets/prp_lid")

    assert "Derived from prp_lid" in crate.text
    assert "Used in env_harbor env_harbor , contains it" in crate.text
    assert "prp_crate , is derived from it" in lid.text
    assert "env_harbor , contains it, through 1 other" in lid.text
    assert "Contains prp_crate prp_crate × 24" in artist.opens("/assets/env_harbor").text


def test_an_alternative_stands_beside_what_it_is_one_to(studio: Studio, artist: Visitor) -> None:
    for code in ("prp_cup", "prp_mug"):
        studio.artist.registers(code)
    studio.artist.post("/assets/prp_mug/relations", {"kind": "alternative", "target": "prp_cup"})

    cup, mug = artist.opens("/assets/prp_cup").text, artist.opens("/assets/prp_mug").text

    assert "Has as alternative prp_mug" in cup
    assert "Alternative to prp_cup" in mug
    assert "Used in" not in cup + mug


def test_a_published_version_is_pictured_and_measured(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"geo/box.glb": glb()}, name="Box", note="First box")

    page = artist.opens("/assets/prp_box")

    assert "Version 1, published" in page.text
    assert "Triangles 12" in page.text
    assert "Bounds 1 × 2 × 3 m" in page.text
    assert [link for link in page.links if link.startswith("/previews/")]
    assert 'value="catalog --url http://studio.test assets pull prp_box --to ./prp_box"' in page.html


@pytest.mark.parametrize(
    "name, content, bounds",
    [("box.usda", usda(), "1 × 2 × 3 cm"), ("box.obj", obj(), "1 × 2 × 3 units")],
)
def test_bounds_are_told_in_the_lengths_of_people_where_the_file_says_how_long_its_unit_is(
    studio: Studio, artist: Visitor, name: str, content: bytes, bounds: str
) -> None:
    studio.artist.publishes("prp_box", {f"geo/{name}": content})

    page = artist.opens("/assets/prp_box")

    assert f"Bounds {bounds}" in page.text


def test_what_is_worth_a_look_stands_on_the_version_and_the_first_of_it_on_the_asset(
    studio: Studio, artist: Visitor
) -> None:
    files = {f"tex/{name}.png": png()[:40] + name.encode() for name in ("a", "b", "c", "d", "e")}
    published = studio.artist.publishes("prp_box", {**files, "tex/whole.png": png()})

    asset, version = artist.opens("/assets/prp_box"), artist.opens("/assets/prp_box/versions/1")

    said = [f"{path} not readable as a picture: " for path in files]
    assert [words for words in said if words in version.text] == said
    assert [words for words in said if words in asset.text] == said[:3]
    assert [(one["path"], one["code"]) for one in published.findings] == [(path, "unreadable") for path in files]
    assert "and 2 more findings." in asset.text
    assert "/assets/prp_box/versions/1#findings" in asset.links


def test_a_version_that_is_still_worked_on_says_so(studio: Studio, artist: Visitor) -> None:
    files = {"a.txt": b"a"}
    studio.artist.registers("prp_box")
    studio.artist.drafts("prp_box", files)
    studio.artist.uploads("prp_box", 1, files)
    studio.artist.submits("prp_box", 1)

    page = artist.opens("/assets/prp_box/versions/1")

    assert "Version 1 is being measured and pictured." in page.text
    assert "/assets/prp_box/versions/1" in page.links
    assert "http-equiv" not in page.html


def test_an_open_version_is_seen_by_its_maker_only(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("prp_box")
    studio.artist.drafts("prp_box", {"a.txt": b"a"})

    mine, theirs = artist.opens("/assets/prp_box/versions/1"), visitor(studio, studio.viewer)

    assert "Only you see this version." in mine.text
    assert "Stored once it is uploaded and verified" in mine.text
    assert theirs.opens("/assets/prp_box/versions/1").status == 404
    assert "Version 1" not in theirs.opens("/assets/prp_box/versions").text


def test_versions_are_listed_newest_first_with_their_standing(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.txt": b"1"}, note="first")
    studio.artist.publishes("prp_box", {"a.txt": b"2"}, note="second")
    studio.admin.post("/assets/prp_box/versions/1/deprecation", {"reason": "The lid is wrong"})

    page = artist.opens("/assets/prp_box/versions")

    first, second = page.text.index("Version 1"), page.text.index("Version 2")
    assert second < first
    assert "Deprecated first The lid is wrong" in page.text
    assert "Version 2 is newer." in artist.opens("/assets/prp_box/versions/1").text


def test_a_version_without_its_number_is_not_there(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box")

    assert [artist.opens(f"/assets/prp_box/versions/{number}").status for number in ("2", "x", "-1", "1" * 30)] == [
        404,
        404,
        404,
        404,
    ]
    assert artist.opens("/assets/prp_box/versions/v1").status == 200


def test_many_files_are_paged_through_by_path(studio: Studio, artist: Visitor) -> None:
    files = {f"frames/{at:04d}.txt": b"frame" for at in range(230)}
    studio.artist.publishes("mcp_take", files)

    first = artist.opens("/assets/mcp_take/versions/1")
    second = artist.opens(next(link for link in first.links if "cursor" in link))
    third = artist.opens(next(link for link in second.links if "cursor" in link))

    assert [page.html.count('name="path"') for page in (first, second, third)] == [100, 100, 30]
    assert "0000.txt" in first.text
    assert "0100.txt" in second.text
    assert "0229.txt" in third.text
    assert "230 files" in first.text


def test_a_referenced_file_says_where_it_is_and_whether_it_was_read(studio: Studio, artist: Visitor) -> None:
    path = {"platform": "linux", "site": "main", "path": str(studio.house.settings.data / "library")}
    studio.admin.post("/roots", {"name": "library", "templates": [path]})
    studio.artist.registers("prp_box")
    file = {"path": "a.txt", "sha256": digest(b"a"), "size_bytes": 1, "custody": "referenced", "root": "library"}
    studio.artist.post("/assets/prp_box/versions", {"files": [file]})
    studio.artist.submits("prp_box", 1)

    page = artist.opens("/assets/prp_box/versions/1")

    assert "Referenced under library, declared and not read yet" in page.text
    assert 'name="path"' not in page.html


def test_a_download_gives_the_bytes_and_leaves_an_entry(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"geo/häß lich.glb": b"not really"})
    page = "/assets/prp_box/versions/1"

    sent = artist.sends(f"{page}/download", found_on=page, path="geo/häß lich.glb", purpose="previs")

    assert (sent.status, sent.response.data) == (200, b"not really")
    assert sent.header("Content-Disposition") == "attachment; filename*=UTF-8''h%C3%A4%C3%9F%20lich.glb"
    assert sent.header("Content-Length") == "10"
    assert sent.header("Content-Security-Policy") == "sandbox"
    entry = studio.entries("files.released/1")[-1]
    assert entry["actor"]["name"] == "art"
    assert entry["values"]["use"] == {"purpose": "previs"}
    assert entry["values"]["how"] == "download"


def test_an_empty_file_is_downloaded_empty(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"empty.txt": b""})
    page = "/assets/prp_box/versions/1"

    sent = artist.sends(f"{page}/download", found_on=page, path="empty.txt")

    assert (sent.status, sent.response.data) == (200, b"")


@pytest.mark.parametrize(
    "fields,status",
    [({"path": "nothing.txt"}, 404), ({}, 404), ({"path": "a.txt", "purpose": "fun"}, 422)],
    ids=["another file", "no file", "another purpose"],
)
def test_a_download_that_makes_no_sense_is_refused(
    studio: Studio, artist: Visitor, fields: dict[str, str], status: int
) -> None:
    studio.artist.publishes("prp_box", {"a.txt": b"a"})
    page = "/assets/prp_box/versions/1"

    refused = artist.forges(f"{page}/download", csrf_token=artist.opens(page).csrf, **fields)

    assert refused.status == status
    assert studio.entries("files.released/1") == []


def test_a_withdrawn_version_releases_nothing_and_says_why(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.txt": b"a"})
    studio.admin.post("/assets/prp_box/versions/1/withdrawal", {"reason": "The scan was not ours"})
    page = artist.opens("/assets/prp_box/versions/1")

    refused = artist.sends("/assets/prp_box/versions/1/download", found_on="/me", path="a.txt")

    assert "The scan was not ours. Its originals are no longer released." in page.text
    assert 'name="path"' not in page.html
    assert refused.status == 409
    assert "The scan was not ours" in refused.text


def test_a_standing_has_one_color_on_every_page(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.txt": b"a"})
    studio.admin.post("/assets/prp_box/versions/1/deprecation", {"reason": "Wrong scale"})

    pages = [artist.opens(f"/assets/prp_box{page}").html for page in ("", "/versions", "/versions/1")]

    badges = [re.findall('class="badge ([a-z]*)"[^>]*>(?:Version 1, d|D)eprecated<', page) for page in pages]
    assert badges == [["warn"], ["warn"], ["warn"]]


def test_a_lost_original_is_a_page_and_no_torn_file(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.txt": b"a"})
    for stored in list(studio.house.stores.originals.walk()):
        studio.house.stores.originals.remove(stored.key)

    refused = artist.sends("/assets/prp_box/versions/1/download", found_on="/assets/prp_box/versions/1", path="a.txt")

    assert refused.status == 404


def test_a_retired_asset_says_so_everywhere(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("prp_box")
    studio.admin.post("/assets/prp_box/retirement", {"reason": "Replaced"})
    studio.settles()

    assert "This asset is retired. Replaced. It stays where it is used" in artist.opens("/assets/prp_box").text
    assert "Retired" in artist.opens("/assets/prp_box/history").text
    assert "Retired" in artist.opens("/assets?status=retired").text


def test_history_tells_what_changed(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("prp_box", name="Box", tags=["wood"])
    studio.artist.patch("/assets/prp_box", {"name": "Crate", "tags": ["wood", "market"]})

    page = artist.opens("/assets/prp_box/history")

    assert "from Box to Crate" in page.text
    assert "from wood to wood, market" in page.text
    assert "Registered as prp_box" in page.text
    assert "by art with token art's" in page.text


def test_history_tells_relations_from_both_ends(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("env_harbor")
    studio.artist.registers("prp_crate")
    related = studio.artist.post("/assets/env_harbor/relations", {"kind": "contains", "target": "prp_crate"})
    studio.artist.delete(f"/assets/env_harbor/relations/{related.id}")

    harbor, crate = artist.opens("/assets/env_harbor/history").text, artist.opens("/assets/prp_crate/history").text

    assert "Contains prp_crate" in harbor
    assert "No longer: contains prp_crate" in harbor
    assert "Contained in env_harbor" in crate
    assert "No longer: contained in env_harbor" in crate


def test_history_tells_which_originals_left_and_for_what(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.txt": b"a", "b.txt": b"b"})
    studio.pipeline.post("/shows", {"code": "orion", "name": "Orion"})
    files = [f"catalog://assets/prp_box/v1/files/{name}" for name in ("a.txt", "b.txt")]
    use = {"purpose": "ai_training", "show": "orion"}
    studio.artist.post("/resolutions", {"references": ["prp_box"], "pull": True, **use})
    studio.artist.post("/resolutions", {"references": files})

    page = artist.opens("/assets/prp_box/history").text

    assert "Released version 1 (pull) for AI training, show orion" in page
    assert "Released 2 files of version 1 (resolve)" in page


def test_history_is_paged(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("prp_box")
    for at in range(55):
        studio.artist.patch("/assets/prp_box", {"name": f"Box {at}"})

    first = artist.opens("/assets/prp_box/history")
    second = artist.opens(next(link for link in first.links if "cursor" in link))

    assert first.html.count('class="happened"') == 50
    assert second.html.count('class="happened"') == 6
    assert "Registered as prp_box" in second.text


def test_every_event_about_an_asset_has_a_sentence() -> None:
    about_assets = {
        name for name, event in EVENT_TYPES.items() if {"asset_id", "asset_ids"} & set(event.__dataclass_fields__)
    }

    assert about_assets <= set(SENTENCES)


def test_an_asset_is_shown_while_nothing_can_say_what_is_like_it(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("prp_box")  # and nothing follows the ledger

    assert artist.opens("/assets/prp_box").status == 200


def test_pictures_are_kept_by_the_browser_for_good(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_box", {"a.png": png(64, 48)})
    address = next(link for link in artist.opens("/assets/prp_box").links if link.startswith("/previews/"))

    first = artist.opens(address)
    again = artist.opens(address, If_None_Match=first.header("ETag"))

    assert first.header("Cache-Control") == "private, max-age=31536000, immutable"
    assert first.header("Content-Type") == "image/webp"
    assert first.response.data == studio.artist.get(address).response.data
    assert (again.status, again.response.data) == (304, b"")


def test_every_kind_has_a_drawing_for_assets_without_a_picture(studio: Studio, artist: Visitor) -> None:
    studio.artist.registers("crt_wolf", kind="creature")

    drawing = artist.opens("/placeholders/creature.svg")

    assert "/placeholders/creature.svg" in artist.opens("/assets/crt_wolf").links
    assert drawing.header("Content-Type").startswith("image/svg+xml")
    assert artist.opens("/placeholders/spaceship.svg").status == 404


def test_a_file_tells_its_format_its_color_space_and_its_reference(studio: Studio, artist: Visitor) -> None:
    files = {"maps/color.png": png(), "maps/normal.png": png(8, 8), "notes.txt": b"for the market"}
    studio.artist.publishes("prp_box", files)

    page = artist.opens("/assets/prp_box/versions/1")

    assert "maps/ color.png Texture set PNG srgb_rec709_scene, assumed Stored, verified" in page.text
    assert "maps/ normal.png Texture set PNG data, assumed Stored, verified" in page.text
    assert "notes.txt Document text Stored, verified" in page.text
    copied = re.findall(r'data-copies="(catalog:[^"]*files[^"]*)"', page.html)
    assert copied == [
        "catalog://assets/prp_box/v1/files/maps/color.png",
        "catalog://assets/prp_box/v1/files/maps/normal.png",
        "catalog://assets/prp_box/v1/files/notes.txt",
    ]
