"""The demo studio: what it is made of is sound, by the judges that its users have."""

import json
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
import pytest

from catalog.app.demo import skies
from catalog.app.demo.asset import DemoAsset, Files
from catalog.app.demo.library import ASSETS
from catalog.assets.vocabulary import CODE_PREFIXES, Kind
from tests.judges import gltf_faults

BYTES_MAX = 150_000_000


@pytest.fixture(scope="module")
def made() -> Callable[[str], list[Files]]:
    """The files of every version of an asset, which are made once."""
    return cache(lambda code: [one.files() for asset in ASSETS if asset.code == code for one in asset.releases])


def _written(files: Files, folder: Path) -> list[Path]:
    """The files in a folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return [folder / path for path in files]


def test_each_asset_has_a_code_of_its_own_and_what_it_is_related_to_comes_before_it() -> None:
    seen: list[str] = []
    for asset in ASSETS:
        assert asset.code not in seen
        assert [link.target for link in asset.links if link.target not in seen] == []
        seen.append(asset.code)

    assert len(seen) == 60


def test_each_code_begins_as_codes_of_its_kind_do_by_convention() -> None:
    assert [asset.code for asset in ASSETS if not asset.code.startswith(CODE_PREFIXES[Kind(asset.kind)])] == []


def test_people_are_said_to_be_invented() -> None:
    named = [asset.name for asset in ASSETS if asset.kind in ("digital_double", "crowd")]

    assert [name for name in named if "(invented)" not in name] == []


def test_every_kind_of_asset_is_there_and_some_are_of_the_private_show() -> None:
    assert {asset.kind for asset in ASSETS} == set(Kind)
    assert {asset.show for asset in ASSETS} == {"lantern", "orbit"}


def _packed(files: Files, name: str) -> dict[str, Any]:
    """The document of a GLB."""
    (length,) = struct.unpack("<I", files[name][12:16])
    document: dict[str, Any] = json.loads(files[name][20 : 20 + length])
    return document


def _latest(code: str) -> Files:
    return next(asset for asset in ASSETS if asset.code == code).releases[-1].files()


def test_the_creature_has_a_skeleton_and_walks() -> None:
    creature = _packed(_latest("crt_dockStrider"), "rig/dockStrider_walk.glb")

    assert [one["name"] for one in creature["animations"]] == ["walk"]
    assert len(creature["skins"][0]["joints"]) > 10


def test_the_head_has_named_blend_shapes() -> None:
    head = _packed(_latest("chr_linXiao"), "geo/linXiao_bust.glb")

    (names,) = (mesh["extras"]["targetNames"] for mesh in head["meshes"] if "extras" in mesh)
    assert len(names) == len(set(names)) == 11


def test_the_fire_has_its_layers_in_one_openexr(tmp_path: Path) -> None:
    (picture,) = (path for path in _written(_latest("fx_fireLantern"), tmp_path) if path.suffix == ".exr")

    layers = {name.partition(".")[0] for name in oiio.ImageBuf(str(picture)).spec().channelnames}

    assert layers == {"R", "G", "B", "A", "Z", "emission", "glow", "smoke"}


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.code)
def test_every_file_of_an_asset_passes_its_validator(
    asset: DemoAsset, made: Callable[[str], list[Files]], tmp_path: Path
) -> None:
    written = [
        path for number, files in enumerate(made(asset.code), 1) for path in _written(files, tmp_path / str(number))
    ]

    assert written
    assert _faults_of_scenes([path for path in written if path.suffix in (".usda", ".usdc", ".usd")]) == []
    assert gltf_faults([path for path in written if path.suffix in (".glb", ".gltf")]) == []


def test_all_of_it_is_small(made: Callable[[str], list[Files]]) -> None:
    contents = {content for asset in ASSETS for files in made(asset.code) for content in files.values()}

    assert sum(len(content) for content in contents) <= BYTES_MAX * 0.8  # the rest is for its pictures


def _faults_of_scenes(scenes: list[Path]) -> list[str]:
    from pxr import Usd, UsdValidation  # noqa: PLC0415 — heavy, and only here

    context = UsdValidation.ValidationContext(UsdValidation.ValidationRegistry().GetOrLoadAllValidators())
    return [error.GetErrorAsString() for scene in scenes for error in context.Validate(Usd.Stage.Open(str(scene)))]


def test_a_sky_is_unclipped_light_and_twice_as_wide_as_high() -> None:
    (picture,) = skies.overcast().values()

    assert picture.startswith(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 512 +X 1024\n")
