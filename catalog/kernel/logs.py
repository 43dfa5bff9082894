"""How log lines are written: for people at a terminal, or as JSON for machines.

Tracebacks never show the values of variables: tokens and passwords are among them.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from typing import Literal, TextIO, cast

import structlog

LEVEL = logging.INFO


def write_logs(log_format: Literal["console", "json"]) -> None:
    """Write log lines to standard error in this format, from now on and for the whole process."""
    steps: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if log_format == "json":
        plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        steps += [structlog.processors.ExceptionRenderer(plain), structlog.processors.JSONRenderer()]
    else:
        steps.append(
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        )
    structlog.configure(
        processors=steps,
        wrapper_class=structlog.make_filtering_bound_logger(LEVEL),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Forgiving(sys.stderr))),
        cache_logger_on_first_use=True,
    )


class Forgiving:
    """A stream whose failures are passed over: a disk that is full of logs must not fail what they tell of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write what can be written."""
        with suppress(OSError):
            return self._stream.write(text)
        return 0

    def flush(self) -> None:
        """Write what was kept back, as far as possible."""
        with suppress(OSError):
            self._stream.flush()
