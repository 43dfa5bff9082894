"""Each folder of the samples, published by the command into a catalogue that runs: its files, facts and findings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.client import Client, WholeVersion
from tests.samples import NEEDS_SAMPLES, SAMPLES
from tests.surfaces.running import Catalogue, running
from tests.surfaces.serving import runs_alone

pytestmark = [pytest.mark.slow, pytest.mark.store, *NEEDS_SAMPLES]

TOLD: dict[str, dict[str, set[str]]] = {
    "exr": {"multipart.0001.exr": {"width_px", "part_count", "channel_names", "compression", "data_window"}},
    "face_expressions": {"mouthSmile_R.obj": {"vertex_count", "face_count", "triangle_count", "bounds_size"}},
    "fbx": {"maya_blend_shape_cube_7700_binary.fbx": {"blend_shape_names", "meters_per_unit", "up_axis"}},
    "hdri": {"venice_sunset_1k.hdr": {"width_px", "height_px", "pixel_type"}},
    "standard_shader_ball": {"standard_shader_ball_scene.usda": {"layer_count", "meters_per_unit"}},
    "usd": {
        "Pyramid/Pyramid.usd": {"mesh_count", "layer_count", "variant_sets"},
        "normals_texture/NormalsTextureBiasAndScale.usdz": {"mesh_count", "texture_count"},
    },
    "water_bottle": {"WaterBottle.gltf": {"vertex_count", "triangle_count", "texture_count"}},
}
"""By folder and file: some of the facts that files of its format have."""

BROKEN = {
    "damaged_141647077.exr": "damaged",
    "damaged_heap_oob.exr": "unreadable",
    "escaping_references.usda": "escaping-reference",
    "lying_length.glb": "unreadable",
    "truncated.exr": "damaged",
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with running(tmp_path_factory.mktemp("samples") / "var", "--no-demo") as catalogue:
        yield catalogue


@pytest.fixture(scope="module")
def worker(catalogue: Catalogue) -> int | None:
    """The worker's process before anything was published."""
    return catalogue.find("catalog.worker")


@pytest.fixture(scope="module")
def published(
    catalogue: Catalogue, worker: int | None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, WholeVersion]:
    """Every folder, published by one command each, once all of them are measured and pictured."""
    data = ("--data", str(catalogue.folder), "--kind", "prop", "--format", "json")
    folders = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
    for wait in ((), ("--wait",)):  # all are sent first, so that no worker waits
        for folder in folders:
            ended = runs_alone("assets", "publish", str(folder), "--code", f"prp_{folder.name}", *data, *wait)
            assert ended.exit_code == 0, ended.stderr
            assert json.loads(ended.stdout)["outcome"] == ("unchanged" if wait else "published")
    with Client(catalogue.announced["url"], catalogue.announced["token"]) as client:
        return {folder.name: client.versions.get(f"prp_{folder.name}", 1) for folder in folders}


@pytest.mark.parametrize("folder", [*TOLD, "broken"])
def test_a_folder_of_samples_is_published_whole(published: dict[str, WholeVersion], folder: str) -> None:
    there = {path.relative_to(SAMPLES / folder) for path in (SAMPLES / folder).rglob("*") if path.is_file()}

    version = published[folder]

    assert {Path(file.path) for file in version.files} == {path for path in there if path.name != ".gitignore"}
    assert (version.status, version.pending) == ("published", [])


@pytest.mark.parametrize("folder", TOLD)
def test_samples_of_each_format_are_measured_and_pictured(published: dict[str, WholeVersion], folder: str) -> None:
    version = published[folder]

    for path, wanted in TOLD[folder].items():
        assert wanted - {fact.key for fact in version.facts if fact.path == path} == set()
    assert {preview.derivative for preview in version.previews} >= {"thumbnail-240"}


def test_broken_samples_say_what_is_wrong_and_cost_no_worker(
    catalogue: Catalogue, worker: int | None, published: dict[str, WholeVersion]
) -> None:
    status, listed = catalogue.get("/api/v1/jobs?state=dead")

    assert (status, json.loads(listed)["items"]) == (200, [])
    assert catalogue.find("catalog.worker") == worker is not None
    found = {(one.path, one.code) for one in published["broken"].findings}
    assert set(BROKEN.items()) - found == set()
    assert all(one.message for one in published["broken"].findings)
