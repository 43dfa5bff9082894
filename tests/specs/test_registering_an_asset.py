"""Registering: an asset enters the registry once, under a code that nothing else has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from tests.studio import Studio


def test_a_registered_asset_is_read_back_as_it_was_sent(studio: Studio) -> None:
    registered = studio.artist.registers(
        "chr_ann",
        name="Ann",
        kind="digital_double",
        description="The lead of Orion.",
        tags=["hero", "human"],
        aliases=[{"text": "邓丽君", "language": "zh-Hans"}],
        external_ids=[{"system": "shotgrid", "value": "4711"}],
    )

    asset = studio.viewer.get("/assets/chr_ann")
    assert registered.status == 201
    assert asset.json == registered.json
    assert (asset.json["code"], asset.name, asset.kind, asset.json["status"]) == (
        "chr_ann",
        "Ann",
        "digital_double",
        "active",
    )
    assert (asset.description, asset.tags) == ("The lead of Orion.", ["hero", "human"])
    assert asset.aliases == [{"text": "邓丽君", "language": "zh-Hans"}]
    assert asset.external_ids == [{"system": "shotgrid", "value": "4711"}]
    assert (asset.owner, asset.show, asset.audience, asset.latest_version) == ("art", None, None, None)


def test_the_answer_says_where_the_asset_is_from_now_on(studio: Studio) -> None:
    registered = studio.artist.registers("prp_lamp")

    assert registered.response.headers["Location"] == "/api/v1/assets/prp_lamp"
    assert registered.response.headers["ETag"].startswith('"1.')
    assert registered.reference == "catalog://assets/prp_lamp"


def test_registering_leaves_one_entry_that_says_who_and_what(studio: Studio) -> None:
    studio.artist.registers("prp_lamp", name="Lamp")

    (entry,) = studio.entries("asset.registered/1")
    assert entry["actor"]["name"] == "art"
    assert entry["values"] == {"code": "prp_lamp", "title": "Lamp", "kind": "prop"}


def test_a_code_is_taken_also_in_other_letters(studio: Studio) -> None:
    studio.artist.registers("chr_Ann")

    again = studio.artist.registers("chr_ANN")

    assert (again.status, again.code) == (409, "code-taken")
    assert again.message == (
        "code 'chr_ANN' is taken (as 'chr_Ann'; codes are unique ignoring case); "
        "choose another, or publish a version of it"
    )


def test_of_many_who_register_one_code_at_once_one_succeeds_on_each_database(studio_on_each: Studio) -> None:
    studio = studio_on_each
    people = [studio.artist, studio.pipeline, studio.admin]

    with ThreadPoolExecutor(6) as threads:
        said = list(threads.map(lambda n: people[n % 3].registers("prp_lamp"), range(6)))

    assert sorted(one.status for one in said) == [201, 409, 409, 409, 409, 409]
    assert {one.code for one in said} == {None, "code-taken"}
    assert len(studio.entries("asset.registered/1")) == 1


REMEDIES = {
    "Chr Ann": "'chr_Ann' would do",
    "chr-ann": "'chr_ann' would do",
    "chr": "such as chr_ann",
    "_ann": "such as chr_ann",
    "chr_änn": "'chr_ann' would do",
    "chr_ann\n": "'chr_ann' would do",
    "chr__ann": "'chr_ann' would do",
    "": "such as chr_ann",
    "9_lives": "such as chr_ann",
    "chr_" + "a" * 61: "at most 64 characters",
}


def test_a_code_that_breaks_the_rule_is_refused_with_what_would_do(studio: Studio) -> None:
    for code, remedy in REMEDIES.items():
        refused = studio.artist.registers(code)

        assert (code, refused.status, refused.code) == (code, 422, "bad-code")
        assert remedy in refused.message
    assert studio.entries("asset.registered/1") == []


def test_a_code_may_have_64_characters(studio: Studio) -> None:
    registered = studio.artist.registers("chr_" + "a" * 60)

    assert registered.status == 201


def test_names_are_any_unicode_text_in_one_normal_form(studio: Studio) -> None:
    registered = studio.artist.registers("chr_zoe", name=" Zoë ", tags=["Größe", "größe", "毛皮"])

    assert registered.name == "Zoë"
    assert registered.tags == ["Größe", "毛皮"]


WRONG_FIELDS: list[tuple[str, object, str]] = [
    ("name", "", "bad-name"),
    ("name", "  ", "bad-name"),
    ("name", "a" * 201, "bad-name"),
    ("name", "tab\x07bell", "bad-name"),
    ("description", "a" * 20_001, "bad-description"),
    ("tags", [""], "bad-tag"),
    ("tags", ["a" * 81], "bad-tag"),
    ("tags", [f"tag {n}" for n in range(101)], "invalid-request"),
    ("aliases", [{"text": " "}], "bad-alias"),
    ("owner", "nobody", "unknown-user"),
    ("audience", ["nobodies"], "unknown-group"),
    ("audience", [], "empty-audience"),
    ("kind", "spaceship", "invalid-request"),
    ("aliases", [{"text": "Ann", "language": "not a tag"}], "invalid-request"),
    ("external_ids", [{"system": "", "value": "1"}], "invalid-request"),
    ("colour", "red", "invalid-request"),
]


def test_a_field_that_is_wrong_is_refused_by_name(studio: Studio) -> None:
    for field, value, code in WRONG_FIELDS:
        refused = studio.artist.registers("prp_lamp", **{field: value})

        assert (field, refused.status, refused.code) == (field, 422, code)
        assert field.rstrip("s").removesuffix("e") in refused.message
    assert studio.artist.get("/assets/prp_lamp").status == 404


def test_an_unknown_show_is_not_found(studio: Studio) -> None:
    refused = studio.artist.registers("prp_lamp", show="orion")

    assert (refused.status, refused.code) == (404, "unknown-show")
    assert refused.message == "there is no show 'orion'"


def test_an_asset_is_read_by_any_of_its_names(studio: Studio) -> None:
    registered = studio.artist.registers("chr_Ann", external_ids=[{"system": "ShotGrid", "value": "Asset:4711"}])

    read = [
        studio.viewer.get(f"/assets/{name}").json["code"]
        for name in ("chr_Ann", "CHR_ANN", registered.id, "asset:4711", "shotgrid:ASSET:4711")
    ]

    assert read == ["chr_Ann"] * 5


@pytest.mark.parametrize("value", ["Asset/12", "a/b/c", "OLD name v3@2", "versions/1", "50% off?"])
def test_an_asset_is_found_by_any_external_id_in_an_address_and_in_a_reference(studio: Studio, value: str) -> None:
    studio.artist.publishes("chr_ann", external_ids=[{"system": "shotgrid", "value": value}])
    studio.artist.registers("chr_ben", external_ids=[{"system": "ayon", "value": "other"}])
    external = f"shotgrid:{value}"

    found = studio.artist.get(f"/assets/{quote(external, safe='')}")
    version = studio.artist.get(f"/assets/{quote(external, safe='')}/versions/1")
    (resolved,) = studio.artist.post("/resolutions", {"references": [external]}).items

    assert found.json["code"] == "chr_ann"
    assert version.asset == resolved["asset"] == "chr_ann"


def test_an_external_id_belongs_to_one_asset(studio: Studio) -> None:
    studio.artist.registers("chr_ann", external_ids=[{"system": "shotgrid", "value": "SG-1"}])

    refused = studio.artist.registers("chr_ben", external_ids=[{"system": "ShotGrid", "value": "sg-1"}])

    assert (refused.status, refused.code) == (409, "external-id-taken")
    assert refused.message == "external id shotgrid:sg-1 belongs to another asset"
    assert studio.artist.get("/assets/chr_ben").status == 404


def test_an_external_id_of_two_systems_asks_which(studio: Studio) -> None:
    studio.artist.registers("chr_ann", external_ids=[{"system": "shotgrid", "value": "1"}])
    studio.artist.registers("chr_ben", external_ids=[{"system": "ayon", "value": "1"}])

    asked = studio.viewer.get("/assets/1")

    assert (asked.status, asked.code) == (409, "ambiguous")
    assert asked.message == "external id '1' is that of chr_ann, chr_ben; write system:value or the code"
    assert studio.viewer.get("/assets/ayon:1").json["code"] == "chr_ben"


def test_what_is_absent_is_said_to_be_absent(studio: Studio) -> None:
    absent = studio.viewer.get("/assets/chr_nobody")

    assert (absent.status, absent.code) == (404, "unknown-asset")
    assert absent.message == "there is no asset 'chr_nobody'; search finds codes, names and external ids"


def test_nobody_hides_an_asset_from_themselves(studio: Studio) -> None:
    studio.person("eve", groups=["vip"])

    refused = studio.artist.registers("chr_ann", audience=["vip"])

    assert (refused.status, refused.code) == (422, "audience-without-you")
    assert refused.message == "audience ['vip'] does not include a group of art; name one you belong to"
