"""Rows 13 and 14 of the hostile web: what several crawls must know of a host, hours, latencies."""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.hostile.test_politeness import ARTICLES, FAST, ROBOTS, Refusing, run, stats
from tests.support import crawling, latencies, measured
from tests.support.front import Visit, answer
from tests.support.http_proxy import HttpProxy
from tests.support.postgres import ask, text_of
from tests.support.preloaded import PreloadedProcess
from tests.support.twin_crawls import counted_ids, expected_ids
from tests.support.waiting import HANG

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from sqlalchemy.engine import URL

    from tests.support.front import Front
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 50
ROME = ZoneInfo("Europe/Rome")
ALONE = {"CONCURRENT_REQUESTS_PER_DOMAIN": "1"}


def start(
    front: Front,
    output: Path,
    spider: str,
    *,
    now: datetime | None = None,
    ledger: URL | None = None,
    **settings: object,
) -> PreloadedProcess:
    """Start a crawl, which `end` waits for."""
    given = {**FAST, **ALONE, **{name: str(value) for name, value in settings.items()}}
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(output)}
    environment |= {"NEWSCRAWL_LEDGER_URL": text_of(ledger)} if ledger is not None else {}
    words = crawling.words(spider, given, (), {"site_url": front.url})
    return PreloadedProcess(words, environment, now=now)


def end(process: PreloadedProcess, output: Path, spider: str) -> crawling.Crawl:
    stdout, stderr = process.communicate()
    return crawling.Crawl(process.wait(), stdout, stderr, output / spider)


class Noted:
    """Answers as the twin does, and notes when it was asked for what."""

    def __init__(self, front: Front, robots: str = "") -> None:
        self.visits: list[tuple[float, str]] = []
        self._front, self._robots = front, robots
        front.answers["."] = self

    def __call__(self, visit: Visit, _: socket.socket) -> bytes:
        self.visits.append((time.monotonic(), visit.path))
        if self._robots and visit.path == "/robots.txt":
            return answer(self._robots, "text/plain")
        return self._front.of_twin(visit, b"")


@pytest.mark.parametrize("is_shared", [False, True])
def test_row_13_two_spiders_share_a_crawl_delay(
    front: Front, tmp_path: Path, request: pytest.FixtureRequest, *, is_shared: bool
) -> None:
    ledger = request.getfixturevalue("postgres") if is_shared else None
    noted = Noted(front, "User-agent: *\nCrawl-delay: 0.3\n")
    spiders = ("esteri", "cronaca")
    processes = [
        start(front, tmp_path, spider, ledger=ledger, CLOSESPIDER_PAGECOUNT=6) for spider in spiders
    ]
    ended = [
        end(process, tmp_path, spider) for process, spider in zip(processes, spiders, strict=True)
    ]
    assert {done.code for done in ended} <= {0, 22}, ended[0].stderr[-400:]
    times = [moment for moment, _ in noted.visits]
    assert sum(path == "/robots.txt" for _, path in noted.visits) == 2
    assert len(times) >= 12
    # What comes after the two robots.txt may come at once; late requests delay the next ones.
    assert times[-1] - times[0] > (len(times) - 5) * 0.3


def test_row_14_crawls_on_a_database_wait_for_one_host(
    front: Front, twin: TwinProcess, tmp_path: Path, postgres: URL
) -> None:
    refusing = Refusing(front, 1, Retry_After="315360000")
    first = end(start(front, tmp_path, "esteri", ledger=postgres), tmp_path, "esteri")
    assert (first.code, len(refusing.times)) == (24, 1), first.stderr[-400:]
    before, other = len(front.visits), tmp_path / "other"
    # Another machine: it shares the database alone.
    second = end(start(front, other, "cronaca", ledger=postgres), other, "cronaca")
    assert (second.code, len(front.visits)) == (24, before)
    ((text,),) = ask(postgres, "SELECT state FROM newscrawl.hosts")
    values = json.loads(text)
    assert 3_000 < values["paused_until"] - time.time() <= 3_600
    values["paused_until"] = time.time() + 1.5
    state = json.dumps(values, separators=(",", ":"))
    ask(postgres, f"UPDATE newscrawl.hosts SET state = '{state}'")  # noqa: S608 - of the test itself
    last = end(start(front, tmp_path, "esteri", ledger=postgres), tmp_path, "esteri")
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "esteri")), last.stderr[-400:]
    assert stats(last)["wait/retry_after"] > 0


