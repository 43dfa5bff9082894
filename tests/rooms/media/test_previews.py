"""The job that draws a version, and who sees its pictures."""

import io
from pathlib import Path
from uuid import UUID

from PIL import Image
from sqlalchemy import delete, update

from catalog.accounts.vocabulary import Role
from catalog.assets import queries as assets
from catalog.assets.models import AssetVersion
from catalog.assets.vocabulary import FileRole
from catalog.media import queries
from catalog.media.inspection import inspect_version
from catalog.media.models import Preview
from catalog.media.previews import render_previews
from tests import files
from tests.crew import Crew, referenced, stored


def _version_id(crew: Crew, code: str, number: int = 1) -> UUID:
    with crew.view() as view:
        return assets.get_version(view, code, number).id


def _renders(crew: Crew, code: str, folder: Path, number: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    render_previews(crew.workshop(folder), _version_id(crew, code, number))


def _previews(crew: Crew, code: str) -> list[Preview]:
    with crew.view() as view:
        return queries.previews_of(view, assets.get_version(view, code))


def test_a_version_gets_three_sizes_of_its_picture(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(1920, 960, (10, 200, 30))})

    _renders(crew, "mat_wood", tmp_path / "scratch")

    found = _previews(crew, "mat_wood")
    assert [(each.derivative, each.width_px, each.height_px) for each in found] == [
        ("thumbnail-240", 240, 120),
        ("thumbnail-480", 480, 240),
        ("thumbnail-960", 960, 480),
    ]
    assert {(each.dominant_color, each.path) for each in found} == {("dc-08", "wood.png")}


def test_what_was_drawn_without_a_renderer_is_rendered_where_there_is_one(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"box.glb": files.glb()})
    _renders(crew, "prp_box", tmp_path / "scratch")
    with crew.desk.bookkeeping() as session:
        session.execute(update(Preview).values(tool="reprise 3"))

    _renders(crew, "prp_box", tmp_path / "scratch")

    assert {each.tool.partition(" ")[0] for each in _previews(crew, "prp_box")} == {"F3D"}


def test_a_model_among_12_000_files_has_its_picture(crew: Crew, tmp_path: Path) -> None:
    notes = {f"tex/{number:05}.txt": b"one of many" for number in range(11_999)}
    crew.publishes("env_city", {"city.gltf": files.gltf(), **notes})

    _renders(crew, "env_city", tmp_path / "scratch")

    assert {(each.derivative, each.path) for each in _previews(crew, "env_city")} == {
        (derivative, "city.gltf") for derivative in ("thumbnail-240", "thumbnail-480", "thumbnail-960")
    }


def test_the_bytes_lie_where_the_row_says(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(300, 200)})

    _renders(crew, "mat_wood", tmp_path / "scratch")

    for preview in _previews(crew, "mat_wood"):
        content = b"".join(crew.stores.derived.open(preview.key))
        image = Image.open(io.BytesIO(content))
        assert (image.format, image.width, len(content)) == ("WEBP", preview.width_px, preview.size_bytes)


def test_an_emptied_bucket_is_filled_again(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(300, 200)})
    _renders(crew, "mat_wood", tmp_path / "scratch")
    before = {each.derivative: each.sha256 for each in _previews(crew, "mat_wood")}
    for kept in list(crew.stores.derived.walk()):
        crew.stores.derived.remove(kept.key)

    _renders(crew, "mat_wood", tmp_path / "scratch")

    assert {each.derivative: each.sha256 for each in _previews(crew, "mat_wood")} == before
    assert len(list(crew.stores.derived.walk())) == 3


def test_dropped_rows_are_entered_again(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(300, 200)})
    _renders(crew, "mat_wood", tmp_path / "scratch")
    with crew.desk.bookkeeping() as session:
        session.execute(delete(Preview))

    _renders(crew, "mat_wood", tmp_path / "scratch")

    assert len(_previews(crew, "mat_wood")) == 3


def test_what_is_there_is_not_drawn_again(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(300, 200)})
    _renders(crew, "mat_wood", tmp_path / "scratch")
    before = {each.rendered_at for each in _previews(crew, "mat_wood")}

    _renders(crew, "mat_wood", tmp_path / "scratch")

    assert {each.rendered_at for each in _previews(crew, "mat_wood")} == before


def test_a_damaged_picture_gives_way_to_the_next_best(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"basecolor.png": files.png(900, 900)[:80], "other.png": files.png(300, 200)})

    _renders(crew, "mat_wood", tmp_path / "scratch")

    assert {(each.path, each.caption) for each in _previews(crew, "mat_wood")} == {
        ("other.png", "basecolor.png could not be drawn")
    }


def test_a_version_without_anything_to_see_has_no_picture(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("ldr_scan", {"notes.txt": b"nothing to see"})

    _renders(crew, "ldr_scan", tmp_path / "scratch")

    assert _previews(crew, "ldr_scan") == []


def test_a_model_is_drawn_with_the_files_that_it_refers_to(crew: Crew, tmp_path: Path) -> None:
    scene = files.usda(body='def "A" (references = @./geo/box.usda@) {}')
    crew.publishes("prp_box", {"box.usda": scene, "geo/box.usda": files.usda()})

    _renders(crew, "prp_box", tmp_path / "scratch")

    assert [(each.path, each.width_px) for each in _previews(crew, "prp_box")] == [
        ("box.usda", 240),
        ("box.usda", 480),
        ("box.usda", 960),
    ]


def test_a_card_shows_the_picture_of_the_latest_version(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(600, 300, (255, 0, 0))})
    crew.publishes("mat_wood", {"wood.png": files.png(600, 300, (0, 0, 255))})
    for number in (1, 2):
        _renders(crew, "mat_wood", tmp_path / "scratch", number)

    with crew.view() as view:
        asset = assets.get_asset(view, "mat_wood")
        found = queries.thumbnails_of_latest(view, [asset])[asset.id]

    assert (found.width_px, found.height_px, found.dominant_color) == (240, 120, "dc-03")
    assert found.larger_width_px == 480


