"""Known issues: carried from version to version until one closes them, and moved on by one at a time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog.accounts.vocabulary import Role
from catalog.assets.queries import get_version
from catalog.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from catalog.kernel.paging import Paging
from catalog.notes import issues, queries
from catalog.notes.issues import IssueChange, Report
from catalog.notes.queries import IssueFilter
from catalog.notes.vocabulary import IssueState, Severity
from catalog.work.unit import UnitOfWork
from tests.crew import Crew

HOOK = "The hook is too narrow."


@pytest.fixture
def lamp(crew: Crew) -> Crew:
    """A lamp of three versions."""
    for number in (1, 2, 3):
        crew.publishes("prp_lamp", {"lamp.txt": f"lamp {number}".encode()}, by=crew.artist)
    return crew


def reports(crew: Crew, number: int = 1, assignee: str | None = None) -> str:
    with crew.work(crew.artist) as work:
        return str(issues.report(work, "prp_lamp", number, Report(text=HOOK, assignee=assignee)).id)


def closes(crew: Crew, issue_id: str, version: int | None) -> None:
    with crew.work(crew.artist) as work:
        issues.close(work, issue_id, version)


def carried(crew: Crew) -> list[int]:
    """The versions that have an issue."""
    with crew.view(crew.viewer) as view:
        versions = [get_version(view, "prp_lamp", number) for number in (1, 2, 3)]
        return [one.number for one in versions if queries.page_affecting(view, one, Paging()).items]


def open_issues(crew: Crew) -> dict[int, int]:
    with crew.view(crew.viewer) as view:
        return queries.open_issues_of_versions(view, get_version(view, "prp_lamp", 1).asset, (1, 2, 3))


def test_an_open_issue_is_carried_until_a_version_closes_it(lamp: Crew) -> None:
    issue_id = reports(lamp, 2)
    opened, counted = carried(lamp), open_issues(lamp)
    closes(lamp, issue_id, 3)
    closed = carried(lamp)
    with lamp.work(lamp.artist) as work:
        issues.reopen(work, issue_id)

    assert (opened, closed, carried(lamp)) == ([2, 3], [2], [2, 3])
    assert (counted, open_issues(lamp)) == ({1: 0, 2: 1, 3: 1}, {1: 0, 2: 1, 3: 1})
    assert lamp.types("issue.") == ["issue.reported/1", "issue.closed/1", "issue.reopened/1"]


def test_an_issue_that_was_none_stands_nowhere(lamp: Crew) -> None:
    closes(lamp, reports(lamp), None)

    assert carried(lamp) == []


def test_a_listing_is_narrowed_by_state_severity_and_who_sees_to_it(lamp: Crew) -> None:
    mine, other = reports(lamp, assignee="art"), reports(lamp)
    with lamp.work(lamp.artist) as work:
        issues.change(work, other, IssueChange(severity=Severity.BLOCKING))
    closes(lamp, mine, 2)

    def listed(wanted: IssueFilter) -> list[str]:
        with lamp.view(lamp.viewer) as view:
            return [str(one.id) for one in queries.page_issues(view, Paging(), wanted).items]

    assert listed(IssueFilter()) == [other, mine]
    assert listed(IssueFilter(assignee_id=lamp.artist.id)) == [mine]
    assert listed(IssueFilter(state=IssueState.OPEN)) == listed(IssueFilter(severity=Severity.BLOCKING)) == [other]


def test_only_a_later_version_that_is_offered_closes_an_issue(lamp: Crew) -> None:
    issue_id = reports(lamp, 2)

    with lamp.work(lamp.artist) as work, pytest.raises(InvalidInput):
        issues.close(work, issue_id, 2)
    with lamp.work(lamp.artist) as work, pytest.raises(NotFound):
        issues.close(work, issue_id, 4)

    assert carried(lamp) == [2, 3]


def test_nobody_is_assigned_what_they_may_not_know_of(lamp: Crew) -> None:
    ivy = lamp.joins("ivy", Role.ARTIST, groups=["vip"])
    lamp.registers("prp_secret", audience=("vip",), by=ivy)
    lamp.publishes("prp_secret", by=ivy)

    with lamp.work(ivy) as work, pytest.raises(Conflict, match="art may not know of prp_secret@1"):
        issues.report(work, "prp_secret", 1, Report(text=HOOK, assignee=lamp.artist.name))


def test_anybody_who_annotates_moves_an_issue_on_but_its_words_are_its_authors(lamp: Crew) -> None:
    issue_id, other = reports(lamp), lamp.joins("olga", Role.ARTIST)

    with lamp.work(other) as work:
        issues.change(work, issue_id, IssueChange(severity=Severity.MAJOR, assignee="olga", text=HOOK))
    with lamp.work(other) as work, pytest.raises(NotPermitted):
        issues.change(work, issue_id, IssueChange(text="It is fine."))

    with lamp.view() as view:
        issue = queries.get_issue(view, issue_id)
    assert (issue.severity, issue.assignee_id, issue.text) == ("major", other.id, HOOK)


@pytest.mark.parametrize(
    "act",
    [
        lambda work, issue_id: issues.change(work, issue_id, IssueChange(text="It came back.")),
        lambda work, issue_id: issues.close(work, issue_id, None),
        issues.reopen,
        issues.remove,
    ],
    ids=["change", "close", "reopen", "remove"],
)
def test_an_issue_that_is_being_removed_is_not_moved_on(lamp: Crew, act: Callable[[UnitOfWork, str], object]) -> None:
    issue_id = reports(lamp)
    closes(lamp, issue_id, 2)
    before = lamp.types("issue.")

    refused = lamp.overlaps(lambda work: issues.remove(work, issue_id), lambda work: act(work, issue_id))

    assert isinstance(refused, NotFound)
    assert lamp.types("issue.") == [*before, "issue.removed/1"]
