"""Registering assets and versions from a browser: the forms, the draft, and what is said about it."""

from __future__ import annotations

import io
import json

import pytest

from catalog.accounts.vocabulary import Role
from tests.studio import Studio, digest, entry
from tests.visitors import Visitor, WebPage, stranger, visitor

CRATE = {"name": "Market crate", "kind": "prop", "code": "prp_crate"}
FILES = {"crate.usda": b"#usda 1.0\n", "maps/wood.txt": b"a texture"}


@pytest.fixture
def artist(studio: Studio) -> Visitor:
    return visitor(studio, studio.artist)


def sends(someone: Visitor, files: dict[str, bytes], **fields: str) -> WebPage:
    """Send the form with a manifest, as the page's script does."""
    manifest = json.dumps([entry(path, content) for path, content in files.items()]).encode()
    return _posts(someone, fields, manifest=(io.BytesIO(manifest), "manifest.json"))


def sends_files(someone: Visitor, files: dict[str, bytes], **fields: str) -> WebPage:
    """Send the form with the files themselves, as a browser does where no script runs."""
    return _posts(someone, fields, files=[(io.BytesIO(content), path) for path, content in files.items()])


def _posts(someone: Visitor, fields: dict[str, str], **files: object) -> WebPage:
    sent = {"csrf_token": someone.opens("/register").csrf, **fields, **files}
    return WebPage(response=someone.client.post("/register", data=sent, content_type="multipart/form-data"))


def brings(studio: Studio, someone: Visitor, path: str, files: dict[str, bytes]) -> list[int]:
    """Send what a draft waits for, as the page's script does; the statuses."""
    contents = {digest(content): content for content in files.values()}
    found = someone.client.get(f"{path}/uploads").get_json()
    return [
        studio.send(step, contents[item["sha256"]][step["offset"] : step["offset"] + step["size"]]).status
        for item in found["items"]
        for step in item["steps"]
    ]


def test_a_new_asset_is_registered_uploaded_and_published(studio: Studio, artist: Visitor) -> None:
    begun = sends(artist, FILES, **CRATE, tags="wood\nmarket", aliases="市场箱 | zh-Hans", note="first", then="publish")
    statuses = brings(studio, artist, "/register/prp_crate/1", FILES)
    sent = artist.sends("/register/prp_crate/1/publication", found_on="/register/prp_crate/1")
    studio.settles()
    done = artist.opens("/register/prp_crate/1")
    asset = studio.artist.get("/assets/prp_crate")

    assert (begun.status, begun.location) == (303, "/register/prp_crate/1?then=publish")
    assert statuses == [200, 200]
    assert sent.location == "/register/prp_crate/1"
    assert (asset.name, asset.tags, asset.latest_version) == ("Market crate", ["wood", "market"], 1)
    assert asset.aliases == [{"text": "市场箱", "language": "zh-Hans"}]
    assert "catalog://assets/prp_crate/v1/files/maps/wood.txt" in done.html
    assert "http://studio.test/api/v1/assets/prp_crate/versions" in done.html


def test_a_version_is_shown_while_its_pictures_are_being_made(studio: Studio, artist: Visitor) -> None:
    sends(artist, FILES, **CRATE)
    brings(studio, artist, "/register/prp_crate/1", FILES)
    artist.sends("/register/prp_crate/1/publication", found_on="/register/prp_crate/1")
    studio.worker.pay_until_idle(kinds=["settle-version"])

    shown = artist.opens("/register/prp_crate/1")

    assert shown.status == 200
    assert "Version 1 is being measured and pictured." in shown.html


def test_large_forms_are_taken_only_from_whoever_is_signed_in(studio: Studio, artist: Visitor) -> None:
    content = {"crate.usda": b"x" * 300_000}

    refused = sends_files(stranger(studio), content, **CRATE)
    taken = sends_files(artist, content, **CRATE)

    assert (refused.status, refused.location) == (303, "/sign-in")
    assert taken.location == "/register/prp_crate/1"


def test_what_was_sent_back_is_not_published_by_its_address(studio: Studio, artist: Visitor) -> None:
    sue = studio.person("sue", Role.SUPERVISOR)
    studio.artist.publishes("prp_lamp")
    studio.artist.drafts("prp_lamp", {"lamp.txt": b"two"})
    studio.artist.uploads("prp_lamp", 2, {"lamp.txt": b"two"})
    studio.artist.post("/assets/prp_lamp/versions/2/publication", {"review": True})
    studio.settles()
    before = artist.opens("/register/prp_lamp/2?then=publish")
    sue.post("/assets/prp_lamp/versions/2/return", {"reason": "no handle"})

    page = artist.opens("/register/prp_lamp/2?then=publish")

    assert before.status == 200
    assert "no handle" in page.text
    assert 'data-then=""' in page.html


