"""The demo studio: what it is made of is sound, by the judges that its users have."""

from pathlib import Path

import pytest

from catalog.app.demo import skies
from catalog.app.demo.asset import DemoAsset, Files
from catalog.app.demo.library import ASSETS
from tests.judges import gltf_faults


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


def test_people_are_said_to_be_invented() -> None:
    named = [asset.name for asset in ASSETS if asset.kind in ("digital_double", "crowd")]

    assert [name for name in named if "(invented)" not in name] == []


@pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.code)
def test_every_file_of_an_asset_passes_its_validator(asset: DemoAsset, tmp_path: Path) -> None:
    written = [
        path
        for number, release in enumerate(asset.releases, 1)
        for path in _written(release.files(), tmp_path / str(number))
    ]

    assert written
    assert _faults_of_scenes([path for path in written if path.suffix in (".usda", ".usdc", ".usd")]) == []
    assert gltf_faults([path for path in written if path.suffix in (".glb", ".gltf")]) == []


def _faults_of_scenes(scenes: list[Path]) -> list[str]:
    from pxr import Usd, UsdValidation  # noqa: PLC0415 — heavy, and only here

    context = UsdValidation.ValidationContext(UsdValidation.ValidationRegistry().GetOrLoadAllValidators())
    return [error.GetErrorAsString() for scene in scenes for error in context.Validate(Usd.Stage.Open(str(scene)))]


def test_a_sky_is_unclipped_light_and_twice_as_wide_as_high() -> None:
    (picture,) = skies.overcast().values()

    assert picture.startswith(b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 512 +X 1024\n")
