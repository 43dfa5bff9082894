"""Assets are found by what the files of their latest version are called."""

from __future__ import annotations

from urllib.parse import quote

from tests.studio import Studio


def test_the_latest_versions_names_of_files_find_the_asset(studio: Studio) -> None:
    studio.artist.publishes("chr_ann", {"chrAnn_faceRig_v001.ma": b"1", "textures/annSkin/diff.1001.txt": b"2"})
    studio.artist.publishes("chr_ann", {"chrAnn_bodyRig_v002.ma": b"3"})
    studio.artist.publishes("prp_box", {"geo/crateLid.obj": b"4"})
    studio.settles()

    def found(text: str) -> list[str]:
        return [asset["code"] for asset in studio.viewer.get(f"/search?q={quote(text)}").items]

    assert found("ann body rig ") == ["chr_ann"]
    assert found("chrAnn_bodyRig_v002.ma") == ["chr_ann"]
    assert found("crate lid ") == ["prp_box"]
    assert found("file:chrann ") == ["chr_ann"]
    assert found("file:face ") == found("annskin ") == found("geo ") == []
