"""Settings: refused at start where they make no sense, by name, in words, and without telling a secret."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.kernel.errors import InvalidInput
from catalog.settings import OTHERS, PREFIX, Settings, read_settings
from tests.house.source import ROOT, modules


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment without settings, and an empty folder to start in."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "name, value, said",
    [
        (
            "DATABASE_URL",
            "mysql://ann:hunter2@host/db",
            "begins with 'mysql'; right are sqlite:///path and postgresql://",
        ),
        ("DATABASE_URL", "hunter2", "begins with ''; right are"),
        ("S3_ENDPOINT_URL", "s3://hunter2@host", "is no http:// or https:// address"),
        ("S3_PUBLIC_ENDPOINT_URL", "store.example:8333", "is no http:// or https:// address"),
        ("BASE_URL", "http://", "is no http:// or https:// address"),
        ("S3_BUCKET_PREFIX", "Catalog_", "is not of the form that is taken; give what matches ^[a-z"),
        ("SEARCH_URL", "elastic://host", "is not whoosh:///path"),
        ("SECRET_KEY", "hunter2", "has 7 characters; give at least 24 random ones"),
        ("LOG_FORMAT", "xml", "is not among the values that are taken; give 'console' or 'json'"),
        ("SESSION_HOURS", "0", "is too small; give 1 or more"),
        ("PREVIEW_CACHE_MB", "many", "is no whole number; give one, such as 3"),
        ("SITE", "", "has too few characters; give 1 or more"),
    ],
)
def test_a_senseless_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(PREFIX + name, value)

    with pytest.raises(InvalidInput) as refused:
        read_settings()

    assert (refused.value.code, [one.field for one in refused.value.errors]) == ("bad-settings", [PREFIX + name])
    assert f"settings make no sense: {PREFIX}{name} {said}" in refused.value.message
    assert "hunter2" not in refused.value.message


@pytest.mark.parametrize(
    "name, said",
    [
        ("CATALOG_SEACH_URL", "CATALOG_SEACH_URL is no setting; do you mean CATALOG_SEARCH_URL?"),
        ("CATALOG_WEATHER", "CATALOG_WEATHER is no setting; docs/reference/settings.md lists all"),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv(name, "whoosh:///index")

    with pytest.raises(InvalidInput, match=re.escape(said)):
        read_settings()


def test_all_that_makes_no_sense_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CATALOG_SITES", "CATALOG_SESSION_HOURS"):
        monkeypatch.setenv(name, "0")

    with pytest.raises(InvalidInput) as refused:
        read_settings()

    assert [one.field for one in refused.value.errors] == ["CATALOG_SITES", "CATALOG_SESSION_HOURS"]


def test_an_env_file_is_read_in_development_and_the_environment_counts_before_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bare / ".env").write_text("CATALOG_SITE=london\nCATALOG_SESSION_HOURS=3\nOTHER=1\n")
    monkeypatch.setenv("CATALOG_SITE", "vancouver")

    settings = read_settings()

    assert (settings.site, settings.session_hours) == ("vancouver", 3)


def test_a_misspelt_line_of_an_env_file_is_refused(bare: Path) -> None:
    (bare / ".env").write_text("CATALOG_SIET=london\n")

    with pytest.raises(InvalidInput, match=r"CATALOG_SIET is no setting; do you mean CATALOG_SITE\?"):
        read_settings()


def test_variables_of_clients_and_commands_are_no_misspelt_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OTHERS:
        monkeypatch.setenv(name, "x")

    assert read_settings().site == "main"


def test_what_a_cluster_sets_for_a_service_called_catalog_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_SERVICE_HOST", "10.0.0.7")
    monkeypatch.setenv("CATALOG_PORT_80_TCP_ADDR", "10.0.0.7")
    monkeypatch.setenv("CATALOG_PORT", "tcp://10.0.0.7:80")

    assert read_settings().site == "main"


@pytest.mark.parametrize("name", ["CATALOG_PORT", "CATALOG_PORT_NUMBER", "CATALOG_SERVICE_ROLE"])
def test_what_only_looks_as_if_a_cluster_had_set_it_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "9000")

    with pytest.raises(InvalidInput, match=f"{name} is no setting"):
        read_settings()


def test_every_variable_that_the_code_names_is_a_setting_or_known_to_be_another() -> None:
    words = re.compile(r"CATALOG_[A-Z0-9]+(?:_[A-Z0-9]+)*")
    named = {found for module in modules() for found in words.findall(module.text)}

    assert named - {PREFIX + field.upper() for field in Settings.model_fields} == OTHERS


@pytest.mark.parametrize("key", [None, "short"])
def test_a_web_process_that_cannot_start_says_so_in_words(bare: Path, key: str | None) -> None:
    given = {"CATALOG_DATA": str(bare), **({"CATALOG_SECRET_KEY": key} if key else {})}
    if key is None:
        subprocess.run([sys.executable, "-c", MIGRATE], env=os.environ | given | {"PYTHONPATH": str(ROOT)}, check=True)

    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        env=os.environ | given | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 4
    assert "CATALOG_SECRET_KEY" in ended.stderr
    assert "Traceback" not in ended.stderr


MIGRATE = (
    "from catalog.settings import read_settings as r; from catalog.db import engine, migrate; "
    "migrate.upgrade(engine.create_engine_for(r().database))"
)
