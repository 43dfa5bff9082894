"""What happens before the catalogue serves: database, first administrator, token for local scripts."""

import stat
from pathlib import Path

import pytest

from catalog.accounts import passwords, tokens, users
from catalog.accounts.authentication import actor_of_token, find_user_to_check
from catalog.accounts.models import Token
from catalog.accounts.vocabulary import Role
from catalog.app.installation import Installation, open_installation
from catalog.app.preparation import ACTOR, prepare
from catalog.db.engine import create_engine_for
from catalog.kernel.errors import Unavailable
from catalog.reactions import REACTIONS
from catalog.settings import Settings
from catalog.work.desk import Desk


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return open_installation(tmp_path / "var")


def _prepare(installation: Installation) -> None:
    prepare(installation, _settings(installation), origins=())


def _settings(installation: Installation) -> Settings:
    return Settings(data=installation.folder, s3_endpoint_url=None)


@pytest.fixture
def desk(installation: Installation) -> Desk:
    _prepare(installation)
    return Desk(engine=create_engine_for(_settings(installation).database), reactions=REACTIONS)


def test_the_first_start_enters_an_administrator_with_a_password_that_only_the_owner_can_read(
    installation: Installation, desk: Desk
) -> None:
    kept = installation.secret_file("admin_password")

    with desk.view(ACTOR) as view:
        administrator = find_user_to_check(view.session, "admin")
        assert administrator is not None
        assert administrator.roles == ["admin"]
        assert passwords.matches(administrator.password_hash, kept.read_text().strip())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_the_kept_token_is_an_administrators(installation: Installation, desk: Desk) -> None:
    token = installation.find_secret("admin_token")

    with desk.view(ACTOR) as view:
        assert actor_of_token(view.session, token or "", view.now).name == "admin"


def test_a_second_start_changes_nothing(installation: Installation, desk: Desk) -> None:
    before = {path.name: path.read_text() for path in (installation.folder / "secrets").iterdir()}

    _prepare(installation)

    assert {path.name: path.read_text() for path in (installation.folder / "secrets").iterdir()} == before


def test_a_token_that_was_revoked_is_replaced(installation: Installation, desk: Desk) -> None:
    revoked = installation.secret("admin_token")
    with desk.view(ACTOR) as view:
        actor = actor_of_token(view.session, revoked, view.now)
    with desk.work(actor) as work:
        (token,) = [one for one in work.session.query(Token) if one.name == "local scripts"]
        tokens.revoke_token(work, token.id)

    _prepare(installation)

    assert installation.find_secret("admin_token") not in {None, revoked}


def test_a_password_that_was_changed_is_not_kept_any_longer(installation: Installation, desk: Desk) -> None:
    changed = passwords.hash_password("another good password")
    with desk.work(ACTOR) as work:
        users.change_user(work, "admin", users.UserChange(password_hash=changed))

    _prepare(installation)

    assert installation.find_secret("admin_password") is None


def test_another_administrator_serves_where_admin_was_disabled(installation: Installation, desk: Desk) -> None:
    with desk.work(ACTOR) as work:
        users.create_user(
            work, users.NewUser(login="root", display_name="", password_hash=None, roles=(Role.ADMIN, Role.ARTIST))
        )
        users.change_user(work, "admin", users.UserChange(active=False))

    _prepare(installation)

    with desk.view(ACTOR) as view:
        assert actor_of_token(view.session, installation.secret("admin_token"), view.now).name == "root"


def test_an_administrator_is_found_however_many_users_there_are(installation: Installation, desk: Desk) -> None:
    with desk.work(ACTOR) as work:
        for login, role in [("zoe", Role.ADMIN), *((f"ann{number}", Role.VIEWER) for number in range(201))]:
            users.create_user(work, users.NewUser(login=login, display_name="", password_hash=None, roles=(role,)))
        users.change_user(work, "admin", users.UserChange(active=False))

    _prepare(installation)

    with desk.view(ACTOR) as view:
        assert actor_of_token(view.session, installation.secret("admin_token"), view.now).name == "zoe"


def test_a_database_without_any_administrator_is_refused_with_the_remedy(
    installation: Installation, tmp_path: Path
) -> None:
    database = f"sqlite:///{tmp_path / 'elsewhere.sqlite'}"
    prepare(open_installation(tmp_path / "other"), Settings(data=tmp_path / "other", database_url=database), ())
    desk = Desk(engine=create_engine_for(database), reactions=REACTIONS)
    with desk.bookkeeping() as session:
        user = find_user_to_check(session, "admin")
        assert user is not None
        user.roles = ["viewer"]

    with pytest.raises(Unavailable, match="no active administrator"):
        prepare(installation, Settings(data=installation.folder, database_url=database), ())
