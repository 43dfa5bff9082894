"""Libraries that can take their process with them are tried in one of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.media.asking import Bench
from tests import files
from tests.rooms.media.looking import lay

ROOT = Path(__file__).resolve().parents[3]

DAMAGED = b"Kaydara FBX Binary  \0\x1a\0" + (7400).to_bytes(4, "little") + b"\xff" * 100

FBX = """
import json, os, sys
from pathlib import PurePosixPath
from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.readers import fbx

source = Source(folder=sys.argv[1], path=PurePosixPath("box.fbx"))
notebook = Notebook()
fbx.read(source, notebook)
(points, indices, counts), = fbx.meshes_of(source)
try:
    fbx.read(Source(folder=sys.argv[1], path=PurePosixPath("cut.fbx")), Notebook())
    refused = False
except InvalidInput:
    refused = True
print(json.dumps({"facts": {fact.key: fact.value for fact in notebook.facts.values()}, "points": len(points),
                  "corners": len(indices), "faces": len(counts), "refused": refused}), flush=True)
os._exit(0)
"""

RENDERER = """
import json, os, sys
from pathlib import Path
import f3d
from catalog.kernel.errors import InvalidInput
from catalog.media import tasks
from catalog.media.painters import framebuffer, renderer

folder = Path(sys.argv[1])
tasks.set_up_studio(str(folder / "studio"))
seen = {}
for name, staging in (("box.glb", {}), ("box.stl", {"up": "Z", "clay": True}), ("box.ply", {"vertex_colors": True}),
                      ("cloud.ply", {"points": 8}), ("empty.glb", {}), ("cut.glb", {})):
    scratch = folder / "scratch" / name
    scratch.mkdir(parents=True)
    try:
        canvas = renderer.paint(folder / name, renderer.Staging(**staging), studio=folder / "studio", scratch=scratch,
                                size=(120, 90))
        seen[name] = canvas.image.getpixel((60, 45))
    except InvalidInput as refusal:
        seen[name] = refusal.message[:12]
engine = renderer.opened(folder / "box.glb", renderer.Staging(), studio=folder / "studio", scratch=scratch)
theirs, ours = framebuffer.by_f3d(engine.window)[:, :, :3], framebuffer.by_opengl(engine.window)[:, :, :3]
seen["apart"] = int(abs(theirs.astype(int) - ours).max())
print(json.dumps(seen), flush=True)
os._exit(0)
"""

HELD = """
import json, os, sys
from pathlib import Path
import f3d
import numpy as np
from catalog.media import tasks, warmth
from catalog.media.painters import renderer

folder = Path(sys.argv[1])
tasks.set_up_studio(str(folder / "studio"))
pictures = []
for ready in (False, True):
    if ready:
        warmth.hold_renderer(folder / "studio")
    scratch = folder / str(ready)
    scratch.mkdir()
    canvas = renderer.paint(folder / "box.glb", renderer.Staging(), studio=folder / "studio", scratch=scratch)
    pictures.append(np.asarray(canvas.image).astype(int))
print(json.dumps({"apart": int(abs(pictures[0] - pictures[1]).max()), "seen": int(np.ptp(pictures[1]))}), flush=True)
os._exit(0)
"""


def _run(program: str, folder: Path) -> dict[str, object]:
    environment = os.environ | {"EGL_PLATFORM": "surfaceless", "LIBGL_ALWAYS_SOFTWARE": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    return said


def test_an_fbx_is_read(tmp_path: Path) -> None:
    said = _run(FBX, lay(tmp_path, {"box.fbx": files.fbx(), "cut.fbx": DAMAGED}))

    facts = said.pop("facts")
    assert isinstance(facts, dict)
    assert facts["bounds_size"] == [1.0, 2.0, 3.0]
    assert said == {"points": 8, "corners": 24, "faces": 6, "refused": True}


def test_models_are_rendered_as_they_are_staged(bench: Bench, tmp_path: Path) -> None:
    if bench.studio() is None:
        pytest.skip("no EGL library is installed here, so F3D would crash")
    (tmp_path / "studio").mkdir()
    lay(
        tmp_path,
        {
            "box.glb": files.glb(),
            "box.stl": files.stl(),
            "box.ply": files.ply(colors=True),
            "cloud.ply": files.ply(faces=False),
            "empty.glb": files.glb(scenes=[{"nodes": []}]),
            "cut.glb": files.glb()[:200],
        },
    )

    seen = _run(RENDERER, tmp_path)

    assert (tmp_path / "studio" / "direct").exists()
    assert seen.pop("apart") in (0, 1, 2)
    assert seen.pop("empty.glb") == "the renderer"
    assert seen.pop("cut.glb") == "the renderer"
    red, gray, green = (seen[name] for name in ("box.glb", "box.stl", "box.ply"))
    assert isinstance(red, list)
    assert red[0] > 2 * red[1]
    assert isinstance(green, list)
    assert green[1] > 2 * green[0]
    assert isinstance(gray, list)
    assert max(gray) - min(gray) < 20


def test_a_renderer_that_was_held_ready_shows_what_a_new_one_shows(bench: Bench, tmp_path: Path) -> None:
    if bench.studio() is None:
        pytest.skip("no EGL library is installed here, so F3D would crash")
    (tmp_path / "studio").mkdir()

    seen = _run(HELD, lay(tmp_path, {"box.glb": files.glb()}))

    assert seen["apart"] in (0, 1, 2)
    assert seen["seen"] != 0
