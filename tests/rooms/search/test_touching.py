"""Which events change what is searched: each one does, or the follower knows that it does not."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from catalog.assets import changing, merging, publishing, queries, registry, relating, reviewing
from catalog.assets.changing import AssetChange
from catalog.assets.vocabulary import RelationKind
from catalog.ledger.event import EVENT_TYPES, Event, subject_fields
from catalog.licensing.gate import How, Release, Use, admit
from catalog.media.inspection import inspect_version
from catalog.notes import issues, writing
from catalog.notes.issues import IssueChange, Report
from catalog.notes.models import Note
from catalog.reactions import REACTIONS
from catalog.search.documents import documents_after
from catalog.search.follower import FOLLOWER, WITHOUT_EFFECT
from catalog.search.port import Document
from catalog.shows.registry import NewShow, ShowChange, change_show, create_show
from catalog.work.unit import UnitOfWork
from tests.crew import Crew, stored


def documents(crew: Crew) -> list[Document]:
    with crew.view(FOLLOWER) as view:
        return documents_after(view, None)


def touches(event: type[Event]) -> bool:
    """Whether the follower would look at the documents that an event is about, were it not told better."""
    return bool({"asset_id", "asset_ids", "show_id"} & set(subject_fields(event.type_name())))


def wait_for_review(crew: Crew) -> None:
    """Submit a second version that waits for review."""
    draft = crew.drafts("prp_chair", stored("b.txt", b"b"))
    crew.brings(draft.id, b"b")
    with crew.work() as work:
        publishing.submit(work, "prp_chair", 2, review=True)
    crew.settles(draft.id)


def acts_of(crew: Crew, scratch: Path) -> list[Callable[[], object]]:
    """Everything that can happen to assets and shows, one act after the other."""

    def act(do: Callable[[UnitOfWork], object]) -> Callable[[], None]:
        def done() -> None:
            with crew.work() as work:
                do(work)

        return done

    def of_version(do: Callable[[UUID], object]) -> Callable[[], None]:
        def done() -> None:
            with crew.view() as view:
                version_id = queries.get_version(view, "prp_chair", 1).id
            do(version_id)

        return done

    def pull(work: UnitOfWork) -> None:
        admit(work, [Release(version=queries.get_version(work.view, "prp_chair", 1))], Use(), How.PULL)

    def on_latest_note(do: Callable[[UnitOfWork, str], object]) -> Callable[[], None]:
        def done() -> None:
            with crew.work() as work:
                note_id = work.session.scalars(select(Note.id).order_by(Note.id.desc())).first()
                do(work, str(note_id))

        return done

    def unrelate(work: UnitOfWork) -> None:
        relation = relating.relate(work, "env_room", RelationKind.CONTAINS, "prp_chair")
        relating.unrelate(work, "env_room", relation.id)

    return [
        lambda: crew.has_group("family"),
        act(lambda work: create_show(work, NewShow(code="orion", name=""))),
        lambda: crew.registers("prp_chair", show="orion"),
        lambda: crew.registers("env_room"),
        act(lambda work: change_show(work, "orion", ShowChange(audience=("family",)))),
        act(lambda work: changing.change(work, "prp_chair", AssetChange(name="Chair"))),
        act(lambda work: relating.relate(work, "env_room", RelationKind.CONTAINS, "prp_chair")),
        act(unrelate),
        lambda: crew.drafts("prp_chair", stored("a.txt", b"a")),
        lambda: crew.submits("prp_chair", 1),
        of_version(crew.settles),
        of_version(lambda version_id: crew.brings(version_id, b"a")),
        lambda: crew.submits("prp_chair", 1),
        of_version(crew.settles),
        of_version(lambda version_id: inspect_version(crew.workshop(scratch), version_id)),
        act(pull),
        lambda: wait_for_review(crew),
        act(lambda work: reviewing.send_back(work, "prp_chair", 2, "No.")),
        act(lambda work: writing.write(work, "prp_chair", 1, "Squeaks.")),
        on_latest_note(lambda work, note_id: writing.change(work, note_id, "Creaks.")),
        on_latest_note(writing.remove),
        act(lambda work: issues.report(work, "prp_chair", 1, Report(text="Squeaks."))),
        on_latest_note(lambda work, issue_id: issues.change(work, issue_id, IssueChange(text="Creaks."))),
        on_latest_note(lambda work, issue_id: issues.close(work, issue_id, None)),
        on_latest_note(issues.reopen),
        on_latest_note(issues.remove),
        lambda: crew.registers("prp_stool", show="orion"),
        act(lambda work: merging.merge(work, "prp_stool", "prp_chair")),
        act(lambda work: merging.unmerge(work, "prp_stool")),
        act(lambda work: publishing.deprecate(work, "prp_chair", 1, "old")),
        act(lambda work: publishing.withdraw(work, "prp_chair", 1, "wrong")),
        act(lambda work: registry.retire(work, "prp_chair", "worn")),
    ]


def test_every_event_about_assets_and_shows_changes_a_document_or_is_known_not_to(crew: Crew, tmp_path: Path) -> None:
    changing_some: set[str] = set()
    changing_none: set[str] = set()
    for act in acts_of(crew, tmp_path):
        before, entries = documents(crew), len(crew.entries())
        act()
        told = {entry.type for entry in crew.entries()[entries:]}
        (changing_none if documents(crew) == before else changing_some).update(told)

    without = {event.type_name() for event in WITHOUT_EFFECT if touches(event)}
    assert {name for name in changing_none if touches(EVENT_TYPES[name])} == without
    assert changing_some == {event.type_name() for event in REACTIONS if touches(event)} - without
