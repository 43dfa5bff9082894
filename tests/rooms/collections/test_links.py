"""Links: open a collection to look at, until they end; never an asset."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from catalog.accounts.vocabulary import Role
from catalog.collections import keeping, links, queries
from catalog.collections.links import MadeLink
from catalog.collections.vocabulary import Access, ShareRole
from catalog.kernel.actors import Actor
from catalog.kernel.errors import InvalidInput, NotFound, NotPermitted
from catalog.kernel.ids import new_id
from catalog.kernel.paging import Paging
from catalog.work.view import View
from tests.crew import Crew
from tests.rooms.collections.keeping import begins, changes


def makes_link(crew: Crew, shelf: UUID, *, by: Actor | None = None, name: str = "review", days: int = 7) -> MadeLink:
    with crew.work(by or crew.artist) as work:
        return links.make_link(work, shelf, name, days)


def seen(crew: Crew, shelf: UUID, secret: str | None, viewer: Actor) -> list[str]:
    with crew.view(viewer) as view:
        collection = links.open_collection(view, shelf, secret)
        return [one.named for one in queries.page_items(view, collection, Paging()).items]


def test_a_link_opens_a_private_collection_to_look_at(crew: Crew) -> None:
    crew.registers("prp_a")
    shelf = begins(crew, "Shelf", "prp_a")

    made = makes_link(crew, shelf)

    assert made.secret.startswith("rpl_")
    assert seen(crew, shelf, made.secret, crew.viewer) == ["prp_a"]
    with crew.view(crew.supervisor) as view:
        collection = links.open_collection(view, shelf, made.secret)
        assert queries.access_to(view, [collection]) == {shelf: Access.VIEW}
        assert queries.page_collections(view, Paging()).items == ()


def test_a_link_never_shows_what_its_reader_may_not_see(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST, groups=["dawn"])
    crew.registers("prp_a")
    crew.registers("prp_secret", by=ann, audience=("dawn",))
    shelf = begins(crew, "Shelf", "prp_secret", "prp_a", by=ann)

    made = makes_link(crew, shelf, by=ann)

    assert seen(crew, shelf, made.secret, crew.artist) == ["prp_a"]


def test_only_the_hash_of_a_secret_is_kept_and_the_ledger_knows_neither(crew: Crew) -> None:
    shelf = begins(crew)

    made = makes_link(crew, shelf, days=7)

    (entry,) = crew.entries("collection.link_made")
    assert entry.values == {"link_name": "review", "expires_at": made.link.expires_at.isoformat()}
    assert made.secret not in made.link.secret_hash
    assert len(made.link.secret_hash) == 64


def test_a_link_ends_on_its_day_and_says_so(crew: Crew) -> None:
    shelf = begins(crew)
    made = makes_link(crew, shelf, days=7)

    with crew.view(crew.viewer) as view:
        later = View(session=view.session, viewer=view.viewer, now=view.now + timedelta(days=8))
        with pytest.raises(NotFound, match=r"this link ended at .* UTC; ask whoever gave it to you") as refused:
            links.open_collection(later, shelf, made.secret)

    assert refused.value.code == "link-ended"


def test_a_revoked_link_opens_nothing(crew: Crew) -> None:
    shelf = begins(crew)
    made = makes_link(crew, shelf)

    for _ in range(2):
        with crew.work(crew.artist) as work:
            links.revoke_link(work, shelf, str(made.link.id))

    with pytest.raises(NotFound, match="this link was revoked"):
        seen(crew, shelf, made.secret, crew.viewer)
    assert crew.types("collection.link_revoked") == ["collection.link_revoked/1"]
    with crew.view(crew.artist) as view:
        assert links.links_of(view, queries.get_collection(view, shelf)) == []


def test_a_link_opens_its_own_collection_only(crew: Crew) -> None:
    other = begins(crew, "Other")
    made = makes_link(crew, begins(crew))

    refusals = []
    for shelf, secret in ((other, made.secret), (other, "rpl_nonsense"), (new_id(), made.secret)):
        with pytest.raises(NotFound) as refused:
            seen(crew, shelf, secret, crew.viewer)
        refusals.append(refused.value.code)

    assert refusals == ["unknown-collection"] * 3


def test_a_link_to_a_removed_collection_opens_nothing(crew: Crew) -> None:
    shelf = begins(crew)
    made = makes_link(crew, shelf)

    with crew.work(crew.artist) as work:
        keeping.remove(work, shelf)

    with pytest.raises(NotFound):
        seen(crew, shelf, made.secret, crew.viewer)


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_a_link_lives_for_ninety_days_at_most(crew: Crew, days: int) -> None:
    shelf = begins(crew)

    with pytest.raises(InvalidInput, match="is not between 1 and 90"):
        makes_link(crew, shelf, days=days)


def test_links_are_for_the_owner(crew: Crew) -> None:
    ann = crew.joins("ann", Role.ARTIST)
    shelf = begins(crew)
    changes(crew, shelf, studio=ShareRole.EDIT)
    made = makes_link(crew, shelf)

    with pytest.raises(NotPermitted, match="its owner may do that"):
        makes_link(crew, shelf, by=ann)
    with crew.work(ann) as work, pytest.raises(NotPermitted):
        links.revoke_link(work, shelf, made.link.id)
    with crew.view(ann) as view, pytest.raises(NotPermitted, match="for its owner to know"):
        links.links_of(view, queries.get_collection(view, shelf))


def test_whoever_manages_accounts_finds_the_links_that_they_may_revoke(crew: Crew) -> None:
    shelf = begins(crew)
    makes_link(crew, shelf)

    with crew.view(crew.admin) as view:
        (link,) = links.links_of(view, queries.get_collection(view, shelf))
    with crew.work(crew.admin) as work:
        links.revoke_link(work, shelf, link.id)

    with crew.view(crew.admin) as view:
        assert links.links_of(view, queries.get_collection(view, shelf)) == []


def test_a_link_that_is_not_there_cannot_be_revoked(crew: Crew) -> None:
    shelf = begins(crew)

    for link_id in ("none", new_id()):
        with crew.work(crew.artist) as work, pytest.raises(NotFound) as refused:
            links.revoke_link(work, shelf, link_id)
        assert refused.value.code == "unknown-link"


def test_a_hundred_links_are_enough(crew: Crew) -> None:
    shelf = begins(crew)
    with crew.work(crew.artist) as work:
        for number in range(100):
            links.make_link(work, shelf, f"link {number}", 1)

    with pytest.raises(InvalidInput, match="revoke one first"):
        makes_link(crew, shelf)