def test_row_14_two_workers_wait_at_the_same_time(
    front: Front, tmp_path: Path, postgres: URL
) -> None:
    times: list[float] = []
    refused: list[float] = []

    def noted(visit: Visit, _: socket.socket) -> bytes:
        times.append(time.monotonic())
        if visit.path.startswith("/2") and not refused:
            refused.append(time.monotonic())
            return answer("wait", "text/plain", 503, Retry_After="2")
        return front.of_twin(visit, b"")

    front.answers["."] = noted
    spiders = ("esteri", "cronaca")
    processes = [start(front, tmp_path, spider, ledger=postgres) for spider in spiders]
    ended = [
        end(process, tmp_path, spider) for process, spider in zip(processes, spiders, strict=True)
    ]
    assert [done.code for done in ended] == [0, 0], ended[0].stderr[-400:]
    # One request at a time is under way: none of the other worker's comes within the wait.
    (moment,) = refused
    assert not [later for later in times if moment < later < moment + 1.9]


def test_the_budget_of_a_day_is_that_of_all_crawls_on_a_database(
    front: Front, tmp_path: Path, postgres: URL
) -> None:
    first = end(
        start(front, tmp_path, "esteri", ledger=postgres, DAILY_MAX_REQUESTS=9), tmp_path, "esteri"
    )
    assert (first.code, len(front.visits)) == (22, 9), first.stderr[-300:]
    other = tmp_path / "other"
    second = end(
        start(front, other, "cronaca", ledger=postgres, DAILY_MAX_REQUESTS=9), other, "cronaca"
    )
    assert (second.code, len(front.visits)) == (22, 9), second.stderr[-300:]
    assert second.reports[-1]["daily"]["requests"] == 9


def test_a_run_learns_what_others_use_of_the_budget(front: Front, tmp_path: Path) -> None:
    is_over, waiting = threading.Event(), threading.Event()

    def hold(visit: Visit, _: socket.socket) -> bytes:
        if "(first)" in visit.headers["user-agent"]:
            waiting.set()
            assert is_over.wait(HANG)
            # The first crawl looks into the ledger every second.
            time.sleep(4)
        return front.of_twin(visit, b"")

    front.answers[ARTICLES] = hold
    limit = 25
    first = start(
        front,
        tmp_path,
        "esteri",
        USER_AGENT="newscrawl/1.0 (first)",
        DAILY_MAX_REQUESTS=limit,
        CONCURRENT_REQUESTS_PER_DOMAIN=2,
    )
    assert waiting.wait(HANG)
    second = end(
        start(
            front,
            tmp_path,
            "alanews",
            DAILY_MAX_REQUESTS=limit,
            CONCURRENT_REQUESTS_PER_DOMAIN=2,
        ),
        tmp_path,
        "alanews",
    )
    assert second.code == 22, second.stderr[-300:]
    before = len(front.visits)
    is_over.set()
    ended = end(first, tmp_path, "esteri")
    assert ended.code == 22, ended.stderr[-300:]
    # By its own count alone it would have finished.
    assert len(front.visits) <= before + 2


