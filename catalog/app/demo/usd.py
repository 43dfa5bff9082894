"""Writes USD as text: components with UsdPreviewSurface materials, and assemblies that refer to components."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from catalog.app.demo.shapes import Array, Look, Part, Vector

_HEAD = """#usda 1.0
(
    defaultPrim = "{name}"
    doc = "Invented for the demo studio of Reprise"
    metersPerUnit = 1
    upAxis = "Y"
)
"""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """A reference to a component: where it stands, turned about Y in degrees, and its scale."""

    name: str
    layer: str
    at: Vector
    turn: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """One component many times: a point instancer."""

    name: str
    layer: str
    at: Array
    turns: Array
    scales: Array


@dataclass(frozen=True, kw_only=True)
class Textures:
    """Paths of a look's pictures, from the layer that names them."""

    color: str
    normal: str
    rough: str
    repeat: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Strands: points one strand after another, how many each has, widths at each point, a color for each strand."""

    points: Array
    counts: npt.NDArray[np.int64]
    widths: Array
    colors: Array
    look: Look = field(default_factory=lambda: Look(name="hair", color=(0.05, 0.03, 0.02), roughness=0.35))


def name_of(text: str) -> str:
    """The text as a prim's name."""
    clean = re.sub(r"\W", "_", text)
    return clean if clean[:1].isalpha() else f"_{clean}"


def component(name: str, parts: Sequence[Part], textures: dict[str, Textures] | None = None) -> bytes:
    """A model of one or more meshes. ``textures`` by the name of a look."""
    looks = {part.look.name: part.look for part in parts}
    tinted = {part.look.name for part in parts if part.mesh.colors is not None}
    body = [
        _material(
            f"/{name}/mtl/{name_of(look.name)}", look, (textures or {}).get(look.name), tinted=look.name in tinted
        )
        for look in looks.values()
    ]
    meshes = [_mesh(name, part) for part in parts]
    return _model(name, "component", _scope("mtl", body) + "\n" + _xform("geo", meshes))


def strands(name: str, curves: Curves, parts: Sequence[Part] = ()) -> bytes:
    """A groom: cubic curves and the surface that they grow on."""
    material = _material(f"/{name}/mtl/{curves.look.name}", curves.look, None, tinted=True)
    looks = {part.look.name: part.look for part in parts}
    body = [material, *(_material(f"/{name}/mtl/{name_of(look.name)}", look, None) for look in looks.values())]
    low, high = curves.points.min(axis=0) - 0.01, curves.points.max(axis=0) + 0.01
    hair = f"""def BasisCurves "strands" (
    prepend apiSchemas = ["MaterialBindingAPI"]
)
{{
    uniform token basis = "catmullRom"
    int[] curveVertexCounts = {_numbers(curves.counts)}
    float3[] extent = {_rows(np.array([low, high]))}
    rel material:binding = </{name}/mtl/{curves.look.name}>
    point3f[] points = {_rows(curves.points)}
    color3f[] primvars:displayColor = {_rows(curves.colors)} (
        interpolation = "uniform"
    )
    uniform token type = "cubic"
    float[] widths = {_numbers(curves.widths, "%.5g")} (
        interpolation = "vertex"
    )
    uniform token wrap = "pinned"
}}
"""
    return _model(
        name, "component", _scope("mtl", body) + "\n" + _xform("geo", [hair, *(_mesh(name, p) for p in parts)])
    )


def assembly(name: str, placements: Sequence[Placement], scatters: Sequence[Scatter] = ()) -> bytes:
    """A set: components by reference where they stand, and the many by point instancer."""
    placed = [_reference(placement) for placement in placements]
    return _model(name, "assembly", _xform("set", [*placed, *(_scatter(name, one) for one in scatters)], kind="group"))


def material(name: str, look: Look, textures: Textures) -> bytes:
    """A layer of one material, to be referred to."""
    return (_HEAD.format(name=name) + "\n" + _material(f"/{name}", look, textures)).encode()


