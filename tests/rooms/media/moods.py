"""A maker that does what the name of its first file says; run in children only."""

from pathlib import Path

from tests.rooms.media import mischief

_MOODS = {"hang": mischief.hang, "crash": mischief.crash, "hunger": mischief.eat_memory}


def make(paths: list[str], out: str, scratch: str, studio: str) -> list[dict[str, object]]:
    """A strip by name, where the mood lets it."""
    mood = _MOODS.get(paths[0])
    if mood is not None:
        mood()
    Path(out, "strip").write_bytes(b"RIFF\0\0\0\0WEBP")
    made = {"derivative": "turntable-strip", "file": "strip", "media_type": "image/webp", "width_px": 4}
    return [{**made, "height_px": 4, "caption": "", "tool": "moods"}]
