"""A picture is taken from OpenGL only where that was seen to give the same."""

from dataclasses import dataclass

import numpy as np

from catalog.media.painters import framebuffer


@dataclass(frozen=True)
class Image:
    """A picture as F3D hands it over."""

    content: bytes
    height: int = 2
    width: int = 3
    channel_count: int = 3


@dataclass(frozen=True)
class Window:
    """A window of F3D that shows a picture, but in no context of OpenGL."""

    picture: np.ndarray
    size: tuple[int, int] = (3, 2)

    def render(self) -> bool:
        """Show nothing."""
        return True

    def render_to_image(self) -> Image:
        """What it says that it shows."""
        return Image(self.picture.tobytes())


def test_a_picture_of_f3d_has_its_rows_from_the_bottom() -> None:
    picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)

    taken = framebuffer.by_f3d(Window(picture))

    assert taken.tolist() == picture.tolist()


def test_what_cannot_be_read_from_opengl_is_not_read_from_it() -> None:
    picture = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)

    can = framebuffer.can_be_read(Window(picture))

    assert can is False


def test_an_empty_picture_tells_nothing() -> None:
    picture = np.zeros((2, 3, 3), np.uint8)

    can = framebuffer.can_be_read(Window(picture))

    assert can is False
