"""Every table is listed: what the ledger tells of, what keeps the house running, and what can be made again."""

import importlib

from sqlalchemy import Engine, inspect

from catalog.db.base import Base
from tests.house.source import modules

LEDGERED = {
    "asset",
    "asset_merge",
    "asset_version",
    "collection",
    "collection_item",
    "collection_link",
    "collection_share",
    "custom_field",
    "external_id",
    "file",
    "membership",
    "note",
    "relation",
    "root",
    "saved_search",
    "saved_search_share",
    "show",
    "synonym_file",
    "tag_synonym",
    "token",
    "user_account",
    "user_group",
}
"""Every change of these leaves an entry."""

LEDGER = {"ledger_entry", "ledger_head", "ledger_subject", "revision"}
"""The ledger itself."""

BOOKKEEPING = {
    "audience",
    "audience_group",
    "blob",
    "bulk_edit",
    "bulk_edit_asset",
    "import_row",
    "job",
    "kept_answer",
    "saved_search_news",
    "saved_search_watch",
    "sweep_turn",
    "version_upload",
}
"""These keep the house running and leave no entry: what a person did with them is told by what they serve."""

DERIVED = {"fact", "measurement", "preview", "rendering", "summary"}
"""These can be dropped and made again, and leave no entry but one at the end."""

SCHEMA = {"alembic_version"}


def _models() -> set[str]:
    for module in modules():
        if module.path.name == "models.py":
            importlib.import_module(module.name)
    return set(Base.metadata.tables)


def test_every_table_is_listed_once() -> None:
    lists = (LEDGERED, LEDGER, BOOKKEEPING, DERIVED)

    assert _models() == set().union(*lists)
    assert sum(map(len, lists)) == len(_models())


def test_the_database_has_these_tables_and_no_others(engine: Engine) -> None:
    assert set(inspect(engine).get_table_names()) == _models() | SCHEMA
