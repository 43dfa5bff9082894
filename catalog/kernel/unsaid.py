"""What a change does not speak of: it stays as it is, which is something else than becoming None."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Unsaid(Enum):
    """The type of ``UNSAID``, for the fields of changes: ``owner: str | None | Unsaid = UNSAID``."""

    UNSAID = "unsaid"


UNSAID: Final = Unsaid.UNSAID