def _model(name: str, kind: str, body: str) -> bytes:
    info = f'\n    assetInfo = {{\n        asset identifier = @./{name}.usda@\n        string name = "{name}"\n    }}'
    return (
        _HEAD.format(name=name) + f'\ndef Xform "{name}" ({info}\n    kind = "{kind}"\n)\n{{\n{_indented(body)}}}\n'
    ).encode()


def _scope(name: str, bodies: Iterable[str]) -> str:
    return f'def Scope "{name}"\n{{\n{_indented(chr(10).join(bodies))}}}\n'


def _xform(name: str, bodies: Iterable[str], kind: str = "") -> str:
    said = f' (\n    kind = "{kind}"\n)' if kind else ""
    return f'def Xform "{name}"{said}\n{{\n{_indented(chr(10).join(bodies))}}}\n'


def _reference(one: Placement) -> str:
    return f"""def Xform "{one.name}" (
    prepend references = @{one.layer}@
)
{{
    float xformOp:rotateY = {one.turn:.4g}
    float3 xformOp:scale = ({one.scale:.4g}, {one.scale:.4g}, {one.scale:.4g})
    double3 xformOp:translate = ({one.at[0]:.5g}, {one.at[1]:.5g}, {one.at[2]:.5g})
    uniform token[] xformOpOrder = ["xformOp:translate", "xformOp:rotateY", "xformOp:scale"]
}}
"""


def _scatter(name: str, one: Scatter) -> str:
    half = np.radians(one.turns) / 2
    turns = ", ".join(f"({np.cos(a):.4f}, 0, {np.sin(a):.4f}, 0)" for a in half)
    scales = _rows(np.repeat(one.scales[:, None], 3, axis=1))
    low, high = one.at.min(axis=0) - 12, one.at.max(axis=0) + 12
    return f"""def PointInstancer "{one.name}"
{{
    float3[] extent = {_rows(np.array([low, high]))}
    quath[] orientations = [{turns}]
    point3f[] positions = {_rows(one.at)}
    int[] protoIndices = {_numbers(np.zeros(len(one.at), np.int64))}
    rel prototypes = </{name}/set/{one.name}/prototype>
    float3[] scales = {scales}

    def Xform "prototype" (
        prepend references = @{one.layer}@
    )
    {{
    }}
}}
"""


def _mesh(model: str, part: Part) -> str:
    mesh = part.mesh
    extent = _rows(np.array([mesh.points.min(axis=0), mesh.points.max(axis=0)]))
    uv = np.empty((0, 2)) if mesh.uv is None else mesh.uv * [1, -1] + [0, 1]
    st = f'    texCoord2f[] primvars:st = {_rows(uv)} (\n        interpolation = "vertex"\n    )\n' if len(uv) else ""
    tint = (
        f'{_rows(mesh.colors)} (\n        interpolation = "vertex"\n    )'
        if mesh.colors is not None
        else f"[{_tuple(part.look.color)}]"
    )
    sides = "    uniform bool doubleSided = 1\n" if part.look.double_sided else ""
    return f"""def Mesh "{name_of(part.name)}" (
    prepend apiSchemas = ["MaterialBindingAPI"]
)
{{
{sides}    float3[] extent = {extent}
    int[] faceVertexCounts = {_numbers(np.full(len(mesh.faces), 3))}
    int[] faceVertexIndices = {_numbers(mesh.faces.ravel())}
    rel material:binding = </{model}/mtl/{name_of(part.look.name)}>
    normal3f[] normals = {_rows(mesh.normals, "%.3f")} (
        interpolation = "vertex"
    )
    point3f[] points = {_rows(mesh.points)}
    color3f[] primvars:displayColor = {tint}
{st}    uniform token subdivisionScheme = "none"
}}
"""


