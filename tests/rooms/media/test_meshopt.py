"""glTF whose buffers meshoptimizer has packed is shown as any other."""

import json
import struct
from pathlib import Path, PurePosixPath

import meshopt
import numpy as np
import pytest

from catalog.kernel.errors import InvalidInput
from catalog.media.asking import Bench
from catalog.media.facts import Source
from catalog.media.slim.making import slimmed
from catalog.media.slim.scene import read
from tests import files
from tests.rooms.media.looking import lay

EXTENSION = "EXT_meshopt_compression"
CORNERS = 36


def _packed(*, kept: float = 1.0, count: int = CORNERS) -> bytes:
    """The red box of ``files``, packed; ``kept`` is how much is left of what was packed."""
    document, buffer = files.gltf_document()
    indices = np.frombuffer(buffer[: 2 * CORNERS], np.uint16)
    positions = np.frombuffer(buffer[2 * CORNERS :], np.float32).reshape(-1, 3)
    parts = [meshopt.encode_gltf_buffer(indices, "TRIANGLES"), meshopt.encode_gltf_buffer(positions, "ATTRIBUTES")]
    parts = [part[: int(len(part) * kept)] for part in parts]
    told = [(count, 2, "TRIANGLES", 0), (len(positions), 12, "ATTRIBUTES", len(parts[0]))]
    views = [
        {
            "buffer": 1,
            "byteLength": many * stride,
            "extensions": {
                EXTENSION: {
                    "buffer": 0,
                    "byteOffset": start,
                    "byteLength": len(part),
                    "byteStride": stride,
                    "count": many,
                    "mode": mode,
                }
            },
        }
        for part, (many, stride, mode, start) in zip(parts, told, strict=True)
    ]
    content = b"".join(parts)
    content += b"\0" * (-len(content) % 4)
    fallback = {"byteLength": len(buffer), "extensions": {EXTENSION: {"fallback": True}}}
    document |= {
        "bufferViews": views,
        "buffers": [{"byteLength": len(content)}, fallback],
        "extensionsUsed": [EXTENSION],
        "extensionsRequired": [EXTENSION],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(content), b"BIN\0") + content
    return struct.pack("<4sII", b"glTF", 2, 12 + len(chunks)) + chunks


def _source(folder: Path, content: bytes) -> Source:
    return Source(folder=str(lay(folder, {"box.glb": content})), path=PurePosixPath("box.glb"))


def _from_lowest(triangle: list[int]) -> list[int]:
    first = triangle.index(min(triangle))
    return triangle[first:] + triangle[:first]


def test_its_shape_is_unpacked(tmp_path: Path) -> None:
    (part,) = read(_source(tmp_path, _packed())).all_parts()

    corners = np.array(files.CUBE_FACES)[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3)
    assert sorted(map(_from_lowest, part.mesh.triangles.tolist())) == sorted(map(_from_lowest, corners.tolist()))
    assert part.mesh.positions.tolist() == [list(point) for point in files.CUBE_POINTS]


def test_a_model_that_draco_has_packed_has_a_picture(bench: Bench, tmp_path: Path) -> None:
    if bench.studio() is None:
        pytest.skip("no EGL library is installed here, and compressed models are not drawn by hand")
    made = slimmed(_source(tmp_path, files.glb()))

    drawing = bench.draw(lay(tmp_path, {"small.glb": made.content}), PurePosixPath("small.glb"))

    assert (drawing.tool, b"KHR_draco_mesh_compression" in made.content) == ("F3D", True)


def test_browsers_get_it_whole_and_not_packed_so(tmp_path: Path) -> None:
    made = slimmed(_source(tmp_path, _packed()))

    assert (made.triangles, made.caption, EXTENSION.encode() in made.content) == (12, "", False)


def test_it_has_a_picture(bench: Bench, tmp_path: Path) -> None:
    if bench.studio() is None:
        pytest.skip("no EGL library is installed here, and compressed models are not drawn by hand")

    drawing = bench.draw(lay(tmp_path, {"box.glb": _packed()}), PurePosixPath("box.glb"))

    assert drawing.tool == "F3D"


@pytest.mark.parametrize("packed", [_packed(kept=0.5), _packed(count=30), _packed(count=10**10)])
def test_what_does_not_unpack_is_refused(tmp_path: Path, packed: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"meshoptimizer has packed|buffer view says"):
        read(_source(tmp_path, packed))
