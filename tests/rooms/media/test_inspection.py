"""The job that measures a version."""

from pathlib import Path

from PIL import Image, ImageCms
from sqlalchemy import delete

from catalog.assets import queries as assets
from catalog.media import queries
from catalog.media.inspection import inspect_version
from catalog.media.models import Measurement
from catalog.media.refilling import count_unmeasured
from tests import files
from tests.crew import Crew, referenced, stored


def _inspects(crew: Crew, code: str, folder: Path, number: int = 1) -> None:
    with crew.view() as view:
        version_id = assets.get_version(view, code, number).id
    folder.mkdir(exist_ok=True)
    inspect_version(crew.workshop(folder), version_id)


def _facts(crew: Crew, code: str, number: int = 1) -> dict[tuple[str, str], object]:
    with crew.view() as view:
        found = queries.facts_of(view, assets.get_version(view, code, number))
    return {(fact.path, fact.key): fact.value for fact in found}


def _refers(crew: Crew, code: str, library: Path, contents: dict[str, bytes]) -> None:
    """Publish a version of files that lie under a root."""
    library.mkdir()
    for path, content in contents.items():
        (library / path).write_bytes(content)
    crew.has_root(path=str(library))
    crew.registers(code)
    draft = crew.drafts(code, *(referenced(path, content) for path, content in contents.items()))
    crew.submits(code, draft.number)


def _found(crew: Crew, code: str) -> dict[str, tuple[str, bool]]:
    """The state of each file of a version, and whether a worker has looked."""
    with crew.view() as view:
        found = assets.files_of(view, assets.get_version(view, code, 1).id)
    return {file.path: (file.state, file.checked_at is not None) for file in found}


def _findings(crew: Crew, code: str) -> list[tuple[str, str]]:
    with crew.view() as view:
        found = queries.findings_of(view, assets.get_version(view, code, 1))
    return sorted((finding.path, finding.code) for finding in found)


def test_every_file_of_a_version_is_measured(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"geo/box.glb": files.glb(), "maps/wood.png": files.png(64, 32), "notes.md": b"# Box"})

    _inspects(crew, "prp_box", tmp_path / "scratch")

    found = _facts(crew, "prp_box")
    assert found["geo/box.glb", "triangle_count"] == 12
    assert found["maps/wood.png", "width_px"] == 64
    assert found["notes.md", "media_type"] == "text/markdown"


def test_the_end_of_an_inspection_stands_in_the_ledger_with_what_was_found(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"box.exr": files.png(), "empty.png": b"", "lost.obj": files.obj(library="gone.mtl")})

    _inspects(crew, "prp_box", tmp_path / "scratch")

    (entry,) = crew.entries("version.inspected")
    assert entry.values is not None
    assert entry.values["findings"] == ["empty", "extension-lies", "missing-reference"]


def test_the_same_bytes_are_measured_once_for_all_versions(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"wood.png": files.png(64, 32)})
    _inspects(crew, "prp_box", tmp_path / "scratch")
    with crew.view() as view:
        first = queries.facts_of(view, assets.get_version(view, "prp_box", 1))[0].measured_at
    crew.publishes("prp_box", {"wood.png": files.png(64, 32), "more.txt": b"more"})

    _inspects(crew, "prp_box", tmp_path / "scratch", 2)

    with crew.view() as view:
        again = {fact.path: fact.measured_at for fact in queries.facts_of(view, assets.get_version(view, "prp_box", 2))}
    assert again["wood.png"] == first
    assert again["more.txt"] > first


def test_the_same_bytes_are_colors_or_data_as_their_names_say(crew: Crew, tmp_path: Path) -> None:
    flat = files.png(64, 32, (128, 128, 255))
    crew.publishes("mat_wood", {"wood.png": flat, "wood_normal.png": flat})

    _inspects(crew, "mat_wood", tmp_path / "scratch")

    found = _facts(crew, "mat_wood")
    assert found["wood.png", "color_space"] == "srgb_rec709_scene"
    assert found["wood_normal.png", "color_space"] == "data"


