"""What feeds and sitemaps say of their caching, and the conditions that requests for them have."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.support import crawling, ledgers
from tests.support.front import Front, Visit, answer
from tests.support.preloaded import PreloadedProcess
from tests.support.twin_crawls import counted_ids, expected_ids

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 50
SOURCES = r"^/(feed/|sitemap_index\.xml|post-sitemap)"


def crawl(
    front: Front, output: Path, after: timedelta = timedelta(0), **arguments: str
) -> crawling.Crawl:
    """Run a crawl of the whole site by its feed and its sitemaps, some time from now."""
    given = {"site_url": front.url, "discover": "feed,sitemap", "related": "off", **arguments}
    words = crawling.words("alanews", {"RECHECK_AGES": ""}, (), given)
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(output)}
    process = PreloadedProcess(words, environment, now=datetime.now(UTC) + after)
    stdout, stderr = process.communicate()
    return crawling.Crawl(process.wait(), stdout, stderr, output / "alanews")


def with_headers(front: Front, **headers: str) -> Callable[[Visit, socket.socket], bytes]:
    """Return an answer like the twin's with these headers of its cache in place of its own."""

    def answered(visit: Visit, _: socket.socket) -> bytes:
        head, body = front.of_twin(visit).split(b"\r\n\r\n", 1)
        head = re.sub(rb"(?i)\r\n(cache-control|etag|last-modified|age):[^\r]*", b"", head)
        lines = [f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()]
        return b"\r\n".join([head, *lines]) + b"\r\n\r\n" + body

    return answered


def sources(visits: list[Visit]) -> list[Visit]:
    return [visit for visit in visits if re.search(SOURCES, visit.path)]


def test_what_is_fresh_is_not_requested_again(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    front.answers[SOURCES] = with_headers(front, Cache_Control="public, max-age=3600", Age="600")
    first = crawl(front, tmp_path)
    asked = {visit.path for visit in sources(front.visits)}
    assert (first.code, counted_ids(first)) == (0, expected_ids(twin, "alanews"))
    assert {"/feed/", "/sitemap_index.xml"} < asked
    before = len(front.visits)
    second = crawl(front, tmp_path, after=timedelta(minutes=45))
    assert second.code == 0, second.stderr[-400:]
    assert sources(front.visits[before:]) == []
    assert second.reports[-1]["stats"]["sources/fresh"] >= 2
    before = len(front.visits)
    # 3,000 s are left of the hour.
    third = crawl(front, tmp_path, after=timedelta(minutes=51))
    assert third.code == 0, third.stderr[-400:]
    assert {"/feed/", "/sitemap_index.xml"} <= {
        visit.path for visit in sources(front.visits[before:])
    }


def test_longer_than_a_day_is_not_believed(front: Front, tmp_path: Path) -> None:
    front.answers[SOURCES] = with_headers(front, Cache_Control="max-age=31536000")
    assert crawl(front, tmp_path).code == 0
    before = len(front.visits)
    assert crawl(front, tmp_path, after=timedelta(hours=23)).code == 0
    assert sources(front.visits[before:]) == []
    crawl(front, tmp_path, after=timedelta(hours=25))
    assert sources(front.visits[before:])


@pytest.mark.parametrize("arguments", [{"since": "2020-01-01"}, {"known": "write"}])
def test_a_run_that_wants_other_articles_requests_them(
    arguments: dict[str, str], front: Front, tmp_path: Path
) -> None:
    front.answers[SOURCES] = with_headers(front, Cache_Control="max-age=3600")
    assert crawl(front, tmp_path).code == 0
    before = len(front.visits)
    crawl(front, tmp_path, timedelta(0), **arguments)
    assert {visit.path for visit in sources(front.visits[before:])} >= {"/sitemap_index.xml"}


@pytest.mark.parametrize(
    ("header", "value", "condition"),
    [
        ("ETag", 'W/"a-b"', "if-none-match"),
        ("ETag", '"c d"', "if-none-match"),
        ("Last_Modified", "Fri, 27 Nov 2026 08:49:37 GMT", "if-modified-since"),
    ],
)
def test_conditions_are_sent_as_they_were_received(
    header: str, value: str, condition: str, front: Front, tmp_path: Path
) -> None:
    front.answers["."] = with_headers(front, **{header: value})
    first = crawl(front, tmp_path)
    assert first.code == 0
    written = {urlsplit(line["url"]).path for line in first.articles}
    before = len(front.visits)
    front.answers["."] = conditional(front)
    # State 2: written, or known to be unchanged.
    ledgers.change(tmp_path / ledgers.FILE, "UPDATE urls SET due = ? WHERE state = 2", 1)
    second = crawl(front, tmp_path, after=timedelta(hours=1))
    assert "Traceback" not in second.stderr
    again = front.visits[before:]
    (feed,) = [visit for visit in again if visit.path == "/feed/"]
    assert feed.headers.get(condition) == value
    # What is not an article must be sent in full.
    sent = {visit.path: visit.headers.get(condition) for visit in again}
    assert {sent[path] for path in written & sent.keys()} == {value}


@pytest.mark.parametrize("is_index", [False, True])
def test_a_sitemap_of_robots_txt_is_requested_conditionally_unless_it_is_an_index(
    front: Front, tmp_path: Path, *, is_index: bool
) -> None:
    index = "/sitemap_index.xml"
    listed = front.of_twin(Visit("GET", index, {})).decode()
    leaf = urlsplit(re.findall("<loc>([^<]*/post-[^<]*)</loc>", listed)[0]).path
    path = index if is_index else leaf
    robots = f"User-agent: *\nAllow: /\nSitemap: {front.url}{path}\n"
    front.answers["^/robots.txt$"] = answer(robots, "text/plain")
    front.answers["sitemap"] = with_headers(front, ETag='"s"')
    first = crawl(front, tmp_path, discover="menu,sitemap")
    assert len(first.articles) > 10
    front.answers["sitemap"] = conditional(front)
    front.visits.clear()
    second = crawl(front, tmp_path, after=timedelta(hours=1), discover="menu,sitemap")
    (visit,) = [visit for visit in front.visits if visit.path == path]
    assert visit.headers.get("if-none-match") == (None if is_index else '"s"')
    assert second.code == 0
    # A run that wants other articles reads all of it.
    front.visits.clear()
    since = "2026-01-01"
    crawl(front, tmp_path, after=timedelta(hours=2), discover="menu,sitemap", since=since)
    (visit,) = [visit for visit in front.visits if visit.path == path]
    assert "if-none-match" not in visit.headers


def conditional(front: Front) -> Callable[[Visit, socket.socket], bytes]:
    """Return answers that nothing has changed, where a request has a condition."""

    def answered(visit: Visit, _: socket.socket) -> bytes:
        if {"if-none-match", "if-modified-since"} & visit.headers.keys():
            return b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
        return front.of_twin(visit)

    return answered
