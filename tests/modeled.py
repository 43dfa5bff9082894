"""Gives a version a model to turn, as the maker would, without waiting for it."""

from __future__ import annotations

import hashlib

from catalog.assets import queries
from catalog.kernel import clock
from catalog.media.makers.maker import GLB
from catalog.media.makers.table import VERSIONS
from catalog.media.models import Preview
from catalog.media.vocabulary import Derivative
from catalog.storage.keys import derivative_key
from tests.studio import Studio


def gives_model(studio: Studio, code: str, number: int, content: bytes, *, path: str = "geo/box.glb") -> None:
    """Keep ``content`` as the model of a version, made of the file at ``path``."""
    with studio.view() as view:
        manifest = queries.get_version(view, code, number).manifest_sha256
    version, digest = VERSIONS[Derivative.MODEL], hashlib.sha256(content).hexdigest()
    studio.house.stores.derived.put(derivative_key(manifest, Derivative.MODEL, version), content, sha256=digest)
    row = Preview(
        source_sha256=manifest,
        derivative=Derivative.MODEL,
        tool_version=version,
        sha256=digest,
        media_type=GLB,
        size_bytes=len(content),
        width_px=1,
        height_px=1,
        caption="",
        path=path,
        tool="a test",
        rendered_at=clock.now(),
    )
    with studio.house.desk.bookkeeping() as session:
        session.add(row)
