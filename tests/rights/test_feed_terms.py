"""Terms in feeds: under RIGHTS_POLICY=respect no article is written without them."""

from __future__ import annotations

import os
import re
import signal
import time
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import crawling
from tests.support.crawling import Crawl, crawl
from tests.support.front import answer
from tests.support.postgres import text_of
from tests.support.preloaded import PreloadedProcess
from tests.support.rights_site import RSL, signals
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from sqlalchemy.engine import URL

    from tests.support.front import Front, Visit

pytestmark = pytest.mark.e2e
SIZE = 50
FEED = r"/feed/$"
ARTICLE = r"^/20\d\d/|^/(?!category/)[a-z]+/[a-z0-9-]+-[a-z0-9-]+/$"
RESPECT = {"RIGHTS_POLICY": "respect"}
TERMS = (
    f'<content xmlns="{RSL}" url=""><license><prohibits type="usage">all</prohibits>'
    "</license></content></item>"
).encode()


class RightsFeed:
    """The feeds of a twin, of which each item prohibits all uses."""

    def __init__(self, front: Front, *fields: bytes) -> None:
        self._front, self._fields = front, fields
        self.conditional = 0
        front.answers[FEED] = self

    def __call__(self, visit: Visit, _: socket.socket) -> bytes:
        """Return the twin's feed with terms; 304 to a conditional request."""
        if "if-none-match" in {name.lower() for name in visit.headers}:
            self.conditional += 1
            return b'HTTP/1.1 304 Not Modified\r\nETag: "f"\r\nConnection: close\r\n\r\n'
        head, body = self._front.of_twin(visit, b"").split(b"\r\n\r\n", 1)
        body = body.replace(b"</item>", TERMS)
        left_out = (b"content-", b"etag", b"last-mod", b"cache-co")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(left_out)]
        lines += [b"Content-Type: application/rss+xml", b"Content-Length: %d" % len(body)]
        return b"\r\n".join([*lines, *self._fields]) + b"\r\n\r\n" + body


def respect(front: Front, output: Path, **arguments: Any) -> Any:
    """Run `esteri` under `respect`."""
    settings = {**RESPECT, **arguments.pop("settings", {})}
    return crawl("esteri", output, site_url=front.url, settings=settings, **arguments)


def withheld(run: Any) -> int:
    """Return how many articles the last run has withheld for their feed's terms."""
    return int(run.reports[-1]["rights"]["withheld"].get("all", 0))


def test_addresses_of_an_earlier_run_wait_for_the_feed(front: Front, tmp_path: Path) -> None:
    broken = answer("no", status=500)
    front.answers[ARTICLE] = broken
    first = crawl("esteri", tmp_path, site_url=front.url, settings={"RETRY_TIMES": "0"})
    assert first.articles == []
    del front.answers[ARTICLE]
    feed = RightsFeed(front)

    def slowly(visit: Visit, connection: socket.socket) -> bytes:
        # Long enough for articles to be requested meanwhile, which must not be.
        time.sleep(1)
        return feed(visit, connection)

    front.answers[FEED] = slowly
    front.visits.clear()
    run = respect(front, tmp_path, discover="menu")
    assert withheld(run) >= 5
    last_feed = max(n for n, path in enumerate(front.paths) if path.endswith("/feed/"))
    requested = [n for n, path in enumerate(front.paths) if re.search(ARTICLE, path)]
    assert len(requested) >= 5
    assert min(requested) > last_feed
    assert run.articles == []


@pytest.mark.parametrize("field", [b'ETag: "f"', b"Cache-Control: max-age=600"])
def test_terms_stay_known_while_the_feed_is_unchanged_or_fresh(
    field: bytes, front: Front, tmp_path: Path
) -> None:
    feed = RightsFeed(front, field)
    first = respect(front, tmp_path)
    count = withheld(first)
    assert count >= 5
    requests = front.paths.count("/feed/")
    second = respect(front, tmp_path)
    assert withheld(second) == count
    assert feed.conditional == (2 if field.startswith(b"ETag") else 0)
    assert front.paths.count("/feed/") - requests == (1 if field.startswith(b"ETag") else 0)
    recorded = crawl("esteri", tmp_path, site_url=front.url)
    rows = [row for line in recorded.articles for row in signals(line) if row[0] == "rsl/feed"]
    assert rows == [("rsl/feed", "page", "all", "deny")] * count