def test_every_version_has_its_own_picture(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(600, 300, (255, 0, 0))})
    crew.publishes("mat_wood", {"wood.png": files.png(600, 300, (0, 0, 255))})
    for number in (1, 2):
        _renders(crew, "mat_wood", tmp_path / "scratch", number)

    with crew.view() as view:
        versions = [assets.get_version(view, "mat_wood", number) for number in (1, 2)]
        found = queries.thumbnails_of_versions(view, versions)
        colors = [found[version.id].dominant_color for version in versions]

    assert colors == ["dc-30", "dc-03"]


def test_two_assets_of_the_same_bytes_in_other_roles_have_each_their_own_picture(crew: Crew, tmp_path: Path) -> None:
    red, blue = files.png(600, 300, (255, 0, 0)), files.png(500, 300, (0, 0, 255))
    crew.publishes("prp_plain", {"basecolor.png": red, "hero.png": blue})
    crew.registers("prp_posed")
    crew.drafts("prp_posed", stored("basecolor.png", red), stored("hero.png", blue, role=FileRole.THUMBNAIL))
    crew.submits("prp_posed", 1)

    for code in ("prp_plain", "prp_posed"):
        _renders(crew, code, tmp_path / "scratch")

    shown = {code: {each.path for each in _previews(crew, code)} for code in ("prp_plain", "prp_posed")}
    assert shown == {"prp_plain": {"basecolor.png"}, "prp_posed": {"hero.png"}}


def test_a_version_of_known_bytes_in_place_shows_the_known_picture_once_they_were_read(
    crew: Crew, tmp_path: Path
) -> None:
    wood = files.png(300, 200)
    (tmp_path / "wood.png").write_bytes(wood)
    crew.publishes("mat_wood", {"wood.png": wood})
    _renders(crew, "mat_wood", tmp_path / "scratch")
    crew.has_root(path=str(tmp_path))
    crew.registers("mat_twin")
    crew.drafts("mat_twin", referenced("wood.png", wood))
    crew.submits("mat_twin", 1)
    before = _previews(crew, "mat_twin")

    inspect_version(crew.workshop(tmp_path / "scratch"), _version_id(crew, "mat_twin"))

    assert before == []
    assert [each.sha256 for each in _previews(crew, "mat_twin")] == [
        each.sha256 for each in _previews(crew, "mat_wood")
    ]


def test_a_picture_is_seen_by_whoever_may_see_its_asset(crew: Crew, tmp_path: Path) -> None:
    insider = crew.joins("ina", Role.ARTIST, groups=["secret"])
    outsider = crew.joins("otto", Role.ARTIST)
    crew.registers("chr_ann", by=insider, audience=("secret",))
    crew.publishes("chr_ann", {"ann.png": files.png(300, 200)}, by=insider)
    with crew.view(insider) as view:
        version_id = assets.get_version(view, "chr_ann", 1).id
    render_previews(crew.workshop(tmp_path), version_id)
    with crew.view() as view:
        asset = assets.get_asset(view, "chr_ann")
        sha256 = queries.thumbnails_of_latest(view, [asset])[asset.id].sha256

    with crew.view(insider) as view:
        assert queries.find_preview(view, sha256) is not None
    with crew.view(outsider) as view:
        assert queries.find_preview(view, sha256) is None


def test_the_picture_of_an_open_version_is_shown_to_nobody(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("mat_wood", {"wood.png": files.png(300, 200)}, by=crew.artist)
    _renders(crew, "mat_wood", tmp_path / "scratch")
    sha256 = _previews(crew, "mat_wood")[0].sha256
    with crew.desk.bookkeeping() as session:
        version = session.get(AssetVersion, _version_id(crew, "mat_wood"))
        assert version is not None
        version.status, version.published_at = "draft", None

    with crew.view(crew.viewer) as view:
        assert queries.find_preview(view, sha256) is None


def test_whoever_only_knows_the_digests_of_a_hidden_version_does_not_get_its_picture(
    crew: Crew, tmp_path: Path
) -> None:
    insider = crew.joins("ina", Role.ARTIST, groups=["secret"])
    crew.registers("chr_ann", by=insider, audience=("secret",))
    secret = files.png(300, 200)
    crew.publishes("chr_ann", {"ann.png": secret}, by=insider)
    with crew.view(insider) as view:
        version = assets.get_version(view, "chr_ann", 1)
    render_previews(crew.workshop(tmp_path), version.id)
    with crew.view(insider) as view:
        sha256 = queries.previews_of(view, version)[0].sha256
    crew.has_root(path=str(tmp_path / "library"))
    crew.registers("prp_guess", by=crew.artist)
    guess = crew.drafts("prp_guess", referenced("ann.png", secret), by=crew.artist)
    crew.submits("prp_guess", guess.number, by=crew.artist)

    with crew.view(crew.artist) as view:
        assert queries.find_preview(view, sha256) is None
        assert queries.previews_of(view, assets.get_version(view, "prp_guess", 1)) == []


def test_an_open_version_is_not_drawn(crew: Crew, tmp_path: Path) -> None:
    crew.registers("mat_wood")
    draft = crew.drafts("mat_wood", stored("wood.png", files.png()))

    render_previews(crew.workshop(tmp_path), draft.id)

    assert list(crew.stores.derived.walk()) == []
