"""Which file of a version gives its picture."""

import random

from catalog.media.choice import Candidate, candidates


def _first(*files: tuple[str, str, int] | tuple[str, str]) -> str:
    made = [Candidate(path=path, role=role, size_bytes=size[0] if size else 1000) for path, role, *size in files]
    return candidates(made)[0].path


def test_a_supplied_thumbnail_wins_over_everything() -> None:
    assert _first(("ann.usd", "model"), ("tt.png", "turntable"), ("shot.jpg", "thumbnail")) == "shot.jpg"


def test_a_supplied_preview_wins_over_a_model() -> None:
    assert _first(("ann.usd", "model"), ("best.png", "preview")) == "best.png"


def test_a_supplied_turntable_wins_over_a_model() -> None:
    assert _first(("ann.usd", "model"), ("turn.mov", "turntable")) == "turn.mov"


def test_a_film_is_the_last_to_be_shown() -> None:
    assert _first(("walk.mp4", "source"), ("notes.png", "doc", 90)) == "notes.png"
    assert _first(("walk.mp4", "source"), ("walk.bvh", "source")) == "walk.mp4"


def test_of_several_thumbnails_the_one_of_the_whole_asset_wins() -> None:
    chosen = _first(("layers/thumbnails/camera.png", "thumbnail", 90_000), ("thumbnails/ball.png", "thumbnail", 20_000))

    assert chosen == "thumbnails/ball.png"


def test_models_are_preferred_by_what_they_can_show() -> None:
    files = [(f"a.{extension}", "model") for extension in ("stl", "ply", "obj", "abc", "fbx", "gltf", "glb", "usd")]

    assert _first(*files) == "a.usd"
    assert _first(*files[:-1]) == "a.glb"
    assert _first(*files[:-2]) == "a.gltf"
    assert _first(*files[:-3]) == "a.fbx"
    assert _first(*files[:-4]) == "a.abc"
    assert _first(*files[:-5]) == "a.obj"
    assert _first(*files[:-6]) == "a.ply"


def test_a_model_wins_over_pictures() -> None:
    assert _first(("maps/wood.exr", "texture_set", 90_000_000), ("wood.stl", "model", 500)) == "wood.stl"


def test_a_package_is_entered_at_its_root() -> None:
    chosen = _first(
        ("Pyramid/geo.usda", "model"),
        ("Pyramid/mtl.usda", "look"),
        ("Pyramid/payload.usda", "model"),
        ("Pyramid/Pyramid.usd", "model"),
    )

    assert chosen == "Pyramid/Pyramid.usd"


def test_the_shallowest_layer_is_the_root() -> None:
    assert _first(("layers/ball.usda", "model"), ("scene.usda", "model"), ("geo/subdiv.usda", "model")) == "scene.usda"


def test_a_stand_in_is_the_last_model_to_be_shown() -> None:
    assert _first(("proxy.usd", "proxy"), ("hero.obj", "model")) == "hero.obj"


def test_of_pictures_the_largest_color_map_wins() -> None:
    chosen = _first(
        ("maps/wood_normal.png", "texture_set", 9_000_000),
        ("maps/wood_basecolor.png", "texture_set", 2_000_000),
        ("maps/wood_roughness.png", "texture_set", 8_000_000),
    )

    assert chosen == "maps/wood_basecolor.png"


def test_what_cannot_be_drawn_is_no_candidate() -> None:
    files = [Candidate(path=path, role="source", size_bytes=100) for path in ("a.ma", "b.wav", "c.txt", "d")]

    assert candidates([*files, Candidate(path="empty.png", role="texture_set", size_bytes=0)]) == []


def test_the_order_of_the_files_does_not_matter() -> None:
    files = [Candidate(path=f"maps/{name}.png", role="texture_set", size_bytes=500) for name in "hgfedcba"]
    expected = candidates(files)

    for seed in range(5):
        shuffled = files.copy()
        random.Random(seed).shuffle(shuffled)
        assert candidates(shuffled) == expected
