"""What the nursery can be told besides tasks; apart, because the nursery imports nothing before its heavy libraries."""

from __future__ import annotations

from typing import Final

HOLD_RENDERER: Final = b"hold-renderer"
"""The studio is set up: every child from now on is to be forked with a renderer that is ready."""

STUDIO: Final = "studio"
"""The folder of what children render with, in the folder of the nursery."""
