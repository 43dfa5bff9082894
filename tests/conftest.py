"""What every test shares: how a skip is counted, and where the tools and samples that some tests need are found."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

pytest_plugins = ["tests.fixtures"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

REQUIRED = os.environ.get("TESTS_REQUIRE") == "all"
"""On a machine that has everything, a test that did not run is a test that failed."""


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("TESTS_REQUIRE", "all") != "all":
        raise pytest.UsageError(f"TESTS_REQUIRE is {os.environ['TESTS_REQUIRE']!r}; it can be 'all', or absent")
    if REQUIRED:  # a module that skips itself must not keep the others from running
        config.option.continue_on_collection_errors = True


def pytest_report_header() -> str | None:
    return "TESTS_REQUIRE=all: a test that is skipped counts as failed" if REQUIRED else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRED and report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("samples") is None:
        report.outcome = "failed"
        report.longrepr = f"must run here (TESTS_REQUIRE=all), but was skipped: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRED and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"must run here (TESTS_REQUIRE=all), but was skipped: {_reason(report)}"
    return report


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser that browser tests drive: ``CHROMIUM``, or one in the usual places."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium: install one, or name it with CHROMIUM=/path")
    if not os.access(found, os.X_OK):
        pytest.fail(f"CHROMIUM={found!r} is no program that can be run")
    return Path(found)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The words of a skip; pytest keeps them as (file, line, "Skipped: words")."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)
