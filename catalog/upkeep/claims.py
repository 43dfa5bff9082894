"""Whose store it is. Each sweep leaves a claim in the bucket of originals: the end of this catalogue's ledger.

To a database that did not enter a blob, the blob looks like one that nobody needs. So a store is swept only while its
claim is an entry of the ledger at hand. The ledger of another installation does not have it, that of an older backup
does not reach it, and that of a copy has gone on otherwise. Whoever finds a claim that is not theirs contests it, and
nobody sweeps a contested store before an operator has said whose it is.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from catalog.kernel import clock
from catalog.kernel.errors import Conflict, NotFound
from catalog.ledger.queries import hash_at, head_of
from catalog.storage import turns

if TYPE_CHECKING:
    from catalog.storage.port import BlobStore, Stores
    from catalog.work.desk import Desk
    from catalog.work.view import View

KEY = "claim"
REMEDY = (
    "give each database a store or a CATALOG_S3_BUCKET_PREFIX of its own; where this database is the only one left "
    "that uses the store, `catalog admin sweep --adopt` says so"
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the bucket says: swept at that time by the installation at that address, whose ledger ended so."""

    seq: int
    hash: str
    by: str
    at: str
    contested_by: str | None = None


def take(desk: Desk, stores: Stores, *, by: str, adopt: bool = False) -> None:
    """Claim the store for the ledger at hand; ``by`` tells people where that is.

    Raises ``Conflict`` (code ``store-claimed``) where another database uses the store, and (``sweep-held``) where this
    one was restored, unless an operator lets it ``adopt`` the store, which stands on the ledger by then.
    """
    found = find_claim(stores.originals)
    with desk.read() as session:
        seq, head = head_of(session)
        ours = found is None or hash_at(session, found.seq) == found.hash
        held = turns.find_hold(session)
    if found is not None and not adopt and not (ours and found.contested_by is None):
        _contest(stores.originals, found, by)
    if held is not None and not adopt:
        raise Conflict(
            f"the store is not swept, because {held}; once nothing is missed, `catalog admin sweep --adopt` "
            "lets sweeps begin again",
            code="sweep-held",
        )
    _write(stores.originals, Claim(seq=seq, hash=head, by=by, at=clock.now().isoformat(timespec="seconds")))


def find_problem(view: View) -> str | None:
    """Return why the store is not swept, if that is so."""
    return turns.find_problem(view.session)


def find_claim(originals: BlobStore) -> Claim | None:
    """Return the claim on a store, if there is one. One that cannot be read is somebody else's."""
    try:
        said = b"".join(originals.open(KEY))
    except NotFound:
        return None
    try:
        return Claim(**json.loads(said))
    except (ValueError, TypeError):
        return Claim(seq=0, hash="", by="somebody unknown", at="an unknown time")


def _contest(originals: BlobStore, found: Claim, by: str) -> None:
    """Refuse to sweep, and see that the other database refuses, too."""
    if found.contested_by is None:
        found = replace(found, contested_by=by)
        _write(originals, found)
    raise Conflict(
        f"the store is not swept, because more than one database uses it: {found.by} (at {found.at}) and "
        f"{found.contested_by}, or a copy or an older backup of the same one; {REMEDY}",
        code="store-claimed",
    )


def _write(originals: BlobStore, claim: Claim) -> None:
    content = json.dumps(asdict(claim)).encode()
    originals.put(KEY, content, sha256=hashlib.sha256(content).hexdigest())