def _material(path: str, look: Look, textures: Textures | None, *, tinted: bool = False) -> str:
    name = path.rpartition("/")[2]
    inputs = [
        f"float inputs:opacity = {look.opacity:g}",
        f"color3f inputs:emissiveColor = {_tuple(look.emission)}",
        *(_mapped(path) if textures else _plain(path, look, tinted=tinted)),
        "token outputs:surface",
    ]
    shaders = [_shader("surface", "UsdPreviewSurface", inputs), *(_readers(path, textures) if textures else [])]
    if tinted and not textures:
        reader = ['string inputs:varname = "displayColor"', "float3 outputs:result"]
        shaders.append(_shader("tint", "UsdPrimvarReader_float3", reader))
    out = f"token outputs:surface.connect = <{path}/surface.outputs:surface>\n\n"
    return f'def Material "{name}"\n{{\n{_indented(out + chr(10).join(shaders))}}}\n'


def _plain(path: str, look: Look, *, tinted: bool) -> list[str]:
    color = f".connect = <{path}/tint.outputs:result>" if tinted else f" = {_tuple(look.color)}"
    return [
        f"color3f inputs:diffuseColor{color}",
        f"float inputs:metallic = {look.metallic:g}",
        f"float inputs:roughness = {look.roughness:g}",
    ]


def _mapped(path: str) -> list[str]:
    return [
        f"color3f inputs:diffuseColor.connect = <{path}/color.outputs:rgb>",
        f"float inputs:metallic.connect = <{path}/rough.outputs:b>",
        f"normal3f inputs:normal.connect = <{path}/normal.outputs:rgb>",
        f"float inputs:roughness.connect = <{path}/rough.outputs:g>",
    ]


def _readers(path: str, textures: Textures) -> list[str]:
    st = f"float2 inputs:st.connect = <{path}/repeat.outputs:result>"
    made = [
        _shader("reader", "UsdPrimvarReader_float2", ['string inputs:varname = "st"', "float2 outputs:result"]),
        _shader(
            "repeat",
            "UsdTransform2d",
            [
                f"float2 inputs:in.connect = <{path}/reader.outputs:result>",
                f"float2 inputs:scale = ({textures.repeat:g}, {textures.repeat:g})",
                "float2 outputs:result",
            ],
        ),
    ]
    for name, file, space in (
        ("color", textures.color, "sRGB"),
        ("normal", textures.normal, "raw"),
        ("rough", textures.rough, "raw"),
    ):
        lines = [f"asset inputs:file = @{file}@", f'token inputs:sourceColorSpace = "{space}"', st]
        lines += ['token inputs:wrapS = "repeat"', 'token inputs:wrapT = "repeat"']
        if name == "normal":
            lines += ["float4 inputs:bias = (-1, -1, -1, 0)", "float4 inputs:scale = (2, 2, 2, 1)"]
        lines += ["float outputs:b", "float outputs:g", "float3 outputs:rgb"]
        made.append(_shader(name, "UsdUVTexture", lines))
    return made


def _shader(name: str, kind: str, lines: Iterable[str]) -> str:
    body = "\n".join(lines) + "\n"
    return f'def Shader "{name}"\n{{\n    uniform token info:id = "{kind}"\n{_indented(body)}}}\n'


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))


def _tuple(values: Iterable[float]) -> str:
    return "(" + ", ".join(f"{value:.4g}" for value in values) + ")"


def _rows(rows: Array, form: str = "%.5g") -> str:
    if not len(rows):
        return "[]"
    one = "(" + ", ".join([form] * rows.shape[1]) + ")"
    return "[" + (", ".join([one] * len(rows)) % tuple(rows.ravel().tolist())) + "]"


def _numbers(values: npt.NDArray[np.float64] | npt.NDArray[np.int64], form: str = "%d") -> str:
    return "[" + (", ".join([form] * len(values)) % tuple(values.tolist())) + "]"
