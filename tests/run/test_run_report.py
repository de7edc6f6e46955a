"""What each run leaves behind about itself, and how its log names it."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.commands import runs_table
from newscrawl.items import Article
from newscrawl.run import report_files, run_report
from newscrawl.run.article_stats import age_of
from newscrawl.run.logs import JsonFormatter, RunFormatter
from newscrawl.run.report_files import Unreadable
from newscrawl.run.run_report import Facts
from tests.support import preloaded
from tests.support.crawling import crawl
from tests.support.killing import environment, words
from tests.support.posting import receiver
from tests.support.preloaded import PreloadedProcess
from tests.support.reports import leave, report
from tests.support.waiting import HANG, slow_articles, wait_for_lines
from twin import schedule
from twin.process import TwinProcess

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

KEYS = [
    "schema_version", "run_id", "spider", "job", "arguments", "started_at", "ended_at", "seconds",
    "reason", "exit_code", "detail", "articles", "sources", "sections", "coverage", "readers",
    "audit", "completeness", "lag", "duplicates", "rejected", "outside", "not_articles",
    "not_fetched", "rights", "known", "failed", "failed_urls", "blocked", "requests", "retries",
    "browser", "waits", "statuses", "daily", "drift", "monitors", "files", "archive",
    "versions", "stats",
]  # fmt: skip


def test_a_report_has_every_key_whatever_became_of_the_run() -> None:
    stats: dict[str, Any] = {
        "start_time": datetime(2026, 11, 25, 10, tzinfo=UTC),
        "finish_time": datetime(2026, 11, 25, 10, 1, tzinfo=UTC),
        "finish_reason": "partial",
        "finish/detail": "1 not fetched",
        "articles/written": 2,
        "coverage/date_published": 2,
        "coverage/date_published/day": 1,
        "blocked/captcha": 1,
        "blocked/http_403": 2,
        "browser/pages": 3,
        "downloader/request_count": 9,
        "downloader/response_status_count/200": 8,
    }
    empty, found = (
        run_report.build(Facts("a/b", "a"), {}),
        run_report.build(Facts("a/b", "a"), stats),
    )
    assert list(empty) == list(found) == KEYS
    assert (empty["reason"], empty["exit_code"]) == ("unknown", 1)
    assert (found["exit_code"], found["detail"]) == (16, "1 not fetched")
    assert (found["started_at"], found["ended_at"]) == (
        "2026-11-25T10:00:00Z", "2026-11-25T10:01:00Z",
    )  # fmt: skip
    assert found["coverage"] == {"date_published": 2}
    assert (found["blocked"], found["browser"]) == (3, {"pages": 3, "skipped": 0})
    assert found["requests"] == {"total": 9, "2xx": 8}
    assert json.loads(json.dumps(found)) == found


def test_lag_is_by_nearest_rank() -> None:
    assert run_report.lag_figures([]) == {"count": 0, "median": None, "p95": None}
    assert run_report.lag_figures([*range(1, 101)]) == {"count": 100, "median": 50, "p95": 95}


def test_the_age_of_an_article() -> None:
    article = Article(date_published="2026-11-25", fetched_at="2026-11-25T09:00:00Z")
    age = age_of(article)
    assert age is not None
    assert age.total_seconds() == 9 * 3600
    assert age_of(Article(fetched_at="2026-11-25T09:00:00Z")) is None


def test_reports_of_the_same_second_do_not_overwrite_each_other(tmp_path: Path) -> None:
    place = tmp_path / "esteri" / "2026-11-25T10-00-00Z.run.json"
    first, second = report_files.write(report(1), place), report_files.write(report(2), place)
    assert (first, second.name) == (place, "2026-11-25T10-00-00Z-2.run.json")
    assert report_files.write(report(3), place, is_new=False) == place
    assert report_files.read(place) == report(3)
    assert report_files.latest([place.parent], 9) == [second, first]
    assert sorted(path.name for path in place.parent.iterdir()) == [second.name, first.name]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"run_id": ', "not JSON: line 1"),
        ("[]", "not a JSON object"),
        ('{"run_id": 1}', "not a run report: run_id is missing"),
        ("[" * 100_000, "RecursionError"),
        ("\udcff", "not UTF-8 text"),
        (json.dumps({**report(), "ended_at": "ieri"}), "its times cannot be read"),
    ],
)
def test_a_report_that_cannot_be_read_is_named(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "2026-11-25T10-00-00Z.run.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    (found,) = report_files.read_all([path])
    assert isinstance(found, Unreadable)
    assert why in found.why


def test_a_report_is_whole_or_not_there(tmp_path: Path) -> None:
    place = tmp_path / "2026-11-25T10-00-00Z.run.json"
    with pytest.raises(TypeError):
        report_files.write({"run_id": object()}, place)
    assert list(tmp_path.iterdir()) == []


def test_the_list_of_runs_is_aligned() -> None:
    rows = [
        runs_table.build_row(
            report(
                0,
                1200,
                downloader__request_count=1300,
                monitors=("coverage",),
                audit__articles=9,
                audit__compared__body=8,
                audit__agreed__body=7,
            )
        ),
        runs_table.build_row(
            {
                "started_at": "2026-11-25T10:00:00Z",
                "spider": "esteri\x1b[2J",
                "reason": "locked",
                "articles": {},
            }
        ),
    ]
    head = "started               series     reason    written"
    day = "2026-11-25"
    assert list(runs_table.plain(rows)) == [
        f"{head}  missing  requests  took    lag  audit  monitors",
        f"{day} 11:59:50Z  esteri     finished    1,200        -     1,300  10.0 s  -    87.5%  coverage",  # noqa: E501
        f"{day} 10:00:00Z  esteri[2J  locked          0        -         0  0.0 s   -    -      -",
    ]


def record(message: str, *values: object, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("newscrawl.x", logging.INFO, "f.py", 1, message, values, None)
    made.created, made.msecs = 1795600800.25, 250.0
    vars(made).update(more)
    return made


HOSTILE = "Titolo\r\n2026-11-25 esteri [root] ERROR: falso\x1b[2J\u2028\x85fine"


def test_a_headline_cannot_add_a_line_or_steer_a_terminal() -> None:
    text = RunFormatter("esteri/2026", None).format(record("Written: %s", HOSTILE))
    assert text.startswith("2026-11-25 10:00:00,250 esteri/2026 [newscrawl.x] INFO: Written: Tit")
    assert len(text.splitlines()) == 1
    assert text.isprintable()
    line = JsonFormatter("esteri/2026", "j1").format(record("Written: %s", HOSTILE))
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert json.loads(line) == {
        "time": "2026-11-25T10:00:00.250Z",
        "level": "INFO",
        "logger": "newscrawl.x",
        "message": f"Written: {HOSTILE}",
        "run_id": "esteri/2026",
        "spider": "esteri",
        "job": "j1",
        "exception": None,
    }


def test_an_exception_is_one_field_or_indented_lines() -> None:
    try:
        int(HOSTILE)
    except ValueError:
        made = record("It failed", exc_info=sys.exc_info())
    found = json.loads(JsonFormatter("a/b", None).format(made))
    assert "ValueError: invalid literal" in found["exception"]
    first, *rest = RunFormatter("a/b", None).format(made).split("\n")
    assert first.endswith("It failed")
    assert all(line.startswith("    ") for line in rest)


def reports(folder: Path) -> list[dict[str, Any]]:
    """Return the reports of a folder, oldest first."""
    return [report_files.read(path) for path in reversed(report_files.latest([folder], 99))]


def listed(output: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return preloaded.run(["runs", *arguments], environment(output))


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=60) as process:
        yield process


@pytest.mark.e2e
def test_a_run_under_scrapyd_and_what_is_told_of_it(twin: TwinProcess, tmp_path: Path) -> None:
    scrapyd = {"SCRAPY_JOB": "0123abcd"}
    twin.set_now(schedule.EPOCH - timedelta(days=60))
    run = crawl("cronaca", tmp_path, environment=scrapyd, site_url=twin.url, related="section")
    assert run.code == 0
    lines = [json.loads(line) for line in run.stderr.splitlines()]
    (dump,) = run.dumps
    assert {line["run_id"] for line in lines} == {f"cronaca/{dump.stem}"}
    assert {line["job"] for line in lines} == {"0123abcd"}
    assert lines[0]["message"].startswith("Scrapy 2.")
    assert lines[-1]["message"] == "Run ended: finished (exit code 0)"
    (found,) = reports(run.folder)
    assert list(found) == KEYS
    assert found["run_id"] == f"cronaca/{dump.stem}"
    assert found["job"] == "0123abcd"
    assert found["arguments"] == {"site_url": twin.url, "related": "section"}
    written = len(run.articles)
    assert found["articles"] == {"written": written, "revised": 0, "gone": 0}
    assert sum(found["sections"].values()) == written == found["coverage"]["headline"]
    assert found["lag"] == {"count": 0, "median": None, "p95": None}
    for name in ("subtitle", "keywords", "image", "videos"):
        have = sum(bool(one[name]) for one in run.articles)
        assert found["coverage"].get(name, 0) == have
    assert found["files"] == {
        "dump": f"cronaca/{dump.name}",
        "rejected": None,
        "audit": None,
        "log": None,
    }
    assert found["requests"]["total"] == found["stats"]["downloader/request_count"]
    assert {one["status"] for one in found["monitors"]} == {"passed"}
    # A second run has a lag: that of what is new, if the first run was as old as the twin's clock.
    found["started_at"] = (schedule.EPOCH - timedelta(days=60)).isoformat()
    report_files.write(found, dump.with_suffix(".run.json"), is_new=False)
    twin.set_now(schedule.EPOCH)
    again = crawl("cronaca", tmp_path, site_url=twin.url)
    new = again.articles[written:]
    timed = [one for one in new if one["date_published_precision"] != "day"]
    assert reports(run.folder)[-1]["lag"]["count"] == len(timed) > 0


@pytest.mark.soak
@pytest.mark.e2e
def test_what_a_limited_or_failed_first_run_left_is_not_captured_late(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_now(schedule.EPOCH)
    limits = {"LAG_MAX": '{"median": 60}'}
    first = crawl("cronaca", tmp_path, settings=limits, site_url=twin.url, related="off", pages=1)
    second = crawl("cronaca", tmp_path, settings=limits, site_url=twin.url, related="off", pages=4)
    assert (first.code, second.code) == (0, 0), second.stderr
    twin.set_faults([{"kind": "status", "path": "/category/sport/", "value": 500}])
    failed = crawl("sport", tmp_path, settings=limits, site_url=twin.url)
    assert failed.code != 0
    twin.set_faults([])
    healed = crawl("sport", tmp_path, settings=limits, site_url=twin.url)
    assert healed.code == 0, healed.stderr
    for run in (second, healed):
        assert len(reports(run.folder)) == 2
        assert reports(run.folder)[-1]["articles"]["written"] > 0
        assert reports(run.folder)[-1]["lag"]["count"] == 0
    done = preloaded.run(["report"], {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No article was published since crawling began" in page


@pytest.mark.e2e
def test_a_monitor_that_fails_is_told_once_and_again_when_it_is_well(
    twin: TwinProcess, tmp_path: Path
) -> None:
    broken = {"FIELD_COVERAGE": '{"images": 0.99}'}
    with receiver() as server:
        hook = {"NEWSCRAWL_ALERTS": "exit_code,webhook", "NEWSCRAWL_WEBHOOK_URL": server.url}
        server.status = 500
        first = crawl("esteri", tmp_path, site_url=twin.url, settings=broken, environment=hook)
        assert first.code == 19
        assert "newscrawl: monitors failed: coverage: of 7 articles have: images" in first.stderr
        assert "Alert not sent by webhook: HTTP 500" in first.stderr
        assert len(first.articles) == 7
        server.status = 200
        for _ in range(2):
            run = crawl("esteri", tmp_path, site_url=twin.url, settings=broken, environment=hook)
            assert run.code == 19
        well = crawl("esteri", tmp_path, site_url=twin.url, environment=hook)
        assert well.code == 0
        assert [one.json()["event"] for one in server.taken] == ["failing", "failing", "recovered"]
    found = reports(first.folder)
    assert [one["reason"] for one in found] == [*["monitors_failed"] * 3, "nothing_new"]
    told = [
        {key: n for key, n in one["stats"].items() if key.startswith("alerts/")} for one in found
    ]
    assert told == [
        {"alerts/failed/webhook": 1}, {"alerts/sent/webhook": 1}, {}, {"alerts/sent/webhook": 1},
    ]  # fmt: skip
    assert found[0]["exit_code"] == 19
    assert [one["name"] for one in found[0]["monitors"] if one["status"] == "failed"] == [
        "coverage"
    ]


@pytest.mark.e2e
def test_runs_that_are_refused_or_stopped_leave_a_report_too(
    twin: TwinProcess, tmp_path: Path
) -> None:
    line = words("cronaca", twin.url, CONCURRENT_REQUESTS=1, DOWNLOAD_TIMEOUT=HANG)
    stopped = PreloadedProcess(line, environment(tmp_path))
    folder = tmp_path / "cronaca"
    with slow_articles(twin, 1):
        wait_for_lines(folder, stopped)
        with slow_articles(twin, HANG):
            refused = crawl("cronaca", tmp_path, site_url=twin.url)
            stopped.send_signal(signal.SIGINT)
    _, said = stopped.communicate(timeout=HANG)
    assert (refused.code, stopped.returncode) == (13, 20)
    assert "newscrawl: stopped before its end: run it again to continue" in said
    found = {one["reason"]: one for one in reports(folder)}
    assert set(found) == {"locked", "shutdown"}
    assert found["locked"]["run_id"].endswith("Z-refused")
    assert found["locked"]["monitors"] == []
    assert found["shutdown"]["articles"]["written"] == len(refused.articles) > 0
    (dump,) = refused.dumps
    assert found["shutdown"]["files"]["dump"] == f"cronaca/{dump.name}"

    leave(tmp_path, [report(hours) for hours in (1, 2, 3)])
    (tmp_path / "esteri" / "2026-11-24T10-00-00Z.run.json").write_text('{"a', encoding="utf-8")
    table = listed(tmp_path)
    assert table.returncode == 0
    head, *lines = table.stdout.splitlines()
    assert head.split() == [
        "started", "series", "reason", "written", "missing", "requests", "took", "lag", "audit",
        "monitors",
    ]  # fmt: skip
    assert len(lines) == 5
    assert lines == sorted(lines, reverse=True), "the newest first"
    assert "cannot read" in table.stderr
    assert "2026-11-24T10-00-00Z.run.json: not JSON" in table.stderr
    whole = json.loads(listed(tmp_path, "esteri", "--json", "-n", "2").stdout)
    assert [list(one) for one in whole] == [KEYS, KEYS]


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("estero",), "unknown spider 'estero': did you mean esteri?"),
        (("-n", "many"), "-n 'many' is not a number of runs"),
    ],
)
def test_what_is_typed_wrongly(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = listed(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
