"""Brings one installation into order before it serves: database, object store, first administrator. Safe to run again.

A program of its own, so that the supervisor needs neither SQLAlchemy nor boto3 in memory:
``python -m catalog.app.preparation FOLDER ORIGIN…``, with the settings in the environment. Browsers may use the object
store from pages of the origins.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog.accounts import authentication, passwords, tokens, users
from catalog.accounts.models import User
from catalog.accounts.queries import page_users
from catalog.accounts.vocabulary import Role
from catalog.app.installation import Installation, open_installation
from catalog.db import migrate
from catalog.db.engine import create_engine_for
from catalog.kernel.actors import system_actor
from catalog.kernel.errors import CatalogError, NotPermitted, Unavailable
from catalog.kernel.paging import LIMIT_MAX, Paging
from catalog.reactions import REACTIONS
from catalog.settings import Settings, read_settings
from catalog.storage.s3 import preparation as s3
from catalog.storage.s3.connection import S3Config
from catalog.work.desk import Desk
from catalog.work.view import View

ADMINISTRATOR = "admin"
ACTOR = system_actor("operator:preparation")
STORE_WITHIN_S = 30.0


def main() -> None:
    """Prepare the installation of the folder that the command line names; words and exit code 1 where it cannot be."""
    _, folder, *origins = sys.argv
    try:
        prepare(open_installation(Path(folder)), read_settings(), origins)
    except CatalogError as error:
        sys.exit(error.message)


def prepare(installation: Installation, settings: Settings, origins: Sequence[str]) -> None:
    """Migrate the database, enter the first administrator, keep a valid token, and make the buckets."""
    engine = create_engine_for(settings.database)
    migrate.upgrade(engine)
    desk = Desk(engine=engine, reactions=REACTIONS)
    enter_administrator(desk, installation)
    keep_token(desk, installation)
    engine.dispose()
    if settings.s3_endpoint_url is not None:
        prepare_store(settings.s3_endpoint_url, settings, origins)


def prepare_store(endpoint_url: str, settings: Settings, origins: Sequence[str]) -> None:
    """Make the buckets once the store answers, and print what it lacks."""
    config = S3Config(
        endpoint_url=endpoint_url,
        public_endpoint_url=settings.s3_public_endpoint_url,
        bucket_prefix=settings.s3_bucket_prefix,
    )
    for remark in s3.prepare(config, web_origins=origins, wait_s=STORE_WITHIN_S):
        sys.stdout.write(f"{remark}\n")


def enter_administrator(desk: Desk, installation: Installation) -> None:
    """Enter ``admin`` where there is no user at all; forget the kept password once it is not the right one any more."""
    with desk.view(ACTOR) as view:
        anybody = page_users(view, Paging(limit=1)).items
        administrator = authentication.find_user_to_check(view.session, ADMINISTRATOR)
    kept = installation.find_secret("admin_password")
    if anybody:
        if kept and not passwords.matches(administrator.password_hash if administrator else None, kept):
            installation.forget_secret("admin_password")
        return
    new = users.NewUser(
        login=ADMINISTRATOR,
        display_name="Administrator",
        password_hash=passwords.hash_password(kept or installation.secret("admin_password")),
        roles=(Role.ADMIN,),
    )
    with desk.work(ACTOR) as work:
        users.create_user(work, new)


def keep_token(desk: Desk, installation: Installation) -> None:
    """Keep an administrator's token for local scripts; issue one where the kept one is not valid any more."""
    with desk.view(ACTOR) as view:
        if _is_valid(view, installation.find_secret("admin_token")):
            return
        administrators = [user.login for user in _everybody(view) if user.active and Role.ADMIN in user.roles]
    if not administrators:
        raise Unavailable("the database has users but no active administrator; `catalog admin create-user` makes one")
    login = ADMINISTRATOR if ADMINISTRATOR in administrators else administrators[0]
    with desk.work(ACTOR) as work:
        issued = tokens.issue_token(work, tokens.NewToken(name="local scripts", login=login, days=tokens.DAYS_MAX))
    installation.keep_secret("admin_token", issued.secret)


def _everybody(view: View) -> Iterator[User]:
    cursor: str | None = None
    while True:
        page = page_users(view, Paging(limit=LIMIT_MAX, cursor=cursor))
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _is_valid(view: View, token: str | None) -> bool:
    try:
        authentication.actor_of_token(view.session, token or "", view.now)
    except NotPermitted:
        return False
    return True


if __name__ == "__main__":
    main()
