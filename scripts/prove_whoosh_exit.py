#!/usr/bin/env python3
"""Prove that the way back to Whoosh 2.7.4 is open: run the tests of the search index on it.

``scripts/prove_whoosh_exit.py``. It is fetched by its hash into a temporary folder that comes before the installed one.
"""

from __future__ import annotations

import compileall
import os
import subprocess
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
WHOOSH = "whoosh==2.7.4 --hash=sha256:aa39c3c3426e3fd107dcb4bde64ca1e276a65a889d9085a6e4b54ba82420a852\n"
TESTS = [
    "tests/ports/test_search_index.py",
    "tests/ports/test_search_agreement.py",
    "tests/rooms/search/test_whoosh_index.py",
    "tests/rooms/search/test_whoosh_matchers.py",
]


def main() -> int:
    """Fetch, compile, and run the tests; return pytest's exit code."""
    with TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(WHOOSH, encoding="ascii")
        fetch = [
            "install",
            "--quiet",
            "--no-deps",
            "--no-compile",
            "--require-hashes",
            "--target",
            folder,
            "-r",
            str(wanted),
        ]
        subprocess.run([sys.executable, "-m", "pip", *fetch], check=True)
        with warnings.catch_warnings(action="ignore"):  # its strings have escapes that Python has come to warn of
            compileall.compile_dir(folder, quiet=2)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([folder, str(ROOT)])}
        said = subprocess.run(
            [sys.executable, "-c", "import whoosh; print(whoosh.__version__)"],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        print(f"running on Whoosh {said.stdout.strip()}")
        tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
        return subprocess.run(tests, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
