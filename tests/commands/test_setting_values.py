"""Mistyped settings and empty arguments: one line and code 2, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.utils.project import get_project_settings

from newscrawl.run import setting_values
from tests.commands.test_crawl import complaint
from tests.support.crawling import crawl

if TYPE_CHECKING:
    from pathlib import Path

WRONG = [
    ("CONCURRENT_REQUESTS", "x", "not a whole number"),
    ("CONCURRENT_REQUESTS", "0", "more than 0"),
    ("DOWNLOAD_DELAY", "", "not a number"),
    ("DOWNLOAD_DELAY", "nan", "not a number"),
    ("DOWNLOAD_DELAY", "inf", "not a number"),
    ("DOWNLOAD_TIMEOUT", "-1", "negative"),
    ("RETRY_TIMES", "2.5", "not a whole number"),
    ("MONITOR_HISTORY", "all", "not a whole number"),
    ("BLOCKED_MAX_SHARE", "viel", "not a number"),
    ("BLOCKED_MAX_SHARE", "10", "from 0 to 1"),
    ("RECHECK_AGES", "1,x", "list of seconds"),
    ("RECHECK_AGES", "-1", "list of seconds"),
    ("RETRY_HTTP_CODES", "abc", "list of numbers"),
    ("RETRY_INTERVALS", "abc", "rising list of seconds"),
    ("RETRY_INTERVALS", "600,-1", "rising list of seconds"),
    ("RETRY_INTERVALS", "3600,600", "rising list of seconds"),
    ("RETRY_INTERVALS", " , ", "is empty"),
    ("ROBOTSTXT_OBEY", "ja", "not a switch"),
    ("LOG_ENCODING", "foo", "not an encoding"),
    ("LOG_FORMAT", "%(foo)s", "not a format"),
    ("OUTPUT_DIR", "", "is empty"),
    ("SCHEDULER", "foo.Bar", "cannot be imported"),
    ("ITEM_PIPELINES", '{"foo.Bar": 1}', "cannot be imported"),
    ("ITEM_PIPELINES", '{"scrapy.Spider": "x"}', "a number"),
    ("RUN_STARTED", "2026-1-1", "not a time"),
    ("RUN_LOG", "files", "write file"),
    ("CRAWL_WINDOW", "1-6", "01:00-06:00"),
    ("CRAWL_WINDOW", "06:00-06:00", "01:00-06:00"),
    ("CRAWL_WINDOW", "24:00-06:00", "01:00-06:00"),
    ("CRAWL_WINDOW", "22:00-24:30", "01:00-06:00"),
    ("DAILY_MAX_REQUESTS", "viele", "for example 0"),
    ("DAILY_MAX_REQUESTS", "-5", "0 or more"),
    ("DAILY_MAX_BYTES", "1e6", "not a whole number"),
    ("CRAWL_DELAY_MAX", "-1", "0 or more"),
    ("CRAWL_DELAY_MAX", "eine Minute", "for example 60"),
    ("RETRY_AFTER_MAX", "inf", "for example 3600"),
    ("BACKOFF_START", "0", "more than 0"),
    ("BACKOFF_MAX", "x", "for example 900"),
    ("WAIT_MAX", "", "for example 900"),
    ("SERVER_ERROR_INTERVAL", "-1", "0 or more"),
    ("REFUSALS_MAX", "0", "more than 0"),
    ("REFUSALS_MAX", "2.5", "not a whole number"),
    ("RIGHTS_POLICY", "obey", "write record or respect"),
    ("RIGHTS_POLICY", "", "write record or respect"),
]


@pytest.mark.parametrize(("name", "value", "says"), WRONG)
def test_a_wrong_value_is_named(name: str, value: str, says: str) -> None:
    settings = get_project_settings()
    assert setting_values.error_of(settings) is None
    settings.set(name, value, "cmdline")
    error = setting_values.error_of(settings) or ""
    assert error.startswith(f"setting {name}")
    assert says in error


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOWNLOAD_DELAY", "0.5"),
        ("DOWNLOAD_TIMEOUT", "2.5"),
        ("RETRY_PRIORITY_ADJUST", "-2"),
        ("RECHECK_AGES", ""),
        ("RECHECK_AGES", "0.5,60"),
        ("RECHECK_AGES", "1,,2"),
        ("RETRY_INTERVALS", "60, ,600"),
        ("RETRY_INTERVALS", "0"),
        ("LOG_LEVEL", "10"),
        ("ROBOTSTXT_OBEY", "0"),
        ("RUN_STARTED", "2026-11-28T10-00-00Z"),
        ("CRAWL_WINDOW", "00:00-24:00"),
        ("CRAWL_WINDOW", "22:00-24:00, 01:00-06:00"),
        ("CRAWL_WINDOW", ""),
        ("BACKOFF_START", "0.5"),
        ("SERVER_ERROR_INTERVAL", "0"),
        ("SERVER_ERROR_INTERVAL", "0.5"),
        ("FOO", "x"),
    ],
)
def test_a_right_value_is_accepted(name: str, value: str) -> None:
    settings = get_project_settings()
    settings.set(name, value, "cmdline")
    assert setting_values.error_of(settings) is None


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("DOWNLOAD_DELAY=abc", "DOWNLOAD_DELAY=abc is not a number"),
        ("LOG_LEVEL=FOO", "LOG_LEVEL=FOO"),
        ("RUN_STARTED=../../x", "is not a time"),
    ],
)
def test_the_command_says_it_in_one_line(setting: str, says: str, tmp_path: Path) -> None:
    output = tmp_path / "output"
    name, _, value = setting.partition("=")
    run = crawl("esteri", output, settings={name: value})
    assert says in complaint(run)
    assert run.code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.e2e
def test_a_wrong_value_of_the_environment_is_one_line(tmp_path: Path) -> None:
    # The command's own -s would win.
    run = crawl("esteri", tmp_path, environment={"NEWSCRAWL_LOG": "files"})
    assert "NEWSCRAWL_LOG" in complaint(run)
    assert run.code == 2


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["site_url", "since", "urls", "pages"])
def test_an_empty_argument_is_refused(name: str, tmp_path: Path) -> None:
    run = crawl("esteri", tmp_path, arguments={name: ""})
    assert f"{name}= is empty" in complaint(run)
    assert run.code == 2
    assert list(tmp_path.iterdir()) == []