@pytest.mark.soak
def test_a_window_that_closes_ends_the_run_and_the_next_goes_on(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    # The process's clock says that the minute, and with it the window, ends in 15 s.
    now = datetime.now(ROME).replace(second=45, microsecond=0)
    closing = now.replace(second=0) + timedelta(minutes=1)
    window = f"{now - timedelta(hours=1):%H:%M}-{closing:%H:%M}"
    asked: list[str] = []

    def hold(visit: Visit, _: socket.socket) -> bytes:
        asked.append(visit.path)
        # Its clock has gone on since it began.
        time.sleep(15.5)
        return front.of_twin(visit, b"")

    front.answers[ARTICLES] = hold
    first = end(start(front, tmp_path, "esteri", now=now, CRAWL_WINDOW=window), tmp_path, "esteri")
    assert first.code == 22, first.stderr[-400:]
    assert first.reports[-1]["reason"] == "closespider_window"
    # On a busy machine the window may close before an article is requested.
    assert len(asked) <= 1
    assert "Traceback" not in first.stderr
    del front.answers[ARTICLES]
    second = run(front, tmp_path)
    assert (second.code, counted_ids(second)) == (0, expected_ids(twin, "esteri"))
    assert len({line["id"] for line in second.articles}) == len(second.articles)


@pytest.mark.parametrize(
    ("contact", "delay"),
    [("", 2.0), pytest.param("crawl@ricerca.example", 1.0, marks=pytest.mark.soak)],
)
def test_a_public_site_that_cannot_reach_us_is_read_more_slowly(
    contact: str, delay: float, twin: TwinProcess, tmp_path: Path
) -> None:
    times: list[float] = []
    with HttpProxy(twin.url) as proxy:

        def noted(visit: Visit, _: socket.socket) -> bytes:
            times.append(time.monotonic())
            return proxy.of_twin(visit, b"")

        proxy.answers["."] = noted
        done = crawling.crawl(
            "wordpress",
            tmp_path,
            settings={**FAST, **ALONE, "DOWNLOAD_DELAY": "1", "CLOSESPIDER_PAGECOUNT": "4"},
            environment={**proxy.environment, "NEWSCRAWL_CONTACT": contact},
            arguments={"site_url": "http://news.example"},
        )
    assert len(times) >= 4, done.stderr[-500:]
    assert times[-1] - times[0] > (len(times) - 2) * delay
    assert ("NEWSCRAWL_CONTACT" in done.stderr) is not bool(contact)


SLOW = {"DOWNLOADER": f"{latencies.__name__}.{latencies.ChosenLatencies.__name__}"}


def test_ten_times_as_slow_ends_the_run(front: Front, twin: TwinProcess, tmp_path: Path) -> None:
    noted = Noted(front)
    done = run(front, tmp_path, "alanews", **SLOW, **ALONE, TEST_LATENCY=6)
    assert done.code == 28, done.stderr[-400:]
    assert done.reports[-1]["reason"] == "site_slow"
    assert "6.0 s an answer instead of 0.1 s" in done.stderr
    # Five answers say that it is slow; what was on its way is the last.
    assert latencies.USUAL_ANSWERS + 5 <= len(noted.visits) < SIZE
    last = run(front, tmp_path, "alanews")
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "alanews"))


def test_ten_times_as_slow_within_five_seconds_does_not(front: Front, tmp_path: Path) -> None:
    done = run(front, tmp_path, "alanews", **SLOW, **ALONE, TEST_LATENCY=4.9)
    assert done.code == 0, done.stderr[-400:]


@pytest.mark.soak
def test_three_times_as_slow_halves_the_pace(front: Front, tmp_path: Path) -> None:
    noted = Noted(front)
    run(front, tmp_path, "alanews", **SLOW, **ALONE, TEST_LATENCY=0.6, DOWNLOAD_DELAY=0.1)
    times = [moment for moment, _ in noted.visits]
    # After the 25th page, and what is not a page or was on its way.
    slow = times[latencies.USUAL_ANSWERS + 15 :]
    assert len(slow) > 10
    assert slow[-1] - slow[0] > (len(slow) - 2) * 0.2


def test_row_14_retry_after_of_a_redirect_is_waited_for(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    times: list[float] = []

    def redirect(visit: Visit, _: socket.socket) -> bytes:
        times.append(time.monotonic())
        if len(times) == 1:
            location = f"{visit.path}?from=elsewhere"
            return answer("", "text/plain", 302, Location=location, Retry_After="2")
        return front.of_twin(visit, b"")

    front.answers[ARTICLES] = redirect
    done = run(front, tmp_path, **ALONE)
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri")), done.stderr[-400:]
    assert times[1] - times[0] >= 2
    assert stats(done)["wait/retry_after"] >= 2


def test_row_14_a_share_of_refusals_ends_the_run(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    asked: list[str] = []

    def every_second(visit: Visit, _: socket.socket) -> bytes:
        asked.append(visit.path)
        if len(asked) % 2:
            return answer("wait", "text/plain", 429)
        return front.of_twin(visit, b"")

    front.answers[ARTICLES] = every_second
    first = run(front, tmp_path, "alanews", **ALONE, RETRY_TIMES=9)
    assert first.code == 24, first.stderr[-400:]
    assert "10 of " in first.stderr
    assert "answers of 127.0.0.1" in first.stderr
    assert len(asked) == 19
    del front.answers[ARTICLES]
    last = run(front, tmp_path, "alanews")
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "alanews"))


