"""The client: one server, one token, and a noun for each kind of thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.client.assets import Assets
from catalog.client.collections import Collections
from catalog.client.connection import READ_S, TRIES, Connection
from catalog.client.files import Files, Imports, Openapi, Previews
from catalog.client.login import find_login
from catalog.client.nouns.edits import EditsOperations
from catalog.client.nouns.events import EventsOperations
from catalog.client.nouns.fields import FieldsOperations
from catalog.client.nouns.groups import GroupsOperations
from catalog.client.nouns.issues import IssuesOperations
from catalog.client.nouns.jobs import JobsOperations
from catalog.client.nouns.ledger import LedgerOperations
from catalog.client.nouns.me import MeOperations
from catalog.client.nouns.notes import NotesOperations
from catalog.client.nouns.relations import RelationsOperations
from catalog.client.nouns.resolutions import ResolutionsOperations
from catalog.client.nouns.reviews import ReviewsOperations
from catalog.client.nouns.roots import RootsOperations
from catalog.client.nouns.searches import SearchesOperations
from catalog.client.nouns.shows import ShowsOperations
from catalog.client.nouns.synonyms import SynonymsOperations
from catalog.client.nouns.tags import TagsOperations
from catalog.client.nouns.tokens import TokensOperations
from catalog.client.nouns.users import UsersOperations
from catalog.client.search import Search
from catalog.client.versions import Versions

if TYPE_CHECKING:
    from types import TracebackType


class Client:
    """Talks to one server with one token. Safe to use from several threads; a context manager that closes connections.

    ``on_behalf_of`` is the login of the user that a service token acts for; ``show`` and ``farm_job`` say in what the
    work is done, for the ledger. No request waits longer than ``timeout_s`` for the server's next word; what may
    safely be repeated is sent up to ``tries`` times, in some seconds. ``verify`` is what ``requests`` takes for
    certificates: False, or the path of a bundle.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        on_behalf_of: str | None = None,
        show: str | None = None,
        farm_job: str | None = None,
        timeout_s: float = READ_S,
        tries: int = TRIES,
        verify: bool | str = True,
    ) -> None:
        self._context = {"on_behalf_of": on_behalf_of, "show": show, "farm_job": farm_job}
        self._connection = Connection(
            url, token, context=self._context, timeout_s=timeout_s, tries=tries, verify=verify
        )
        self.assets = Assets(self._connection)
        self.edits = EditsOperations(self._connection)
        self.collections = Collections(self._connection)
        self.events = EventsOperations(self._connection)
        self.fields = FieldsOperations(self._connection)
        self.files = Files(self._connection)
        self.groups = GroupsOperations(self._connection)
        self.imports = Imports(self._connection)
        self.issues = IssuesOperations(self._connection)
        self.jobs = JobsOperations(self._connection)
        self.ledger = LedgerOperations(self._connection)
        self.me = MeOperations(self._connection)
        self.notes = NotesOperations(self._connection)
        self.openapi = Openapi(self._connection)
        self.previews = Previews(self._connection)
        self.relations = RelationsOperations(self._connection)
        self.resolutions = ResolutionsOperations(self._connection)
        self.reviews = ReviewsOperations(self._connection)
        self.roots = RootsOperations(self._connection)
        self.search = Search(self._connection)
        self.searches = SearchesOperations(self._connection)
        self.shows = ShowsOperations(self._connection)
        self.synonyms = SynonymsOperations(self._connection)
        self.tags = TagsOperations(self._connection)
        self.tokens = TokensOperations(self._connection)
        self.users = UsersOperations(self._connection)
        self.versions = Versions(self._connection)

    @classmethod
    def from_environment(
        cls, *, on_behalf_of: str | None = None, show: str | None = None, farm_job: str | None = None
    ) -> Client:
        """Return a client for ``CATALOG_URL`` and ``CATALOG_TOKEN``, or for a catalogue that this machine knows.

        That is the one that runs on the data folder ``CATALOG_DATA``, else the one that ``catalog login`` kept, else
        the one that runs on ``var`` in the current folder. Raises ``InvalidInput``, ``NotSignedIn`` or ``Unavailable``
        where nothing says a server and a token.
        """
        login = find_login()
        return cls(login.url, login.token, on_behalf_of=on_behalf_of, show=show, farm_job=farm_job)

    @property
    def url(self) -> str:
        """The server's address."""
        return self._connection.url

    def close(self) -> None:
        """Close the connections."""
        self._connection.close()

    def __enter__(self) -> Client:  # noqa: PYI034 — typing.Self is newer than Python 3.9
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Client({self.url!r})"
