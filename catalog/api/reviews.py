"""``/reviews``: versions that wait to be approved, or to be sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.api.operation import Operation, PageQuery
from catalog.api.shapes import Listing, VersionAnswer, show_versions
from catalog.api.versions import StandingBody, number_of
from catalog.assets import queries, reviewing
from catalog.kernel.abilities import Ability
from catalog.kernel.paging import Paging

if TYPE_CHECKING:
    from catalog.api.operation import Call
    from catalog.work.unit import UnitOfWork
    from catalog.work.view import View


def list_reviews(call: Call, view: View) -> Listing[VersionAnswer]:
    """Return the versions that wait."""
    page = queries.page_in_review(view, Paging(limit=call.query.limit, cursor=call.query.cursor))
    return Listing[VersionAnswer](items=show_versions(view, page.items), next_cursor=page.next_cursor)


def approve(call: Call, work: UnitOfWork) -> VersionAnswer:
    """Publish a version."""
    version = reviewing.approve(work, call.path["code"], number_of(call), if_revision=call.if_revision)
    return show_versions(work.view, [version])[0]


def send_back(call: Call, work: UnitOfWork) -> VersionAnswer:
    """Give a version back to its maker."""
    reason = call.body.reason
    version = reviewing.send_back(work, call.path["code"], number_of(call), reason, if_revision=call.if_revision)
    return show_versions(work.view, [version])[0]


_VERSION = "/assets/{code}/versions/{number}"
OPERATIONS = (
    Operation(
        name="reviews.list",
        method="GET",
        path="/reviews",
        summary="List the versions that wait for review, the oldest first: all for those who curate, else your own",
        ability=Ability.PUBLISH,
        read=list_reviews,
        query=PageQuery,
        answer=Listing[VersionAnswer],
    ),
    Operation(
        name="reviews.approve",
        method="POST",
        path=f"{_VERSION}/approval",
        summary="Publish a version that waits for review",
        ability=Ability.CURATE,
        write=approve,
        answer=VersionAnswer,
    ),
    Operation(
        name="reviews.send-back",
        method="POST",
        path=f"{_VERSION}/return",
        summary="Give a version that waits for review back to its maker, with the reason",
        ability=Ability.CURATE,
        write=send_back,
        body=StandingBody,
        answer=VersionAnswer,
    ),
)
