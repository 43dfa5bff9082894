"""Which role a file has, where its publisher does not say: by extension and place. Pure."""

from __future__ import annotations

from pathlib import PurePosixPath

from catalog.assets.vocabulary import FileRole

_BY_SUFFIX: dict[str, FileRole] = {
    **dict.fromkeys(
        (".usd", ".usda", ".usdc", ".usdz", ".glb", ".gltf", ".obj", ".fbx", ".stl", ".ply", ".dae", ".bin"),
        FileRole.MODEL,
    ),
    **dict.fromkeys((".abc", ".vdb", ".bgeo", ".sc"), FileRole.CACHE),
    **dict.fromkeys(
        (
            ".png",
            ".jpg",
            ".jpeg",
            ".tif",
            ".tiff",
            ".exr",
            ".hdr",
            ".tx",
            ".dpx",
            ".tga",
            ".bmp",
            ".webp",
            ".psd",
            ".ktx2",
        ),
        FileRole.TEXTURE_SET,
    ),
    **dict.fromkeys((".mtlx", ".mtl", ".osl", ".sbsar", ".ocio", ".cube"), FileRole.LOOK),
    **dict.fromkeys((".ma", ".mb", ".blend", ".hip", ".hipnc", ".max", ".c4d", ".ztl", ".zpr", ".nk"), FileRole.SOURCE),
    **dict.fromkeys((".md", ".txt", ".pdf", ".html", ".rst", ".json", ".csv", ".xml"), FileRole.DOC),
    **dict.fromkeys((".mp4", ".mov", ".webm"), FileRole.TURNTABLE),
}
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


def role_of(path: str) -> FileRole:
    """Return the role that a path suggests; ``source`` where it suggests none."""
    pure = PurePosixPath(path)
    suffix, stem = pure.suffix.casefold(), pure.stem.casefold()
    if suffix in _PICTURES:
        folders = [part.casefold() for part in pure.parts[:-1]]
        if len(folders) == 0 and stem in {"thumbnail", "thumb"}:
            return FileRole.THUMBNAIL
        if folders == ["thumbnails"]:
            return FileRole.PREVIEW
    if stem in {"license", "licence", "readme", "notice"}:
        return FileRole.DOC
    return _BY_SUFFIX.get(suffix, FileRole.SOURCE)