@pytest.mark.parametrize(("hours", "code"), [(23, 0), (25, 17)])
def test_row_13_a_copy_is_used_for_a_day(
    hours: int, code: int, front: Front, tmp_path: Path
) -> None:
    front.answers[ROBOTS] = answer("User-agent: *\nDisallow: /nothing\n", "text/plain")
    assert run(front, tmp_path).code == 0
    front.answers[ROBOTS] = answer("", "text/plain", 500)
    before = len(front.visits)
    later = datetime.now(ROME) + timedelta(hours=hours)
    done = end(start(front, tmp_path, "esteri", now=later), tmp_path, "esteri")
    paths = {visit.path for visit in front.visits[before:]}
    assert (done.code, paths == {"/robots.txt"}) == (code, code == 17), done.stderr[-400:]


def test_row_13_a_robots_txt_of_12_mb_takes_no_memory(front: Front, tmp_path: Path) -> None:
    body = b"User-agent: *\nDisallow: /category/\n" + b"Disallow: /x\n" * (12 * 2**20 // 13)
    front.answers[ROBOTS] = answer(body, "text/plain")
    done = measured.crawl("esteri", tmp_path, site_url=front.url)
    assert done.code == 11, done.stderr[-300:]
    assert done.peak <= measured.MEMORY


def test_row_14_a_server_error_of_a_page_is_tried_again_at_the_end(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    asked: list[str] = []

    def fail_twice(visit: Visit, _: socket.socket) -> bytes:
        asked.append(visit.path)
        if visit.path == asked[0] and asked.count(visit.path) <= 2:
            return answer("error", "text/plain", 500)
        return front.of_twin(visit, b"")

    front.answers[ARTICLES] = fail_twice
    done = run(front, tmp_path, **ALONE, RETRY_TIMES=4)
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri")), done.stderr[-400:]
    assert len(asked) > 5
    assert [number for number, path in enumerate(asked) if path == asked[0]] == [
        0, len(asked) - 2, len(asked) - 1,
    ]  # fmt: skip


def test_row_14_a_server_error_is_tried_again_after_a_while(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    asked: list[tuple[str, float]] = []

    def fail_once(visit: Visit, _: socket.socket) -> bytes:
        asked.append((visit.path, time.monotonic()))
        is_first = len({path for path, _ in asked}) == len(asked) == 1
        return answer("error", "text/plain", 500) if is_first else front.of_twin(visit, b"")

    front.answers[ARTICLES] = fail_once
    done = run(front, tmp_path, **ALONE, SERVER_ERROR_INTERVAL="3")
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri")), done.stderr[-400:]
    first, second = [moment for path, moment in asked if path == asked[0][0]]
    assert second - first >= 3
    assert asked[-1][0] == asked[0][0]


def test_row_14_few_tries_after_server_errors(front: Front, tmp_path: Path) -> None:
    asked: list[str] = []

    def fail(visit: Visit, _: socket.socket) -> bytes | None:
        asked.append(visit.path)
        if visit.path == asked[0]:
            return answer("error", "text/plain", 502)
        return front.of_twin(visit, b"")

    front.answers[ARTICLES] = fail
    done = run(front, tmp_path, **ALONE, RETRY_TIMES=4)
    assert asked.count(asked[0]) == 3
    assert asked[-1] == asked[0]
    # The next run tries again at once, further ones from ten minutes later on.
    run(front, tmp_path, **ALONE)
    before = len(asked)
    assert asked.count(asked[0]) > 3
    run(front, tmp_path, **ALONE)
    assert len(asked) == before, done.stderr[-400:]
    later = datetime.now(ROME) + timedelta(minutes=12)
    end(start(front, tmp_path, "esteri", now=later), tmp_path, "esteri")
    assert asked[before:].count(asked[0]) >= 1
