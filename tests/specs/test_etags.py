"""ETags: what was read can be read again for nothing, and is not changed under somebody's hands."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.studio import Studio


def test_what_is_unchanged_is_not_sent_again(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    etag = studio.viewer.get("/assets/prp_lamp").response.headers["ETag"]

    again = studio.viewer.get("/assets/prp_lamp", If_None_Match=etag)

    assert (again.status, again.response.data) == (304, b"")
    assert again.response.headers["ETag"] == etag


def test_what_was_changed_is_sent_again(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    etag = studio.viewer.get("/assets/prp_lamp").response.headers["ETag"]
    studio.artist.patch("/assets/prp_lamp", {"name": "Lamp"})

    again = studio.viewer.get("/assets/prp_lamp", If_None_Match=etag)

    assert (again.status, again.name) == (200, "Lamp")
    assert again.response.headers["ETag"] != etag


def test_an_etag_is_only_good_for_those_who_may_see(studio: Studio) -> None:
    artist = studio.artist
    studio.person("ben", groups=["vip"])
    studio.joins("art", "vip")
    artist.registers("prp_lamp")
    etag = studio.viewer.get("/assets/prp_lamp").response.headers["ETag"]
    studio.artist.patch("/assets/prp_lamp", {"audience": ["vip"]})

    assert studio.viewer.get("/assets/prp_lamp", If_None_Match=etag).status == 404


def test_a_change_of_what_was_read_is_done(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    etag = studio.artist.get("/assets/prp_lamp").response.headers["ETag"]

    changed = studio.artist.patch("/assets/prp_lamp", {"name": "Lamp"}, If_Match=etag)

    assert (changed.status, changed.name) == (200, "Lamp")


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")
    etag = studio.artist.get("/assets/prp_lamp").response.headers["ETag"]
    studio.pipeline.patch("/assets/prp_lamp", {"name": "Pat's lamp"})

    refused = studio.artist.patch("/assets/prp_lamp", {"name": "Art's lamp"}, If_Match=etag)

    assert (refused.status, refused.code) == (412, "stale")
    assert refused.message == (
        "prp_lamp was changed since you read it (you have revision 1, it is at 2); read it again and repeat your change"
    )
    assert studio.viewer.get("/assets/prp_lamp").name == "Pat's lamp"


def test_of_two_changes_of_one_state_at_once_one_is_refused(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")

    with ThreadPoolExecutor(4) as threads:
        changes = [{"name": f"Lamp {n}"} for n in range(4)]
        said = list(
            threads.map(lambda change: studio.artist.patch("/assets/prp_lamp", change, If_Match='"1"').status, changes)
        )

    assert sorted(said) == [200, 412, 412, 412]


@pytest.mark.parametrize("etag", ['"7"', 'W/"7"'])
def test_every_act_on_an_asset_takes_if_match(studio: Studio, etag: str) -> None:
    studio.artist.publishes("prp_lamp")
    pipeline = studio.pipeline

    said = [
        pipeline.patch("/assets/prp_lamp", {"name": "Lamp"}, If_Match=etag),
        pipeline.post("/assets/prp_lamp/retirement", {"reason": "Old."}, If_Match=etag),
        pipeline.delete("/assets/prp_lamp/retirement", If_Match=etag),
        pipeline.post("/assets/prp_lamp/versions/1/deprecation", {"reason": "Old."}, If_Match=etag),
        pipeline.post("/assets/prp_lamp/versions/1/withdrawal", {"reason": "Old."}, If_Match=etag),
    ]

    assert [(one.status, one.code) for one in said] == [(412, "stale")] * 5


def test_any_state_is_meant_by_a_star(studio: Studio) -> None:
    studio.artist.registers("prp_lamp")

    assert studio.artist.patch("/assets/prp_lamp", {"name": "Lamp"}, If_Match="*").status == 200


@pytest.mark.parametrize("etag", ["1", '"x"', '"1", "2"', "", '"' + "9" * 5_000 + '"', '"-1"'])
def test_an_etag_that_is_none_of_ours_is_refused(studio: Studio, etag: str) -> None:
    studio.artist.registers("prp_lamp")

    refused = studio.artist.patch("/assets/prp_lamp", {"name": "Lamp"}, If_Match=etag)

    assert (refused.status, refused.code) == (422, "bad-etag")


def test_a_version_has_an_etag_of_its_own(studio: Studio) -> None:
    studio.artist.publishes("prp_lamp")
    version = studio.viewer.get("/assets/prp_lamp/versions/1")
    etag = version.response.headers["ETag"]

    deprecated = studio.pipeline.post("/assets/prp_lamp/versions/1/deprecation", {"reason": "Old."}, If_Match=etag)

    assert deprecated.status == 200
    assert deprecated.response.headers["ETag"] != etag
    assert studio.viewer.get("/assets/prp_lamp/versions/1", If_None_Match=etag).status == 200


def test_what_was_measured_meanwhile_is_sent_again_but_stands_in_nobodys_way(studio: Studio) -> None:
    artist, files = studio.artist, {"a.txt": b"a"}
    artist.publishes("prp_lamp", files)
    artist.registers("prp_bulb")
    artist.drafts("prp_bulb", files)
    artist.submits("prp_bulb", 1)
    unmeasured = artist.get("/assets/prp_bulb/versions/1")
    studio.settles()

    etag = unmeasured.response.headers["ETag"]
    measured = artist.get("/assets/prp_bulb/versions/1", If_None_Match=etag)
    deprecated = studio.pipeline.post("/assets/prp_bulb/versions/1/deprecation", {"reason": "Old."}, If_Match=etag)

    assert unmeasured.pending == ["inspect-version", "render-previews"]
    assert (measured.status, measured.pending, deprecated.status) == (200, [], 200)


def test_everything_that_can_change_has_an_etag(studio: Studio) -> None:
    admin = studio.admin
    admin.post("/shows", {"code": "orion"})
    admin.post("/groups", {"code": "vip"})
    admin.post("/roots", {"name": "lib", "templates": [{"platform": "linux", "path": "/lib"}]})

    for path, change in (
        ("/shows/orion", {"name": "Orion"}),
        ("/groups/vip", {"name": "Very important"}),
        ("/roots/lib", {"templates": [{"platform": "linux", "path": "/mnt/lib"}]}),
        ("/users/admin", {"display_name": "Root"}),
    ):
        etag = admin.get(path).response.headers["ETag"]
        assert admin.get(path, If_None_Match=etag).status == 304
        assert admin.patch(path, change, If_Match='"9"').code == "stale"
        changed = admin.patch(path, change, If_Match=etag)
        assert changed.status == 200
        assert changed.response.headers["ETag"] == admin.get(path).response.headers["ETag"] != etag
        assert admin.patch(path, change, If_Match=etag).status == 412
