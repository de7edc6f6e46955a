"""The summary: what it says, what it leaves out, and that a crawl ends with it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from newscrawl.formatting import duration, percent
from newscrawl.run.summary import Summary, collect, render, rows, styled
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

SPIDER = """
import sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from newscrawl.context import RunContext
from newscrawl.items import Article, Author
from newscrawl.sites import ALANEWS


class Paths:
    def __init__(self, folder):
        from pathlib import Path
        self.dump, self.rejected = Path(folder, "a.jsonl"), Path(folder, "a.rejected.jsonl")
        self.audit = Path(folder, "a.audit.jsonl")
        self.log = Path(folder, "a.log")


class Esteri(Spider):
    name = "esteri"

    async def start(self):
        RunContext.create(self.name, ALANEWS, {}, self.crawler).paths = Paths(self.folder)
        for number in range(4):
            yield Request(f"data:text/html,{number}", dont_filter=True)

    def parse(self, response):
        if response.text == "3":
            raise ValueError("no such page")
        yield Article(
            id=response.text, headline="Titolo", body="Testo", section="Esteri",
            authors=[Author("Anna")] if response.text == "0" else [],
            date_published="2026-11-23",
            date_published_precision="day" if response.text == "0" else "minute",
        )
        yield {"not": "an article"}


folder, feed = sys.argv[1:]
process = CrawlerProcess(settings={
    "OUTPUT_DIR": folder,
    "RUN_STARTED": None,
    "SUMMARY_ENABLED": "off" not in feed,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "EXTENSIONS": {
        "newscrawl.run.article_stats.ArticleStatsExtension": 470,
        "newscrawl.run.summary_printer.SummaryExtension": 510,
    },
})
if feed != "default":
    process.settings.set("FEEDS", {feed: {"format": "jsonl"}}, priority="cmdline")
