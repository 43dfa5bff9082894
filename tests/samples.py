"""The sample files that some machines keep beside the repository: real scenes, faces, plates and damaged files."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "samples"

NEEDS_SAMPLES = [
    pytest.mark.samples,
    pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample files are not on this machine"),
]
"""Marks of a module whose tests read them."""