def test_a_tag_says_more_than_a_name(crew: Crew, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("RGB", (8, 8)).save(tmp_path / "tagged.png", icc_profile=profile)
    crew.publishes("mat_wood", {"wood_normal.png": (tmp_path / "tagged.png").read_bytes()})

    _inspects(crew, "mat_wood", tmp_path / "scratch")

    assert _facts(crew, "mat_wood")["wood_normal.png", "color_space"] == "srgb_rec709_scene"


def test_a_scene_is_measured_anew_with_every_tree_that_it_stands_in(crew: Crew, tmp_path: Path) -> None:
    scene = files.usda(body='def "A" (references = @./part.usda@) {}')
    crew.publishes("env_set", {"scene.usda": scene})
    crew.publishes("env_set", {"scene.usda": scene, "part.usda": files.usda()})

    _inspects(crew, "env_set", tmp_path / "scratch", 1)
    _inspects(crew, "env_set", tmp_path / "scratch", 2)

    assert _facts(crew, "env_set", 1)["scene.usda", "triangle_count"] == 0
    assert _facts(crew, "env_set", 2)["scene.usda", "triangle_count"] == 12
    assert _findings(crew, "env_set") == [("scene.usda", "missing-reference")]


def test_scenes_too_large_to_be_laid_out_are_kept_as_measured_with_a_finding(crew: Crew, tmp_path: Path) -> None:
    small, large = files.usda(), files.usda(body="# " + 5000 * "x")
    crew.publishes("env_set", {"small.usda": small, "large.usda": large})
    with crew.view() as view:
        version_id = assets.get_version(view, "env_set", 1).id

    inspect_version(crew.workshop(tmp_path), version_id, largest_tree_bytes=len(small))

    assert _findings(crew, "env_set") == [("large.usda", "reader-failed")]
    assert _facts(crew, "env_set")["small.usda", "triangle_count"] == 12
    assert count_unmeasured(crew.desk, site="main") == 0


def test_a_second_inspection_changes_nothing(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"box.glb": files.glb(), "wood.png": files.png()})
    _inspects(crew, "prp_box", tmp_path / "scratch")
    before = _facts(crew, "prp_box")

    _inspects(crew, "prp_box", tmp_path / "scratch")

    assert _facts(crew, "prp_box") == before


def test_one_hostile_file_does_not_keep_the_others_from_being_measured(crew: Crew, tmp_path: Path) -> None:
    crew.publishes(
        "prp_box", {"bomb.png": files.png_bomb(), "cut.glb": files.glb()[:70], "wood.png": files.png(64, 32)}
    )

    _inspects(crew, "prp_box", tmp_path / "scratch")

    assert _facts(crew, "prp_box")["wood.png", "width_px"] == 64
    assert _findings(crew, "prp_box") == [
        ("bomb.png", "unreadable"),
        ("cut.glb", "damaged"),
        ("cut.glb", "unreadable"),
    ]


def test_referenced_files_are_read_where_they_lie_and_compared(crew: Crew, tmp_path: Path) -> None:
    library = tmp_path / "library"
    _refers(crew, "prp_box", library, {"wood.png": files.png(64, 32), "changed.png": files.png(), "gone.png": b"gone"})
    (library / "changed.png").write_bytes(files.png(8, 8, (1, 1, 1)))
    (library / "gone.png").unlink()

    _inspects(crew, "prp_box", tmp_path / "scratch")

    assert _found(crew, "prp_box") == {
        "changed.png": ("changed", True),
        "gone.png": ("missing", True),
        "wood.png": ("online", True),
    }
    assert _facts(crew, "prp_box")["wood.png", "width_px"] == 64
    assert ("changed.png", "width_px") not in _facts(crew, "prp_box")


