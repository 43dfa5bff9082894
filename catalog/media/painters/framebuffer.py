"""Takes a picture of what F3D shows from OpenGL itself, at a third of the cost.

``Window.render_to_image`` of F3D 4.0 renders three times for every picture; ``Window.render`` once, and leaves it in
the first framebuffer of its context. Nobody promises that, so whoever uses it looks first whether both are alike here.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

import numpy as np

_FRAMEBUFFER: Final = 1
_READ_FRAMEBUFFER, _RGBA, _UNSIGNED_BYTE = 0x8CA8, 0x1908, 0x1401  # GL/glcorearb.h
_ALIKE: Final = 2
"""Of 255: a picture that is rendered again may be rounded otherwise."""

Window = Any


def by_f3d(window: Window) -> np.ndarray:
    """What the window shows, by F3D's own means: rows from the bottom, and at least red, green and blue."""
    image = window.render_to_image()
    return np.frombuffer(image.content, np.uint8).reshape(image.height, image.width, image.channel_count)


def by_opengl(window: Window) -> np.ndarray:
    """What the window shows, rendered once, as rows from the bottom of red, green, blue and alpha."""
    window.render()
    width, height = window.size
    pixels = np.zeros((height, width, 4), np.uint8)
    bind = _function(b"glBindFramebuffer", ctypes.c_uint, ctypes.c_uint)
    read = _function(b"glReadPixels", *[ctypes.c_int] * 4, ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p)
    bind(_READ_FRAMEBUFFER, _FRAMEBUFFER)
    read(0, 0, width, height, _RGBA, _UNSIGNED_BYTE, pixels.ctypes.data)
    bind(_READ_FRAMEBUFFER, 0)
    return pixels


def can_be_read(window: Window) -> bool:
    """Whether both ways show the same here, and something at all."""
    theirs = by_f3d(window)[:, :, :3].astype(int)
    try:
        ours = by_opengl(window)[:, :, :3]
    except (OSError, AttributeError, ValueError):
        return False
    return bool(np.ptp(theirs) > _ALIKE and np.abs(theirs - ours).max() <= _ALIKE)


def _function(name: bytes, *arguments: type[Any]) -> Any:  # noqa: ANN401 — a foreign function
    """A function of OpenGL in the context that is current, which is F3D's."""
    find = ctypes.CDLL("libEGL.so.1").eglGetProcAddress
    find.restype, find.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    address = find(name)
    if not address:
        raise AttributeError(name.decode())
    return ctypes.CFUNCTYPE(None, *arguments)(address)
