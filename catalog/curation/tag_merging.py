"""Merging tags: a bulk edit whose set are the assets that have them, and a word of the studio's vocabulary.

Renaming a tag is merging it into one that is not there yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.assets.tagging import checked_tags, ids_tagged
from catalog.curation.choosing import Proposal, plan_all
from catalog.curation.planning import Instruction
from catalog.kernel.abilities import Ability
from catalog.kernel.errors import InvalidInput
from catalog.kernel.texts import checked_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.work.view import View

TAGGED_MAX = 100_000
"""Assets of one merge; there is no narrower set to ask for, so it is more than other edits take."""


def propose_merge(view: View, tags: Sequence[str], into: str) -> Proposal:
    """Decide for each asset that has one of these tags, and that the viewer may know of; nothing is kept or changed.

    Raises ``InvalidInput`` where no asset has any of them, or they are written so already.
    """
    view.require(Ability.REGISTER)
    view.require(Ability.CURATE)
    merged = tuple(checked_tags(tags))
    said = Instruction(merge_tags=merged, into=checked_text("tag", into, required=True))
    ids = ids_tagged(view, merged, TAGGED_MAX + 1)
    if not ids:
        raise InvalidInput(f"no asset has {' or '.join(map(repr, merged[:5])) or 'no tag'}", code="unknown-tag")
    if len(ids) > TAGGED_MAX:
        raise InvalidInput(
            f"more than {TAGGED_MAX:,} assets have these tags; merge fewer at once", code="too-many-assets"
        )
    return Proposal(instruction=said, search=None, planned=plan_all(view, ids, said))
