"""What is committed: nothing that only one machine has, and the storeys of the architecture."""

import re
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT

ONE_MACHINES_PATH = re.compile(r"(?<![\w.}/:-])/(?:home|root|Users|work)/[\w.-]")
REGISTRY_HOST = re.compile(r"pythonhosted\.org|pypi\.org/simple|registry\.npmjs\.org|--(?:extra-)?index-url[ =]")
THIS = Path(__file__).resolve()


def _committed() -> list[Path]:
    """The files that git keeps, or would keep; this one is left out because it spells the patterns."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # no git here, or the sources came without their history
        paths = [path for path in ROOT.rglob("*") if not _is_made(path.relative_to(ROOT))]
    return [path for path in paths if path.is_file() and path != THIS]


def _is_made(path: Path) -> bool:
    """Whether a file was made by running something, as ``.gitignore`` says in its own language."""
    return any(
        part in {"var", "build", "dist", "node_modules", "__pycache__"}
        or part.endswith(".egg-info")
        or (part.startswith(".") and part not in {".ci", ".gitignore"})
        for part in path.parts
    )


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in _committed()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="ignore").splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_committed_file_names_a_path_of_one_machine() -> None:
    assert _lines_with(ONE_MACHINES_PATH) == []


def test_no_committed_file_names_a_package_registry() -> None:
    assert _lines_with(REGISTRY_HOST) == []


def test_no_committed_file_is_a_large_binary() -> None:
    large = [str(path.relative_to(ROOT)) for path in _committed() if path.stat().st_size > 1_000_000]

    assert large == []


def test_the_rooms_stand_in_their_storeys() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    checked = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, check=False, text=True)

    assert checked.returncode == 0, checked.stdout