def test_terms_are_known_after_a_kill(front: Front, tmp_path: Path) -> None:
    RightsFeed(front, b"Cache-Control: max-age=600")
    line = crawling.words("esteri", RESPECT, (), {"site_url": front.url})
    pids: list[int] = []

    def kill(_: Visit, __: socket.socket) -> None:
        os.kill(pids[0], signal.SIGKILL)

    front.answers[ARTICLE] = kill
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)}
    with PreloadedProcess(line, environment) as process:
        pids.append(process.pid)
        assert process.wait() == -signal.SIGKILL
    del front.answers[ARTICLE]
    feeds = front.paths.count("/feed/")
    run = respect(front, tmp_path)
    assert (run.code, run.articles, front.paths.count("/feed/")) == (0, [], feeds)
    assert withheld(run) >= 5


def test_workers_wait_for_the_feed_that_another_one_reads(
    front: Front, tmp_path: Path, postgres: URL
) -> None:
    ledger = {"NEWSCRAWL_LEDGER_URL": text_of(postgres)}
    front.answers[ARTICLE] = answer("no", status=500)
    settings = {"RETRY_TIMES": "0"}
    first = crawl(
        "esteri", tmp_path, site_url=front.url, settings=settings, environment=ledger
    )  # fmt: skip
    assert first.articles == []
    del front.answers[ARTICLE]
    front.visits.clear()
    feeds = RightsFeed(front)
    has_joined = Event()

    def slow(visit: Visit, connection: socket.socket) -> bytes:
        assert has_joined.wait(HANG)
        return feeds(visit, connection)

    front.answers[FEED] = slow
    line = crawling.words("esteri", RESPECT, (), {"site_url": front.url})
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path), **ledger}
    with PreloadedProcess(line, environment) as one, PreloadedProcess(line, environment) as other:
        wait_for(lambda: front.paths.count("/.well-known/tdmrep.json") == 2, "two workers")
        has_joined.set()
        assert (one.wait(), other.wait()) == (0, 0)
    paths = front.paths
    last_feed = max(n for n, path in enumerate(paths) if path.endswith("/feed/"))
    assert min(n for n, path in enumerate(paths) if re.search(ARTICLE, path)) > last_feed
    assert Crawl(0, "", "", tmp_path / "esteri").articles == []


@pytest.mark.parametrize("source", ["page", "rest"])
def test_nothing_is_written_while_a_feed_cannot_be_read(
    source: str, front: Front, tmp_path: Path
) -> None:
    front.answers[FEED] = answer("no", status=500)
    run = respect(front, tmp_path, source=source)
    assert (run.code, run.articles) == (16, [])
    assert run.reports[-1]["not_fetched"]["feed_not_read"] >= 5
    assert not [path for path in front.paths if re.search(ARTICLE, path)]
    del front.answers[FEED]
    run = respect(front, tmp_path)
    assert run.code == 0
    assert len(run.articles) >= 5


@pytest.mark.parametrize("status", [404, 403])
def test_a_site_without_a_feed_states_nothing_there(
    status: int, front: Front, tmp_path: Path
) -> None:
    front.answers[FEED] = answer("no", status=status)
    run = respect(front, tmp_path)
    assert run.code == 0
    assert len(run.articles) >= 5


@pytest.mark.parametrize("source", ["page", "rest"])
def test_articles_of_rest_have_the_terms_of_feeds(
    source: str, front: Front, tmp_path: Path
) -> None:
    RightsFeed(front)
    run = respect(front, tmp_path, source=source)
    assert (run.code, run.articles) == (0, [])
    assert withheld(run) >= 5


def test_terms_that_a_feed_takes_back_no_longer_hold(front: Front, tmp_path: Path) -> None:
    RightsFeed(front)
    count = withheld(respect(front, tmp_path))
    del front.answers[FEED]
    run = respect(front, tmp_path)
    assert (run.code, len(run.articles)) == (0, count)