def test_referenced_files_are_read_although_their_bytes_are_known(crew: Crew, tmp_path: Path) -> None:
    contents = {"box.glb": files.glb(), "copy.png": files.png(64, 32), "wood.png": files.png(64, 32), "no.txt": b"no"}
    crew.publishes("prp_box", contents)
    _inspects(crew, "prp_box", tmp_path / "scratch")
    _refers(crew, "prp_twin", tmp_path / "library", contents)
    (tmp_path / "library" / "no.txt").unlink()

    _inspects(crew, "prp_twin", tmp_path / "scratch")

    assert _found(crew, "prp_twin") == {
        "box.glb": ("online", True),
        "copy.png": ("online", True),
        "no.txt": ("missing", True),
        "wood.png": ("online", True),
    }
    told = _facts(crew, "prp_box")
    assert _facts(crew, "prp_twin") == {key: value for key, value in told.items() if key[0] != "no.txt"}


def test_a_referenced_file_that_came_back_is_read_by_the_next_inspection(crew: Crew, tmp_path: Path) -> None:
    crew.publishes("prp_box", {"wood.png": files.png(64, 32)})
    _inspects(crew, "prp_box", tmp_path / "scratch")
    _refers(crew, "prp_twin", tmp_path / "library", {"wood.png": files.png(64, 32)})
    (tmp_path / "library" / "other.png").write_bytes(b"so that the library is seen")
    (tmp_path / "library" / "wood.png").rename(tmp_path / "wood.png")
    _inspects(crew, "prp_twin", tmp_path / "scratch")
    gone = _found(crew, "prp_twin")
    (tmp_path / "wood.png").rename(tmp_path / "library" / "wood.png")

    _inspects(crew, "prp_twin", tmp_path / "scratch")

    assert gone == {"wood.png": ("missing", True)}
    assert _found(crew, "prp_twin") == {"wood.png": ("online", True)}


def test_of_a_library_that_is_not_mounted_nothing_is_noted(crew: Crew, tmp_path: Path) -> None:
    library = tmp_path / "library"
    _refers(crew, "prp_box", library, {"box.usda": files.usda(), "wood.png": files.png(64, 32)})
    library.rename(tmp_path / "elsewhere")
    library.mkdir()
    _inspects(crew, "prp_box", tmp_path / "scratch")
    unmounted = _found(crew, "prp_box")
    library.rmdir()
    (tmp_path / "elsewhere").rename(library)

    _inspects(crew, "prp_box", tmp_path / "scratch")

    assert unmounted == dict.fromkeys(("box.usda", "wood.png"), ("online", False))
    assert _found(crew, "prp_box") == dict.fromkeys(("box.usda", "wood.png"), ("online", True))
    assert _facts(crew, "prp_box")["wood.png", "width_px"] == 64


def test_a_file_that_was_read_stays_so_while_its_library_is_not_mounted(crew: Crew, tmp_path: Path) -> None:
    library = tmp_path / "library"
    _refers(crew, "prp_box", library, {"wood.png": files.png(64, 32)})
    _inspects(crew, "prp_box", tmp_path / "scratch")
    with crew.desk.bookkeeping() as session:
        session.execute(delete(Measurement))
    library.rename(tmp_path / "elsewhere")

    _inspects(crew, "prp_box", tmp_path / "scratch")

    assert _found(crew, "prp_box") == {"wood.png": ("online", True)}


def test_a_file_that_leads_out_of_its_root_is_missing(crew: Crew, tmp_path: Path) -> None:
    library = tmp_path / "library"
    _refers(crew, "prp_box", library, {"wood.png": files.png()})
    (library / "wood.png").rename(tmp_path / "outside.png")
    (library / "wood.png").symlink_to(tmp_path / "outside.png")

    _inspects(crew, "prp_box", tmp_path / "scratch")

    assert _found(crew, "prp_box") == {"wood.png": ("missing", True)}


def test_an_open_version_is_not_measured(crew: Crew, tmp_path: Path) -> None:
    crew.registers("prp_box")

    draft = crew.drafts("prp_box", stored("a.png", files.png()))

    inspect_version(crew.workshop(tmp_path), draft.id)

    assert crew.entries("version.inspected") == []