def test_small_files_come_with_the_form_where_no_script_runs(studio: Studio, artist: Visitor) -> None:
    begun = sends_files(artist, {"crate.usda": b"#usda 1.0\n"}, **CRATE)
    draft = artist.opens("/register/prp_crate/1")
    artist.sends("/register/prp_crate/1/publication", found_on="/register/prp_crate/1")
    studio.settles()

    assert begun.location == "/register/prp_crate/1"
    assert "Every file has arrived" in draft.text
    assert studio.artist.get("/assets/prp_crate").latest_version == 1


def test_a_draft_says_what_has_not_arrived(studio: Studio, artist: Visitor) -> None:
    sends(artist, FILES, **CRATE)

    draft = artist.opens("/register/prp_crate/1")

    assert "2 files have not arrived yet." in draft.text
    assert draft.text.count("To come") == 2


def test_a_version_is_added_to_an_asset(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_lamp", {"lamp.txt": b"a lamp"})

    form = artist.opens("/register?asset=prp_lamp")
    begun = sends(artist, {"lamp.txt": b"another lamp"}, asset="prp_lamp", note="brighter")

    assert "New version of prp_lamp" in form.text
    assert 'name="code"' not in form.html
    assert begun.location == "/register/prp_lamp/2"


def test_files_that_are_the_latest_version_change_nothing(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_lamp", {"lamp.txt": b"a lamp"})

    same = sends(artist, {"lamp.txt": b"a lamp"}, asset="prp_lamp")

    assert same.location == "/assets/prp_lamp/versions/1"
    assert "Nothing changed: version 1 has these files already." in artist.opens(same.location).text


def test_a_refused_form_keeps_what_was_typed(artist: Visitor) -> None:
    refused = sends(artist, FILES, **{**CRATE, "code": "Crate!"}, description="Splinters.", tags="wood")

    assert refused.status == 422
    assert "is not lower-case letters and digits" in refused.text
    assert 'value="Market crate"' in refused.html
    assert 'value="Crate!"' in refused.html
    assert "Splinters." in refused.text
    assert '<option value="prop" data-prefix="prp_" selected>' in refused.html


@pytest.mark.parametrize(
    "files, fields, words, field",
    [
        ({}, CRATE, "Choose at least one file", "files"),
        (FILES, {**CRATE, "code": "Crate!"}, "is not lower-case letters and digits", "code"),
        (FILES, {**CRATE, "kind": "boat"}, "Kind 'boat' is none of", "kind"),
        (FILES, {**CRATE, "name": " "}, "Name is empty", "name"),
        ({"../crate.usda": b"x"}, CRATE, "the folder '..'", "files"),
    ],
)
def test_what_is_wrong_is_named_and_leads_to_its_field(
    artist: Visitor, files: dict[str, bytes], fields: dict[str, str], words: str, field: str
) -> None:
    refused = sends(artist, files, **fields) if files else sends_files(artist, files, **fields)

    assert refused.status == 422
    assert words in refused.text
    assert f"#{field}" in refused.links
    assert f'id="{field}"' in refused.html


def test_a_manifest_that_is_none_is_refused(artist: Visitor) -> None:
    refused = _posts(artist, CRATE, manifest=(io.BytesIO(b'[{"path": "a"}]'), "manifest.json"))

    assert refused.status == 422
    assert "The list of files is wrong at 0.sha256" in refused.text


def test_a_code_that_is_taken_is_refused_and_gets_no_version(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_crate", {"old.txt": b"old"})

    refused = sends(artist, FILES, **CRATE)

    assert refused.status == 409
    assert "is taken; choose another, or publish a version of it" in refused.text
    assert [one["number"] for one in studio.artist.get("/assets/prp_crate/versions").items] == [1]


def test_a_form_that_is_sent_twice_goes_on_with_the_draft(artist: Visitor) -> None:
    first = sends(artist, FILES, **CRATE)
    second = sends(artist, FILES, **CRATE)

    assert first.location == second.location == "/register/prp_crate/1"


@pytest.mark.parametrize(
    "code, free, words",
    [
        ("prp_new", True, "prp_new is free."),
        ("PRP lamp", False, "'prp_lamp' would do"),
        ("PRP_LAMP", False, "is taken (as 'prp_lamp'"),
        ("prp_LAMP", False, "is taken (as 'prp_lamp'"),
    ],
)
def test_a_code_is_checked_while_it_is_typed(
    studio: Studio, artist: Visitor, code: str, free: object, words: str
) -> None:
    studio.artist.registers("prp_lamp")

    said = artist.client.get("/register/code", query_string={"code": code}).get_json()

    assert said["free"] is free
    assert words in said["message"]


@pytest.mark.parametrize(
    "code, instead", [("prp_春节灯笼", "prp_chun_jie_deng_long"), ("prp_", None), ("prp_new", None)]
)
def test_a_chinese_name_gives_a_code_by_its_sound(artist: Visitor, code: str, instead: str | None) -> None:
    said = artist.client.get("/register/code", query_string={"code": code}).get_json()

    assert said.get("instead") == instead


def _knows(someone: Visitor, content: bytes, **asked: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = someone.client.get(
        "/register/known", query_string={"sha256": digest(content), **asked}
    ).get_json()
    return found


def test_files_that_are_in_the_catalog_already_are_named(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_lamp", {"bulb.txt": b"a bulb"})

    assert _knows(artist, b"a bulb") == [
        {"sha256": digest(b"a bulb"), "asset": "prp_lamp", "number": 1, "path": "bulb.txt"}
    ]
    assert _knows(artist, b"another") == []
    assert _knows(artist, b"a bulb", asset="prp_lamp") == []


def test_files_of_hidden_assets_are_not_named(studio: Studio, artist: Visitor) -> None:
    insider = studio.person("ina", groups=["secret"])
    studio.admin.post("/shows", {"code": "DARK", "name": "Dark", "audience": ["secret"]})
    studio.admin.publishes("prp_lamp", {"bulb.txt": b"a bulb"}, show="DARK")
    sends(artist, {"bulb.txt": b"a bulb"}, **CRATE)

    assert _knows(artist, b"a bulb") == []
    assert "in the catalog already" not in artist.opens("/register/prp_crate/1").text
    assert insider.get("/assets/prp_lamp").status == 200


def test_a_draft_names_files_that_are_in_the_catalog_already(studio: Studio, artist: Visitor) -> None:
    studio.artist.publishes("prp_lamp", {"bulb.txt": b"a bulb"})
    sends(artist, {"light.txt": b"a bulb"}, **CRATE)

    draft = artist.opens("/register/prp_crate/1")

    assert "1 file is in the catalog already." in draft.text
    assert "/assets/prp_lamp/versions/1" in draft.links


def test_a_draft_is_its_makers_alone(studio: Studio, artist: Visitor) -> None:
    sends(artist, FILES, **CRATE)
    other = visitor(studio, studio.pipeline)

    assert other.opens("/register/prp_crate/1").status == 404
    assert other.opens("/register/prp_crate/1/uploads").status == 404


def test_bytes_that_are_not_what_was_declared_come_back_with_the_reason(studio: Studio, artist: Visitor) -> None:
    sends(artist, FILES, **CRATE)
    artist.sends("/register/prp_crate/1/publication", found_on="/register/prp_crate/1")
    waiting = artist.opens("/register/prp_crate/1")
    studio.settles()

    back = artist.opens("/register/prp_crate/1")

    assert "Its bytes are being verified." in waiting.text
    assert "It could not be published." in back.text


def test_a_viewer_may_not_register(studio: Studio) -> None:
    refused = visitor(studio, studio.viewer).opens("/register")

    assert refused.status == 403
    assert "/register" not in visitor(studio, studio.viewer).opens("/assets").links


def test_scripts_are_told_how_to_do_the_same(artist: Visitor) -> None:
    form = artist.opens("/register")

    assert form.html.index('id="registering"') < form.html.index('<details class="panel scripts">')
    assert "catalog --url http://studio.test assets publish FOLDER --code prp_crate" in form.html
    assert "V=http://studio.test/api/v1/assets/prp_crate/versions" in form.html


def test_files_that_stay_where_they_are_have_a_command_where_there_is_a_root(studio: Studio, artist: Visitor) -> None:
    before = artist.opens("/register").html
    studio.pipeline.post("/roots", {"name": "library", "templates": [{"platform": "linux", "path": "/mnt/library"}]})
    studio.artist.registers("prp_lamp")

    new, further = artist.opens("/register").html, artist.opens("/register?asset=prp_lamp").html

    assert "--in-place" not in before
    assert "assets publish FOLDER --code prp_crate --name &#39;Market crate&#39; --kind prop --in-place library" in new
    assert "assets publish FOLDER --code prp_lamp --in-place library --wait" in further
