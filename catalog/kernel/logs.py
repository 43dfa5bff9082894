"""How log lines are written: for people at a terminal, or as JSON for machines.

Tracebacks never show the values of variables: tokens and passwords are among them.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
