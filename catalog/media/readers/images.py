"""Facts of pictures, by OpenImageIO, and of AVIF, which it does not know, by Pillow. Reads headers, no pixels."""

from __future__ import annotations

from typing import Final

import OpenImageIO as oiio  # noqa: N813 — as its documentation writes it
import PIL
from PIL import Image

from catalog.kernel.errors import InvalidInput
from catalog.media.facts import Notebook, Source
from catalog.media.readers.exr_header import read_header
from catalog.media.vocabulary import Evidence, FactKey, FindingCode

_MOST_PARTS: Final = 4096
_LARGEST_PIXELS: Final = 1 << 30
_COLOR_TAGS: Final = ("colorInteropID", "chromaticities", "ICCProfile", "oiio:ColorSpace:tagged")
_PIXEL_TYPES: Final = {
    "uint8": 8,
    "uint16": 16,
    "uint32": 32,
    "int8": 8,
    "int16": 16,
    "int32": 32,
    "half": 16,
    "float": 32,
    "double": 64,
}


def read(source: Source, notebook: Notebook) -> None:
    """Size, channels, depth, parts and color space of one picture."""
    opened = oiio.ImageInput.open(source.absolute)
    if opened is None:
        reason = oiio.geterror()
        if _read_by_hand(source, notebook):
            return
        raise InvalidInput(f"not readable as a picture: {reason.strip() or 'unknown format'}")
    notebook.by("OpenImageIO", oiio.__version__)
    try:
        _note_first_part(opened.spec(), notebook)
        _note_parts(opened, notebook)
        _check_the_end(opened, notebook)
    finally:
        opened.close()


def _note_first_part(spec: oiio.ImageSpec, notebook: Notebook) -> None:
    notebook.note(FactKey.WIDTH_PX, spec.full_width or spec.width)
    notebook.note(FactKey.HEIGHT_PX, spec.full_height or spec.height)
    if (spec.x, spec.y, spec.width, spec.height) != (spec.full_x, spec.full_y, spec.full_width, spec.full_height):
        notebook.note(FactKey.DATA_WINDOW, (spec.x, spec.y, spec.width, spec.height))
    notebook.note(FactKey.CHANNEL_COUNT, spec.nchannels)
    notebook.note(FactKey.CHANNEL_NAMES, tuple(str(name) for name in spec.channelnames))
    pixel_type = _widest_type(spec)
    notebook.note(FactKey.PIXEL_TYPE, pixel_type)
    depth = spec.get_int_attribute("oiio:BitsPerSample", 0) or _PIXEL_TYPES.get(pixel_type, 0)
    if depth:
        notebook.note(FactKey.BIT_DEPTH, depth)
    compression = spec.get_string_attribute("compression")
    if compression:
        notebook.note(FactKey.COMPRESSION, compression)
    notebook.note(FactKey.TILED, spec.tile_width > 0)
    space = spec.get_string_attribute("oiio:ColorSpace")
    if space:
        tagged = any(spec.getattribute(tag) is not None for tag in _COLOR_TAGS)
        notebook.note(FactKey.COLOR_SPACE, space, evidence=Evidence.MEASURED if tagged else Evidence.INFERRED)


def _widest_type(spec: oiio.ImageSpec) -> str:
    """The type that holds every channel; EXR channels of one picture may differ."""
    names = [str(each) for each in spec.channelformats] or [str(spec.format)]
    return max(names, key=lambda name: (_PIXEL_TYPES.get(name, 0), name in ("float", "double", "half")))


def _note_parts(opened: oiio.ImageInput, notebook: Notebook) -> None:
    names: list[str] = []
    count = 0
    while count < _MOST_PARTS and opened.seek_subimage(count, 0):
        name = opened.spec().get_string_attribute("oiio:subimagename") or opened.spec().get_string_attribute("name")
        names.append(name or str(count))
        count += 1
    notebook.note(FactKey.PART_COUNT, max(count, 1))
    if count > 1:
        notebook.note(FactKey.PART_NAMES, tuple(names))


def _check_the_end(opened: oiio.ImageInput, notebook: Notebook) -> None:
    """A truncated OpenEXR has a whole header; its last rows, which can be read alone, tell."""
    if opened.format_name() != "openexr" or not opened.seek_subimage(0, 0):
        return
    spec = opened.spec()
    if spec.deep or spec.width * spec.height > _LARGEST_PIXELS:
        return
    bottom = spec.y + spec.height
    if spec.tile_width:
        top = spec.y + (spec.height - 1) // spec.tile_height * spec.tile_height
        last = opened.read_tiles(0, 0, spec.x, spec.x + spec.width, top, bottom, 0, 1, 0, 1, "half")
    else:
        last = opened.read_scanlines(0, 0, bottom - 1, bottom, 0, 0, 1, "half")
    if last is None:
        notebook.find(FindingCode.DAMAGED, "its last rows cannot be read: the file is damaged or cut off")


def _read_by_hand(source: Source, notebook: Notebook) -> bool:
    """OpenEXR with subsampled chroma, from its header."""
    try:
        header = read_header(source.absolute)
    except InvalidInput:
        return False
    if not header.is_luminance_chroma:
        return False
    notebook.note(FactKey.WIDTH_PX, header.display_window[2])
    notebook.note(FactKey.HEIGHT_PX, header.display_window[3])
    if header.data_window != header.display_window:
        notebook.note(FactKey.DATA_WINDOW, header.data_window)
    notebook.note(FactKey.CHANNEL_COUNT, len(header.channels))
    notebook.note(FactKey.CHANNEL_NAMES, tuple(channel.name for channel in header.channels))
    widest = max((channel.pixel_type for channel in header.channels), key=lambda name: _PIXEL_TYPES[name])
    notebook.note(FactKey.PIXEL_TYPE, widest)
    notebook.note(FactKey.BIT_DEPTH, _PIXEL_TYPES[widest])
    notebook.note(FactKey.COMPRESSION, header.compression)
    notebook.note(FactKey.PART_COUNT, 1)
    return True


def read_by_pillow(source: Source, notebook: Notebook) -> None:
    """Size and channels of a picture in a format that OpenImageIO does not know here."""
    try:
        with Image.open(source.absolute) as picture:
            width, height, bands = picture.width, picture.height, picture.getbands()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as damage:
        raise InvalidInput(f"not readable as a picture: {damage}") from damage
    notebook.by("Pillow", PIL.__version__)
    notebook.note(FactKey.WIDTH_PX, width)
    notebook.note(FactKey.HEIGHT_PX, height)
    notebook.note(FactKey.CHANNEL_COUNT, len(bands))
    notebook.note(FactKey.CHANNEL_NAMES, tuple(bands))
    notebook.note(FactKey.PART_COUNT, 1)
