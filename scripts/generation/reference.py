"""Writes the reference of client and CLI from the code itself."""

from __future__ import annotations


def client_reference() -> str:
    """Return docs/reference/client.md."""
    return ""


def cli_reference() -> str:
    """Return docs/reference/cli.md."""
    return ""
