"""Rows 13 and 14 of the hostile web: robots.txt, Crawl-delay, 429 and 503 with Retry-After."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.support.crawling import Crawl, crawl
from tests.support.front import Front, Visit, answer
from tests.support.twin_crawls import counted_ids, expected_ids

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 50
ROBOTS = r"^/robots\.txt"
ARTICLES = r"^/2\d\d\d/"
FAST = {"RECHECK_AGES": "", "RETRY_AFTER_MAX": "3600", "DOWNLOAD_DELAY_JITTER": "0"}


def run(front: Front, output: Path, spider: str = "esteri", **settings: object) -> Crawl:
    given = {**FAST, **{name: str(value) for name, value in settings.items()}}
    return crawl(spider, output, settings=given, arguments={"site_url": front.url})


def stats(done: Crawl) -> dict[str, Any]:
    found: dict[str, Any] = done.reports[-1]["stats"]
    return found


class Refusing:
    """Refuses the first articles, then lets the twin answer; notes when it was asked."""

    def __init__(self, front: Front, number: int, status: int = 503, **headers: str) -> None:
        self.left, self.times = number, list[float]()
        self._front, self._status, self._headers = front, status, headers
        front.answers[ARTICLES] = self

    def __call__(self, visit: Visit, _: socket.socket) -> bytes:
        self.times.append(time.monotonic())
        if self.left:
            self.left -= 1
            return answer("wait", "text/plain", self._status, **self._headers)
        return self._front.of_twin(visit, b"")


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize("status", [429, 503])
def test_row_14_seconds_are_waited_by_all_requests(
    status: int, front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    refusing = Refusing(front, 1, status, Retry_After="2")
    done = run(front, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri")), done.stderr[-400:]
    assert refusing.times[1] - refusing.times[0] >= 2
    assert 2 <= stats(done)["wait/retry_after"] < 3
    summary = " ".join(done.stdout.split())
    assert "s as Retry-After asked, at most 15 min 0 s in a run (WAIT_MAX)" in summary
    assert "Retry-After believed up to 1 h 0 min (RETRY_AFTER_MAX)" in summary
    assert done.reports[-1]["waits"]["retry_after"] >= 2
    assert done.reports[-1]["statuses"][str(status)] == 1


def test_row_14_a_date_is_compared_with_that_of_the_answer(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    # The server's clock is a day behind ours.
    refusing = Refusing(front, 1, Date=http_date(-86_400), Retry_After=http_date(-86_400 + 2))
    done = run(front, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))
    assert refusing.times[1] - refusing.times[0] >= 1


@pytest.mark.parametrize("value", ["-5", "soon", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_row_14_what_states_no_time_is_backed_off_from(
    value: str, front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    refusing = Refusing(front, 2, Retry_After=value)
    done = run(front, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1, BACKOFF_START="0.4")
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))
    assert refusing.times[1] - refusing.times[0] >= 0.4
    assert refusing.times[2] - refusing.times[1] >= 0.8
    assert stats(done)["wait/backoff"] >= 1.2


def test_row_14_ten_years_end_the_run_and_the_next_waits_for_the_rest(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    refusing = Refusing(front, 1, Retry_After="315360000")
    first = run(front, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert first.code == 24
    assert "retry-after" in first.stderr.splitlines()[-1]
    assert len(refusing.times) == 1
    # Another process, and another spider of the same host: it sends nothing.
    before = len(front.visits)
    second = run(front, tmp_path, "cronaca")
    assert (second.code, len(front.visits)) == (24, before)
    # An hour is believed, of which this run would wait for one second more than it may.
    third = run(front, tmp_path, WAIT_MAX="3000")
    assert (third.code, len(front.visits)) == (24, before)
    (state,) = tmp_path.glob("ledger.*.turn")
    head, text = state.read_text().splitlines()
    values = json.loads(text)
    assert 3_000 < values["paused_until"] - time.time() <= 3_600
    values["paused_until"] = time.time() + 1.5
    state.write_text(f"{head}\n{json.dumps(values, separators=(',', ':'))}\n")
    last = run(front, tmp_path)
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "esteri")), last.stderr[-400:]
    assert stats(last)["wait/retry_after"] > 0


def test_row_14_five_refusals_in_a_row_end_the_run_and_lose_nothing(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    refusing = Refusing(front, 100, 429)
    first = run(front, tmp_path, CONCURRENT_REQUESTS_PER_DOMAIN=1, RETRY_TIMES=9)
    assert (first.code, len(refusing.times)) == (24, 5), first.stderr[-400:]
    assert "5 refusals in a row" in first.stderr
    refusing.left = 0
    last = run(front, tmp_path)
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "esteri"))


@pytest.mark.parametrize("status", [401, 403, 407, 451])
def test_row_14_what_is_refused_for_good_is_not_tried_again(
    status: int, front: Front, tmp_path: Path
) -> None:
    front.answers[ARTICLES] = answer("no", "text/plain", status)
    run(front, tmp_path)
    asked = [path for path in front.paths if path.startswith("/2")]
    assert asked
    assert len(asked) == len(set(asked))


def test_row_13_a_crawl_delay_is_waited_for(front: Front, tmp_path: Path) -> None:
    times: list[float] = []

    def noted(visit: Visit, _: socket.socket) -> bytes:
        times.append(time.monotonic())
        if visit.path == "/robots.txt":
            return answer("User-agent: *\nCrawl-delay: 0.3\n", "text/plain")
        return front.of_twin(visit, b"")

    front.answers["."] = noted
    done = run(front, tmp_path, CLOSESPIDER_PAGECOUNT=6, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert done.code in {0, 22}
    # A request may arrive late, but not all of them more and more early.
    assert len(times) >= 6
    assert times[-1] - times[1] > (len(times) - 3) * 0.3
    assert stats(done)["wait/crawl_delay"] > 0


def test_row_13_a_crawl_delay_above_the_bound_starts_nothing(front: Front, tmp_path: Path) -> None:
    front.answers[ROBOTS] = answer("User-agent: newscrawl\nCrawl-delay: 120\n", "text/plain")
    done = run(front, tmp_path)
    (line,) = [text for text in done.stderr.splitlines() if text.startswith("newscrawl: ")]
    assert (done.code, front.paths) == (27, ["/robots.txt"])
    assert "Crawl-delay 120 s is above CRAWL_DELAY_MAX 60 s" in line
    # Nothing is known yet of how much there is.
    assert "each 1,000 pages would take 33.3 hours" in line
    assert "-s CRAWL_DELAY_MAX=120" in line


def test_row_13_the_ledger_knows_how_long_a_crawl_delay_would_take(
    front: Front, tmp_path: Path
) -> None:
    front.answers[ARTICLES] = answer("wait", "text/plain", 503)
    assert run(front, tmp_path, REFUSALS_MAX=1).code == 24
    front.answers[ROBOTS] = answer("User-agent: newscrawl\nCrawl-delay: 120\n", "text/plain")
    done = run(front, tmp_path)
    (line,) = [text for text in done.stderr.splitlines() if text.startswith("newscrawl: ")]
    match = re.search(r": its (\d+) pending pages would take (\d+\.\d) hours", line)
    assert match, line
    assert int(match[1]) > 5
    assert float(match[2]) == pytest.approx(int(match[1]) * 120 / 3600, abs=0.05)


CLOSED = {
    "500": [answer("x", "text/plain", 500)],
    "503": [answer("x", "text/plain", 503)],
    "loop": [answer("", "text/plain", 302, Location="/robots.txt?again")],
    "hang_up": [b""],
}


@pytest.mark.parametrize("name", CLOSED)
def test_row_13_an_unreachable_robots_txt_closes_the_site(
    name: str, front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    front.answers[ROBOTS] = CLOSED[name][0]
    done = run(front, tmp_path)
    assert done.code == 17, done.stderr[-300:]
    assert {path.partition("?")[0] for path in front.paths} == {"/robots.txt"}
    del front.answers[ROBOTS]
    assert counted_ids(run(front, tmp_path)) == expected_ids(twin, "esteri")


@pytest.mark.parametrize(("redirects", "code"), [(5, 11), (6, 17), (7, 17)])
def test_row_13_five_redirects_are_followed(
    redirects: int, code: int, front: Front, tmp_path: Path
) -> None:
    def redirect(visit: Visit, _: socket.socket) -> bytes:
        number = int(visit.path.rpartition("=")[2]) if "=" in visit.path else 0
        if number == redirects:
            return answer("User-agent: *\nDisallow: /", "text/plain")
        return answer("", "text/plain", 301, Location=f"/robots.txt?n={number + 1}")

    front.answers[ROBOTS] = redirect
    done = run(front, tmp_path)
    assert done.code == code, done.stderr[-300:]
    assert {path.partition("?")[0] for path in front.paths} == {"/robots.txt"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_row_13_a_robots_txt_that_is_unavailable_allows_all(
    status: int, front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    front.answers[ROBOTS] = answer("User-agent: *\nDisallow: /", "text/plain", status)
    done = run(front, tmp_path)
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))


def test_row_13_robots_txt_429_is_waited_for(front: Front, tmp_path: Path) -> None:
    front.answers[ROBOTS] = answer("x", "text/plain", 429, Retry_After="1")
    done = run(front, tmp_path, RETRY_TIMES=1)
    assert done.code == 24, done.stderr[-300:]
    assert {*front.paths} == {"/robots.txt"}
    assert len(front.paths) == 2
    # Less the time since the answer.
    assert stats(done)["wait/retry_after"] > 0.5


def test_row_13_a_long_robots_txt_is_read_in_part(front: Front, tmp_path: Path) -> None:
    body = b"User-agent: *\nDisallow: /category/\n" + b"Disallow: /x\n" * 1_000_000
    front.answers[ROBOTS] = answer(body, "text/plain")
    done = run(front, tmp_path)
    assert done.code == 11, done.stderr[-300:]


def test_row_13_a_copy_of_the_day_is_used_and_confirmed(front: Front, tmp_path: Path) -> None:
    rules = "User-agent: *\nDisallow: /nothing\n"
    front.answers[ROBOTS] = answer(rules, "text/plain", ETag='W/"7"')
    assert run(front, tmp_path).code == 0
    front.answers[ROBOTS] = answer("", "text/plain", 304)
    second = run(front, tmp_path)
    sent = [visit.headers.get("if-none-match") for visit in front.visits if "robots" in visit.path]
    assert (second.code, sent) == (0, [None, 'W/"7"'])
    front.answers[ROBOTS] = answer("", "text/plain", 500)
    third = run(front, tmp_path)
    assert third.code == 0
    assert stats(third)["robotstxt/copy_used"] == 1


def test_row_13_a_page_that_is_disallowed_later_is_not_gone(front: Front, tmp_path: Path) -> None:
    first = run(front, tmp_path)
    assert first.articles
    front.answers[ROBOTS] = answer("User-agent: newscrawl\nDisallow: /2\n", "text/plain")
    before = len(front.visits)
    second = crawl(
        "esteri",
        tmp_path,
        settings={"RECHECK_AGES": "1"},
        arguments={"site_url": front.url, "known": "write"},
    )
    assert not [visit.path for visit in front.visits[before:] if visit.path.startswith("/2")]
    assert not [line for line in second.articles if line["status"] == "gone"]


def test_the_day_has_a_budget_of_requests(front: Front, twin: TwinProcess, tmp_path: Path) -> None:
    limited: dict[str, object] = {"DAILY_MAX_REQUESTS": 9, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    first = run(front, tmp_path, "esteri", **limited)
    assert (first.code, len(front.visits)) == (22, 9), first.stderr[-300:]
    assert first.reports[-1]["reason"] == "closespider_daily_limit"
    assert first.reports[-1]["daily"]["requests"] == 9
    second = run(front, tmp_path, "cronaca", **limited)
    assert (second.code, len(front.visits)) == (22, 9)
    last = run(front, tmp_path)
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "esteri"))
    assert last.reports[-1]["daily"]["requests"] == len(front.visits)


def test_the_day_has_a_budget_of_bytes(front: Front, tmp_path: Path) -> None:
    done = run(front, tmp_path, DAILY_MAX_BYTES=40_000, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    assert done.code == 22
    assert done.reports[-1]["daily"]["bytes"] >= 40_000


def test_outside_its_hours_a_run_sends_nothing(front: Front, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    hours = [(now + timedelta(hours=number)).strftime("%H:%M") for number in (6, 7)]
    done = run(front, tmp_path, CRAWL_WINDOW="-".join(hours))
    assert (done.code, front.paths) == (22, []), done.stderr[-300:]
    assert done.reports[-1]["reason"] == "closespider_window"


def test_the_whole_day_is_a_window(front: Front, twin: TwinProcess, tmp_path: Path) -> None:
    done = run(front, tmp_path, CRAWL_WINDOW="00:00-24:00")
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))


def test_a_robots_txt_that_forbids_all_articles_is_named(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    front.answers[ROBOTS] = answer("User-agent: *\nDisallow: /20\n", "text/plain")
    for _ in range(2):
        # The next run has nothing that is due.
        done = run(front, tmp_path)
        assert (done.code, done.articles, done.reports[-1]["reason"]) == (
            11, [], "robots_forbidden",
        )  # fmt: skip
        assert "the site's robots.txt forbids it (all " in done.stderr
    del front.answers[ROBOTS]
    paths = front.paths
    assert not [path for path in paths if path.startswith("/20")]
    later = run(front, tmp_path / "other")
    assert (later.code, counted_ids(later)) == (0, expected_ids(twin, "esteri"))


def test_a_robots_txt_that_forbids_some_articles_is_obeyed(front: Front, tmp_path: Path) -> None:
    first = run(front, tmp_path)
    assert first.code == 0
    forbidden = first.articles[0]
    path = urlsplit(forbidden["url"]).path
    front.answers[ROBOTS] = answer(f"User-agent: *\nDisallow: {path}\n", "text/plain")
    front.visits.clear()
    done = run(front, tmp_path / "other")
    assert (done.code, done.reports[-1]["not_fetched"]) == (0, {"forbidden_by_robots.txt": 1})
    assert path not in front.paths
    assert counted_ids(done) + Counter([forbidden["id"]]) == counted_ids(first)


def test_who_we_are_is_in_each_request(front: Front, tmp_path: Path) -> None:
    crawl(
        "esteri",
        tmp_path,
        environment={"NEWSCRAWL_CONTACT": "crawl@ricerca.example"},
        arguments={"site_url": front.url},
    )
    assert {visit.headers["from"] for visit in front.visits} == {"crawl@ricerca.example"}
    (agent,) = {visit.headers["user-agent"] for visit in front.visits}
    assert agent.startswith("newscrawl/")
    assert "crawl@ricerca.example" in agent
