"""What every answer of this door tells browsers: to load, embed, run and keep nothing that they should not."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Response

    from catalog.settings import Settings

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
HTML_CACHING = "private, no-cache"
"""Not ``no-store``: that would keep browsers from going back without loading the page again."""
WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"
"""Of the one script that hashes files beside the pages: it compiles WebAssembly, and asks nobody for anything."""


def policy_for(settings: Settings) -> str:
    """Return the Content-Security-Policy of every page.

    Uploads go straight to the public address of the object store where there is one. Chromium holds ``form-action``
    also against where a posted form is redirected to, and a download is such a redirect. So it stands beside our own.
    """
    store = urlsplit(settings.s3_public_endpoint_url or "")
    reached = f"'self' {store.scheme}://{store.netloc}" if store.netloc else "'self'"
    return (
        f"default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src {reached}; "
        f"media-src 'self'; frame-src 'self'; form-action {reached}; frame-ancestors 'none'; base-uri 'none'"
    )


def frame_headers(*, basis: bool) -> dict[str, str]:
    """Return what the page of the 3D view says instead: it stands in frames of ours, and runs decoders.

    They are WebAssembly, in workers made of text (``blob:``), and unpack pictures into ``blob:`` addresses. The digest
    is that of the one inline style that model-viewer brings. ``basis``: only where a model has pictures by Basis
    Universal, text may be run as well, because its transcoder makes its functions of text.
    """
    evaluating = " 'unsafe-eval'" if basis else ""
    policy = (
        "default-src 'none'; img-src 'self' blob: data:; "
        "style-src 'self' 'unsafe-hashes' 'sha256-PXtZZkJMMyc18o/DN1ZEFOJ2qEGq95IQbVaJFMOXOb0='; "
        f"script-src 'self' 'wasm-unsafe-eval'{evaluating}; "
        "worker-src 'self' blob:; connect-src 'self' blob:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'"
    )
    return {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN"}


def _is_trusted(settings: Settings) -> bool:
    """Whether browsers trust our address; elsewhere they ignore some headers, and complain of each on the console."""
    address = urlsplit(settings.base_url)
    return address.scheme == "https" or address.hostname in _LOOPBACK


def protect(response: Response, settings: Settings) -> Response:
    """Set the headers that keep a page to itself; those that the answer brought stay."""
    defaults = {
        "Content-Security-Policy": policy_for(settings),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    if _is_trusted(settings):
        defaults["Cross-Origin-Opener-Policy"] = "same-origin"
    if response.mimetype == "text/html":
        defaults["Cache-Control"] = HTML_CACHING
    for name, value in defaults.items():
        response.headers.setdefault(name, value)
    return response
