"""What the nursery imports and touches once, so that no child pays for it; rare formats are left to theirs."""

from __future__ import annotations

import ctypes
import dataclasses
import gc
import importlib
import json
import sys
import tempfile
import traceback
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePosixPath

import catalog.media
from catalog.media.confinement import MIB

_libc = ctypes.CDLL(None)
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

_REHEARSALS = 10  # Python looks at how a function was used after eight calls
_REHEARSED_PX = 1200, 900

_LIBRARIES = (
    "f3d",  # first: it brings a newer OpenSSL, and cannot be loaded after the system's
    "numpy",
    "PIL.Image",
    "av",
    "OpenImageIO",
    "pxr.Usd",
    "pxr.UsdGeom",
    "pxr.UsdShade",
    "pxr.UsdSkel",
    "pxr.UsdUtils",
    "catalog.media.tasks",
    "catalog.media.painters.film",
    "catalog.media.painters.openimageio",
    "catalog.media.painters.pillow",
    "catalog.media.painters.renderer",
    "catalog.media.readers.film",
    "catalog.media.readers.gltf",
    "catalog.media.readers.images",
    "catalog.media.readers.obj",
    "catalog.media.usd_to_glb",
)


def warm_up() -> None:
    """Import the heavy libraries; one that is missing is left to the task that needs it, which then says so."""
    for name in _LIBRARIES:
        with suppress(ImportError):
            importlib.import_module(name)
    from catalog.media.makers.table import MAKERS  # noqa: PLC0415 — after the libraries, whose order counts

    for maker in MAKERS:
        with suppress(ImportError):
            importlib.import_module(maker.module)
    _touch_pillow()
    _touch_color()
    _touch_usd()
    code_folders()


def settle() -> None:
    """Have children copy little of this process: to be called when it has done what it does before it forks."""
    gc.collect()
    gc.freeze()  # a child's garbage collection would write to, and so copy, everything that was warmed up
    # What was used here and is free would be copied when a child uses it; given back, a child gets empty large pages.
    with suppress(AttributeError):
        _libc.malloc_trim(0)


def keep_memory() -> None:
    """Let a child give nothing back before its end: the blocks of a picture are then touched once, by large pages."""
    with suppress(AttributeError):
        _libc.mallopt(_M_MMAP_THRESHOLD, 64 * MIB)
        _libc.mallopt(_M_TRIM_THRESHOLD, 1024 * MIB)


def _touch_pillow() -> None:
    # A child's first picture would bind, look up and specialize what it uses; so a few of our own are drawn before.
    with suppress(ImportError, OSError), tempfile.TemporaryDirectory() as folder:
        from PIL import Image  # noqa: PLC0415 — only the nursery may load it

        from catalog.media.drawing import draw  # noqa: PLC0415 — as above
        from catalog.media.facts import Source  # noqa: PLC0415 — as above

        Image.init()
        Image.linear_gradient("L").resize(_REHEARSED_PX).convert("RGB").save(f"{folder}/photo.jpg")
        for _ in range(_REHEARSALS):
            drawing = draw(Source(folder=folder, path=PurePosixPath("photo.jpg")), scratch=None, studio=None)
            json.dumps(drawing, default=as_json)


def _touch_color() -> None:
    # The first view of a process builds OpenColorIO's tables: three seconds, and a twentieth for every further picture.
    with suppress(ImportError):
        import numpy as np  # noqa: PLC0415 — only the nursery may load it
        import OpenImageIO as oiio  # noqa: N813, PLC0415 — as above

        from catalog.media.painters import color  # noqa: PLC0415 — as above

        oiio.attribute("threads", 1)  # a pool of threads would not survive the fork
        oiio.attribute("exr_threads", 1)
        for space in ("lin_rec709_scene", "lin_ap1_scene"):
            color.viewed(np.zeros((2, 2, 3), np.float32), color.SourceSpace(name=space, tagged=True))


def _touch_usd() -> None:
    # The first stage of a process loads USD's plugin registry, which takes longer than reading a small scene.
    with suppress(ImportError):
        from pxr import Sdf, Usd  # noqa: PLC0415 — only the nursery may load it

        Usd.Stage.CreateInMemory()
        Sdf.Layer.CreateAnonymous(".usdc")


def hold_renderer(studio: Path) -> None:
    """Have a renderer ready in every child from now on; where that fails, each makes its own."""
    from catalog.media.painters import renderer  # noqa: PLC0415 — crashes where nothing can be rendered

    try:
        renderer.hold(studio)
    except Exception:  # noqa: BLE001 — children without it are slower, and nothing else
        traceback.print_exc()


@cache
def code_folders() -> list[Path]:
    """Folders of interpreters, libraries and this package: what a child may read besides its own files.

    The folder that contains the package is left out, because the data folder and settings may stand beside it.
    """
    package = Path(catalog.media.__file__).resolve().parents[1]
    folders = {Path(sys.prefix), Path(sys.base_prefix), package}
    folders |= {Path(entry) for entry in sys.path if entry.rstrip("/").endswith(("site-packages", "dist-packages"))}
    return sorted(folder.resolve() for folder in folders)


def as_json(value: object) -> object:
    """Say a dataclass as the dict of its fields."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be part of an answer")
