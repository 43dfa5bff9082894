"""What makers make of models, in real children."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from catalog.media.asking import Bench
from catalog.media.children import ChildFailed
from catalog.media.choice import Candidate
from catalog.media.layout import Layout
from catalog.media.makers.table import MAKERS
from catalog.media.making import Finished, make
from catalog.media.vocabulary import DERIVATIVES, PreviewKind
from tests import files
from tests.rooms.media.looking import lay
from tests.rooms.media.test_anatomy import GROWING, LEG


def _made(bench: Bench, kind: PreviewKind, folder: Path, name: str, content: bytes) -> list[Finished]:
    maker = next(each for each in MAKERS if each.kind is kind)
    return make(maker, Layout(folder=lay(folder, {name: content})), (name,), on=bench)


def _picture(finished: Finished) -> Image.Image:
    return Image.open(io.BytesIO(finished.content)).convert("RGB")


def _colors(picture: Image.Image, *, near: tuple[int, int, int]) -> int:
    """How many pixels are about of this color."""
    return sum(
        count
        for count, color in picture.getcolors(picture.width * picture.height) or ()
        if isinstance(color, tuple) and all(abs(have - want) < 40 for have, want in zip(color, near, strict=True))
    )


def test_every_kind_but_thumbnails_has_one_maker() -> None:
    assert sorted(each.kind for each in MAKERS) == sorted(set(DERIVATIVES) - {PreviewKind.THUMBNAIL})


def test_a_wireframe_shows_the_edges_of_faces(bench: Bench, tmp_path: Path) -> None:
    (made,) = _made(bench, PreviewKind.WIREFRAME, tmp_path, "box.glb", files.glb())

    dark = _colors(_picture(made), near=(10, 5, 5))
    assert (made.made.width_px, made.made.height_px, dark > 500) == (960, 720, True)


@pytest.mark.parametrize("name, content", [("box.glb", files.glb()), ("box.ply", files.ply(colors=True))])
def test_a_wireframe_is_of_clay_whatever_the_model_is_made_of(
    bench: Bench, tmp_path: Path, name: str, content: bytes
) -> None:
    if bench.studio() is None:
        pytest.skip("no EGL library is installed here, and what is drawn by hand has no colors")

    (made,) = _made(bench, PreviewKind.WIREFRAME, tmp_path, name, content)

    red, green, blue = _picture(made).crop((320, 240, 640, 480)).split()
    apart = [ImageChops.difference(red, other).histogram() for other in (green, blue)]
    assert sum(sum(counts[40:]) for counts in apart) == 0


def test_without_a_renderer_a_wireframe_is_drawn_by_hand(blind_bench: Bench, tmp_path: Path) -> None:
    (made,) = _made(blind_bench, PreviewKind.WIREFRAME, tmp_path, "box.obj", files.obj())

    assert made.made.tool.startswith("reprise ")
    assert _colors(_picture(made), near=(120, 120, 117)) > 1000


def test_without_a_renderer_a_turntable_is_drawn_by_hand(blind_bench: Bench, tmp_path: Path) -> None:
    made = _made(blind_bench, PreviewKind.TURNTABLE, tmp_path, "box.obj", files.obj())

    assert [each.made.derivative for each in made] == ["turntable-strip", "turntable-video"]
    assert {each.made.caption for each in made} == {"shape only: this server has no renderer"}


def test_blend_shapes_are_told_by_name_and_what_moves_is_marked(bench: Bench, tmp_path: Path) -> None:
    named = {**GROWING, "extras": {"targetNames": ["grow"]}}

    (made,) = _made(bench, PreviewKind.BLEND_SHAPES, tmp_path, "box.glb", files.glb(meshes=[named]))

    left, right = (_picture(made).crop((at, 0, at + 700, 700)) for at in (0, 720))
    assert made.made.caption == "1 blend shape at full weight"
    assert (_colors(left, near=(170, 100, 60)), _colors(right, near=(170, 100, 60)) > 1000) == (0, True)


def test_a_skeleton_is_drawn_over_the_body(bench: Bench, tmp_path: Path) -> None:
    (made,) = _made(bench, PreviewKind.SKELETON, tmp_path, "leg.glb", files.glb(**LEG))

    assert made.made.caption == "2 joints"
    assert _colors(_picture(made), near=(0x6C, 0xB2, 0xFF)) > 100


@pytest.mark.parametrize(
    "kind, why",
    [(PreviewKind.BLEND_SHAPES, "it has no blend shapes"), (PreviewKind.SKELETON, "it has no skeleton")],
)
def test_what_a_model_lacks_is_said(bench: Bench, tmp_path: Path, kind: PreviewKind, why: str) -> None:
    with pytest.raises(ChildFailed, match=why):
        _made(bench, kind, tmp_path, "box.glb", files.glb())


def test_only_formats_whose_joints_are_read_are_asked_for_them() -> None:
    maker = next(each for each in MAKERS if each.kind is PreviewKind.SKELETON)
    offered = [Candidate(path=path, role="model", size_bytes=9) for path in ("a.obj", "b.glb", "c.png", "d.usda")]

    assert maker.choose(offered) == [("d.usda",), ("b.glb",)]
