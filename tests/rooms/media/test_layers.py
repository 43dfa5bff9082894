"""Which layers a picture of many channels holds."""

from catalog.media.layers import Layer, LayerKind, Part, layers_of


def _named(*channels: str) -> list[tuple[str, str]]:
    return [(layer.name, layer.kind.value) for layer in layers_of([Part(name="0", channels=channels)])]


def test_plain_colors_are_one_layer() -> None:
    assert _named("B", "G", "R") == [("RGB", "color")]


def test_the_channels_of_a_layer_are_in_the_order_of_their_meaning() -> None:
    (layer,) = layers_of([Part(name="0", channels=("diffuse.B", "diffuse.G", "diffuse.R"))])

    assert layer == Layer(part=0, name="diffuse", kind=LayerKind.COLOR, channels=(2, 1, 0))


def test_the_alpha_of_the_beauty_is_a_layer_and_those_of_others_are_not() -> None:
    channels = ("A", "B", "G", "R", "spec.A", "spec.B", "spec.G", "spec.R")

    assert _named(*channels) == [("RGB", "color"), ("A", "alpha"), ("spec", "color")]


def test_depths_masks_and_identifiers_are_told_apart() -> None:
    assert _named("Z", "depth.Z", "mask.R", "id", "Y") == [
        ("Z", "depth"),
        ("id", "identifier"),
        ("Y", "luminance"),
        ("depth.Z", "depth"),
        ("mask.R", "value"),
    ]


def test_directions_are_vectors_whatever_their_channels_are_called() -> None:
    channels = (
        "N.X",
        "N.Y",
        "N.Z",
        "ViewLayer.Normal.R",
        "ViewLayer.Normal.G",
        "ViewLayer.Normal.B",
        "flow.u",
        "flow.v",
    )

    assert _named(*channels) == [("N", "vector"), ("ViewLayer.Normal", "vector"), ("flow", "vector")]


def test_of_a_cryptomatte_the_first_rank_is_shown() -> None:
    channels = [f"crypto_object{rank}.{each}" for rank in ("00", "01", "02") for each in "rgba"]

    (layer,) = layers_of([Part(name="0", channels=channels)])

    assert layer == Layer(part=0, name="crypto_object", kind=LayerKind.CRYPTOMATTE, channels=(0, 1, 2, 3))


def test_parts_give_their_layers_their_names() -> None:
    parts = [
        Part(name="rgba_left", channels=("R", "G", "B", "A")),
        Part(name="depth", channels=("Z",)),
        Part(name="spec", channels=("spec.R", "spec.G", "spec.B", "spec_mask.V")),
    ]

    assert [(layer.part, layer.name) for layer in layers_of(parts)] == [
        (0, "rgba_left RGB"),
        (0, "rgba_left A"),
        (1, "depth"),
        (2, "spec"),
        (2, "spec_mask.V"),
    ]