process.crawl(Esteri, folder=folder)
process.start()
"""


def crawl(folder: Path, feed: str = "default") -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(SPIDER, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-W", "error", str(script), str(folder), feed],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"},
        timeout=HANG,
    )


def test_every_row() -> None:
    summary = Summary(
        spider="esteri",
        reason="finished",
        seconds=75.5,
        articles=1200,
        sections={"Esteri": 1190, "Società": 10},
        coverage={
            "headline": 1200,
            "subtitle": 900,
            "authors": 1199,
            "section": 1200,
            "image": 1100,
            "body": 1200,
            "keywords": 3,
            "date_published": 1200,
            "date_published/day": 24,
        },
        duplicates={"same_article": 8, "same_text": 4},
        rejected={"no_body": 2, "no_headline": 1},
        rejected_articles=2,
        outside={"section": 30},
        not_articles={"soft_404": 2},
        requests=1300,
        statuses={"2xx": 1290, "4xx": 10},
        retries=3,
        gave_up=1,
        browser_pages=12,
        browser_skipped={"limit": 2},
        browser_failed={"deadline": 1},
        unanswered={"TimeoutError": 4},
        not_fetched={"HTTP_404": 9},
        parts_missing=1,
        failed=7,
        failed_kinds={"ValueError": 6, "KeyError": 1},
        failed_urls=tuple(f"https://www.alanews.it/esteri/{n}/" for n in range(6)),
        unstored=1,
        log_errors=7,
        files=(("dump", "output/esteri/a.jsonl"), ("log", "output/esteri/a.log")),
    )
    assert render(summary) == (
        "esteri: 1,200 articles in 1 min 15 s (finished)\n"
        "  sections    1,200 (Esteri 1,190, Società 10)\n"
        "  fields      headline 100%, subtitle 75%, authors 99%, section 100%, image 91%,\n"
        "              body 100%, keywords <1%, related 0%\n"
        "  date        100% (with time 98%, day only 2%)\n"
        "  duplicates  12 (same_article 8, same_text 4)\n"
        "  rejected    2 (no_body 2, no_headline 1)\n"
        "  outside     30 (section 30)\n"
        "  no article  2 (soft_404 2)\n"
        "  requests    1,300 (2xx 1,290, 4xx 10), 3 retried, 1 given up\n"
        "  browser     12 pages, 2 skipped (limit 2), 1 failed (deadline 1)\n"
        "  no answer   4 (TimeoutError 4)\n"
        "  not fetched 9 (HTTP_404 9)\n"
        "  incomplete  1 without a further page\n"
        "  failed      7 pages could not be read (ValueError 6, KeyError 1)\n"
        "              https://www.alanews.it/esteri/0/\n"
        "              https://www.alanews.it/esteri/1/\n"
        "              https://www.alanews.it/esteri/2/\n"
        "              https://www.alanews.it/esteri/3/\n"
        "              https://www.alanews.it/esteri/4/\n"
        "              and 2 more: see the log\n"
        "  not stored  1 of the dumps: the log says why\n"
        "  log errors  7\n"
        "  dump        output/esteri/a.jsonl\n"
        "  log         output/esteri/a.log\n"
    )


def test_an_empty_run_says_so_and_nothing_else() -> None:
    summary = Summary(spider="sport", reason="site_unreachable", seconds=0.5, requests=1)
    assert render(summary) == ("sport: 0 articles in 0.5 s (site_unreachable)\n  requests    1\n")
    assert not summary.clean


def test_what_pages_say_cannot_steer_the_terminal() -> None:
    summary = Summary(
        spider="esteri",
        reason="finished",
        articles=1,
        sections={"Est\x1b[2Jeri\r\n\u202eX": 1},
        failed=1,
        failed_urls=("https://www.alanews.it/\x1b]0;owned\x07",),
        files=(("dump", "out\x1b[31m/a  b.jsonl"),),
    )
    text = render(summary)
    stream = io.StringIO()
    Console(file=stream, force_terminal=True, color_system=None, width=80).print(
        styled(summary), soft_wrap=True, highlight=False
    )
    for shown in (text, stream.getvalue()):
        assert not any(
            (ord(char) < 32 and char != "\n") or char in "\x1b\x9b\u202e" for char in shown
        )
        assert "Est[2Jeri X 1" in shown
        assert "/a  b.jsonl" in shown


def test_a_narrow_terminal_does_not_cut_an_address() -> None:
    address = f"https://www.alanews.it/{'esteri/' * 20}"
    stream = io.StringIO()
    summary = Summary(spider="esteri", reason="finished", failed=1, failed_urls=(address,))
    Console(file=stream, width=60).print(styled(summary), soft_wrap=True)
    assert address in stream.getvalue()


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(0, 0, "0%"), (0, 5, "0%"), (1, 3000, "<1%"), (2999, 3000, "99%"), (3, 3, "100%")],
)
def test_percent_rounds_towards_doubt(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown


def test_duration_of_days() -> None:
    assert duration(100_000) == "27 h 46 min"


def test_collect_reads_the_counters() -> None:
    stats: dict[str, Any] = {
        "finish_reason": "finished",
        "elapsed_time_seconds": 3.5,
        "articles/written": 2,
        "articles/section/Esteri": 2,
        "coverage/headline": 2,
        "coverage/date_published": 2,
        "coverage/date_published/day": 1,
        "duplicates/same_text": 1,
        "rejected/no_body": 1,
        "item_dropped_reasons_count/RejectedItem": 1,
        "not_article/soft_404": 1,
        "not_article/embed": 4,
        "outside/dates": 3,
        "downloader/request_count": 9,
        "downloader/response_status_count/200": 5,
        "downloader/response_status_count/206": 1,
        "downloader/response_status_count/404": 2,
        "downloader/exception_type_count/twisted.internet.error.TimeoutError": 1,
        "downloader/exception_type_count/scrapy.exceptions.IgnoreRequest": 1,
        "retry/count": 2,
        "retry/max_reached": 1,
        "not_fetched/HTTP_404": 2,
        "pages/failed": 2,
        "pages/failed/KeyError": 2,
        "pages/failed/urls": ["https://a/", "https://b/"],
        "feedexport/failed_count/FileFeedStorage": 1,
        "log_count/ERROR": 1,
        "log_count/CRITICAL": 1,
    }
    summary = collect(stats, "esteri", failed_urls=("https://b/", "https://c/"))
    assert summary == Summary(
        spider="esteri",
        reason="finished",
        seconds=3.5,
        articles=2,
        sections={"Esteri": 2},
        coverage={"headline": 2, "date_published": 2, "date_published/day": 1},
        duplicates={"same_text": 1},
        rejected={"no_body": 1},
        rejected_articles=1,
        outside={"dates": 3},
        not_articles={"embed": 4, "soft_404": 1},
        requests=9,
        statuses={"2xx": 6, "4xx": 2},
        retries=2,
        gave_up=1,
        unanswered={"TimeoutError": 1},
        not_fetched={"HTTP_404": 2},
        failed=2,
        failed_kinds={"KeyError": 2},
        failed_urls=("https://a/", "https://b/", "https://c/"),
        unstored=1,
        log_errors=2,
    )
    assert list(summary.not_articles) == ["embed", "soft_404"], "the most frequent reason first"


def test_errors_that_only_scrapy_counted_are_told_too() -> None:
    summary = collect({"spider_exceptions/count": 3, "spider_exceptions/KeyError": 3}, "esteri")
    assert dict(rows(summary))["failed"] == ["3 pages could not be read (KeyError 3)"]


@pytest.mark.e2e
def test_a_crawl_ends_with_its_summary(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n", encoding="utf-8")
    (tmp_path / "a.rejected.jsonl").touch()
    run = crawl(tmp_path)
    lines = run.stdout.splitlines()
    assert lines[0].startswith("esteri: 3 articles in ")
    assert lines[0].endswith(" (finished)")
    assert "  sections    3 (Esteri 3)" in lines
    assert any(line.startswith("  fields      headline 100%, subtitle 0%, aut") for line in lines)
    assert "  date        100% (with time 66%, day only 33%)" in lines
    assert "  failed      1 page could not be read (ValueError 1)" in lines
    assert "              data:text/html,3" in lines
    assert f"  dump        {tmp_path / 'a.jsonl'}" in lines
    assert "rejected.jsonl" not in run.stdout, "an empty file is not named"
    assert "'coverage/authors': 1" in run.stderr


@pytest.mark.e2e
def test_a_feed_named_by_hand_is_the_dump(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n", encoding="utf-8")
    run = crawl(tmp_path, str(tmp_path / "b-%(name)s.jsonl"))
    assert f"  dump        {tmp_path / 'b-esteri.jsonl'}\n" in run.stdout
    assert "a.jsonl" not in run.stdout


@pytest.mark.e2e
def test_a_feed_on_standard_output_stays_clean(tmp_path: Path) -> None:
    run = crawl(tmp_path, "stdout:")
    assert len([json.loads(line) for line in run.stdout.splitlines()]) == 6
    assert "esteri: 3 articles in " in run.stderr


@pytest.mark.e2e
def test_the_summary_can_be_switched_off(tmp_path: Path) -> None:
    assert crawl(tmp_path, str(tmp_path / "off.jsonl")).stdout == ""
