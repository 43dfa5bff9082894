"""Names that are checked: asset codes, file paths, references. Pure.

A code is ``^[a-z][a-z0-9]*(_[A-Za-z0-9]+)+$`` (ASCII, at most 64 characters) and unique ignoring case; since it is
ASCII, two codes cannot look alike and differ. A file path is relative, POSIX, Unicode NFC.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from catalog.kernel import pinyin
from catalog.kernel.errors import InvalidInput
from catalog.kernel.ids import find_id

if TYPE_CHECKING:
    from collections.abc import Iterable

CODE_MAX = 64
PATH_MAX = 400
LANGUAGE = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
"""How a BCP 47 tag is written; whether it is registered is not asked."""
LANGUAGE_MAX = 35
SYSTEM = r"^[A-Za-z][A-Za-z0-9_.-]{0,39}$"
"""How a system that gives external ids is written."""
_CODE = re.compile(r"[a-z][a-z0-9]*(_[A-Za-z0-9]+)+", re.ASCII)
_VERSION = re.compile(r"@v?(?P<number>[0-9]{1,9}|latest)$")
_WINDOWS_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)
_SEGMENT_MAX_BYTES = 255
SCHEME = "catalog://assets/"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """An asset, or one of its versions, or a file of it. ``asset`` may be a code, an id or an external id.

    ``whole`` is the text itself where all of it may be an external id that only looks like one with a version, such as
    ``OLD name v3@2``; an asset that is called so is meant before one that is called ``asset``.
    """

    asset: str
    number: int | None = None
    path: str | None = None
    whole: str | None = None

    def __str__(self) -> str:
        """Return the short form for people."""
        version = f"@{self.number}" if self.number is not None else ""
        return f"{self.asset}{version}{':' + self.path if self.path else ''}"


def checked_language(tag: str) -> str:
    """Return the language tag; ``InvalidInput`` where it is none."""
    if len(tag) > LANGUAGE_MAX or not re.fullmatch(LANGUAGE, tag):
        raise InvalidInput(f"language {tag[:80]!r} is no tag such as en, zh-Hans or pt-BR", code="bad-language")
    return tag


def checked_system(name: str) -> str:
    """Return the name of the system, in lower case; ``InvalidInput`` where it is none."""
    if not re.fullmatch(SYSTEM, name):
        raise InvalidInput(
            f"system {name[:80]!r} is not letters, digits or _ . - that start with a letter, at most 40",
            code="bad-system",
        )
    return name.casefold()


def checked_code(code: str) -> str:
    """Return the code; ``InvalidInput`` where it breaks the rule, saying how and, where we can, what would be right."""
    if len(code) <= CODE_MAX and _CODE.fullmatch(code):
        return code
    suggestion = _nearest_code(code)
    remedy = f"; {suggestion!r} would do" if suggestion else ""
    raise InvalidInput(
        f"code {code[:80]!r} is not lower-case letters and digits, then _ and more, such as chr_ann, "
        f"at most {CODE_MAX} characters{remedy}",
        code="bad-code",
        value=code[:80],
        instead=suggestion,
    )


def _nearest_code(code: str) -> str | None:
    plain = unicodedata.normalize("NFKD", pinyin.spelled(code)).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Za-z0-9]+", plain)
    if not words:
        return None
    candidate = "_".join([words[0].lower(), *words[1:]])[:CODE_MAX].rstrip("_")
    return candidate if _CODE.fullmatch(candidate) else None


def checked_path(path: str) -> str:
    """Return a relative POSIX path in NFC; ``InvalidInput`` where it could escape, or not exist on some platform."""
    fault = find_fault(path)
    if fault:
        raise InvalidInput(f"path {path[:200]!r} {fault}", code="bad-path")
    return unicodedata.normalize("NFC", path)


def find_fault(path: str) -> str | None:
    """Return what is wrong with a relative POSIX path, None where nothing is."""
    path = unicodedata.normalize("NFC", path)  # as it is kept; some texts are longer in NFC
    if not path or len(path) > PATH_MAX:
        return f"has {len(path)} characters; 1 to {PATH_MAX} are right"
    if path.startswith("/"):
        return "is absolute; give it relative to the version's folder"
    if re.match(r"[A-Za-z]:", path):
        return "begins like a drive of Windows; give it relative to the version's folder, without a colon in any name"
    if "\\" in path:
        return "has a backslash; write folders with /"
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in path):
        return "has a control or invisible character; rename the file"
    return next(filter(None, map(_fault_of_segment, path.split("/"))), None)


def _fault_of_segment(segment: str) -> str | None:
    if segment in {"", ".", ".."}:
        return f"has the folder {segment!r}; leave out empty, . and .. folders"
    if len(segment.encode()) > _SEGMENT_MAX_BYTES:
        return f"has a name of over {_SEGMENT_MAX_BYTES} bytes; shorten it"
    if segment != segment.strip(" ") or segment.endswith("."):
        return f"has the name {segment!r}, which Windows cannot keep; no leading or trailing spaces, no trailing dot"
    if re.search(r'[<>:"|?*]', segment) or segment.split(".", maxsplit=1)[0].casefold() in _WINDOWS_NAMES:
        return f'has the name {segment!r}, which Windows cannot keep; avoid < > : " | ? * and device names'
    return None


def checked_paths(paths: Iterable[str]) -> list[str]:
    """Return the paths checked; ``InvalidInput`` where two of them are one, or one is a folder of another.

    Paths are compared case-folded in NFKC, so that files which look alike, or which Windows and macOS cannot hold
    side by side, are refused.
    """
    checked = [checked_path(path) for path in paths]
    seen: dict[str, str] = {}
    for path in checked:
        key = unicodedata.normalize("NFKC", path).casefold()
        if key in seen:
            raise InvalidInput(
                f"paths {seen[key]!r} and {path!r} are one on some platforms; rename one", code="same-path"
            )
        seen[key] = path
    for key, path in seen.items():
        parts = key.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder in seen:
                raise InvalidInput(f"{seen[folder]!r} is a file, and the folder of {path!r}", code="same-path")
    return checked


def parse_reference(text: str) -> Reference:
    """Read ``chr_ann``, ``chr_ann@3``, ``chr_ann@latest`` or a ``catalog://`` URI; ``InvalidInput`` otherwise.

    In place of the code may stand an id or an external id.
    """
    text = text.strip()
    if text.startswith(SCHEME):
        return _parse_uri(text)
    found = _VERSION.search(text)
    asset = text[: found.start()] if found else text
    if not asset or len(asset) > PATH_MAX:
        raise InvalidInput(f"reference {text[:80]!r} names no asset; write chr_ann, chr_ann@3 or {SCHEME}chr_ann/v3")
    number = found["number"] if found else "latest"
    whole = text if found and not _CODE.fullmatch(asset.casefold()) and find_id(asset) is None else None
    return Reference(asset=asset, number=None if number == "latest" else int(number), whole=whole)


def _parse_uri(text: str) -> Reference:
    asset, _, rest = text.removeprefix(SCHEME).partition("/")
    version, _, tail = rest.partition("/")
    path = unquote(tail.removeprefix("files/")) if tail.startswith("files/") else None
    known = re.fullmatch(r"v([0-9]{1,9})|latest|", version)
    if not asset or known is None or (tail and path is None):
        raise InvalidInput(
            f"reference {text[:120]!r} is none; right are {SCHEME}CODE, …/v3, …/latest and …/v3/files/PATH",
            code="bad-reference",
        )
    return Reference(asset=unquote(asset), number=int(known[1]) if known[1] else None, path=path or None)


def entity_reference(code: str, number: int | None = None, path: str | None = None) -> str:
    """Return the URI of an asset, a version or a file; safe inside USD."""
    version = f"/v{number}" if number is not None else ""
    return f"{SCHEME}{code}{version}{'/files/' + quote(path) if path else ''}"
