"""What a run leaves in a feed or a sitemap is new to the next run that takes it."""

from __future__ import annotations

from itertools import cycle, product
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import Crawl, crawl
from tests.support.front import Front, Visit, answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 50
ONLY = "/2025/01/02/esteri/solo-in-questa-fonte/"
"""An article that no other list names; its page is missing, which does not matter here."""
_LASTMOD = "2026-11-20T08:00:00+00:00"
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PARTS: dict[str, dict[str, object]] = {
    "pages": {"pages": 1},
    "since": {"since": "2026-11-01"},
    "until": {"until": "2024-12-31"},
}
RESPECTING: dict[str, dict[str, object]] = {
    "other channels": {"discover": "menu"},
    "urls": {"urls": "https://www.alanews.it/2026/11/20/esteri/un-altro/"},
    "rest": {"source": "rest"},
}


@pytest.fixture
def front(twin: TwinProcess) -> Iterator[Front]:
    """A site whose only sitemap is the one that a test adds."""
    with Front(twin.url) as running:
        running.answers["^/robots.txt$"] = robots(running, "/outer.xml")
        yield running


def robots(front: Front, path: str) -> bytes:
    return answer(f"User-agent: *\nAllow: /\nSitemap: {front.url}{path}\n", "text/plain")


def conditional(body: str, content_type: str) -> Callable[[Visit, socket.socket], bytes]:
    """Return answers that nothing has changed, where a request has the right condition."""

    def answered(visit: Visit, _: socket.socket) -> bytes:
        if visit.headers.get("if-none-match") == '"1"':
            return b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
        return answer(body, content_type, ETag='"1"')

    return answered


def add_feed(front: Front) -> None:
    """Have the feed of the site name the article alone."""
    item = f"<item><title>Solo qui</title><link>{front.url}{ONLY}</link>"
    item += "<pubDate>Thu, 02 Jan 2025 08:00:00 +0000</pubDate></item>"
    text = f"<rss version='2.0'><channel><title>Alanews</title>{item}</channel></rss>"
    front.answers["^/feed/$"] = conditional(text, "application/rss+xml")


def add_sitemaps(front: Front, kind: str) -> None:
    """Have a sitemap name the article alone; `kind` says how robots.txt leads to it."""
    entry = f"<url><loc>{front.url}{ONLY}</loc><lastmod>{_LASTMOD}</lastmod></url>"
    leaf = f"<?xml version='1.0'?><urlset xmlns='{_SPACE}'>{entry}</urlset>"
    front.answers["^/post-1.xml"] = conditional(leaf, "application/xml")
    if kind == "named":
        front.answers["^/robots.txt$"] = robots(front, "/post-1.xml")
        return
    inner = "/inner.xml"
    outer = inner if kind == "nested" else "/post-1.xml"
    lastmod = None if kind == "undated" else _LASTMOD
    front.answers["^/outer.xml"] = index(front.url + outer, lastmod)
    front.answers["^/inner.xml"] = index(f"{front.url}/post-1.xml", lastmod)


def index(url: str, lastmod: str | None) -> bytes:
    stated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    entry = f"<sitemap><loc>{url}</loc>{stated}</sitemap>"
    text = f"<?xml version='1.0'?><sitemapindex xmlns='{_SPACE}'>{entry}</sitemapindex>"
    return answer(text, "application/xml")


def run(front: Front, output: Path, **arguments: object) -> Crawl:
    """Run a crawl of the whole site; the front's visits are those of this run."""
    return run_with(front, output, {}, **arguments)


def run_respecting(front: Front, output: Path, **arguments: object) -> Crawl:
    return run_with(front, output, {"RIGHTS_POLICY": "respect"}, **arguments)


def run_with(front: Front, output: Path, settings: dict[str, str], **arguments: object) -> Crawl:
    front.visits.clear()
    given = {"site_url": front.url, **arguments}
    if given.get("source") != "rest":
        given = {"discover": "menu,feed,sitemap", "related": "off", **given}
    return crawl("alanews", output, arguments=given, settings=settings)


KINDS = ("feed", "named", "dated", "undated", "nested")
# Each kind once, and each part; the other pairs take a minute.
SHORT = {*zip(KINDS, cycle(PARTS), strict=False)}
PAIRS = [
    pytest.param(*pair, marks=[] if pair in SHORT else pytest.mark.soak)
    for pair in product(KINDS, PARTS)
]


@pytest.mark.parametrize(("kind", "part"), PAIRS)
def test_what_a_run_for_a_part_leaves_the_next_run_takes(
    kind: str, part: str, front: Front, tmp_path: Path
) -> None:
    if kind == "feed":
        add_feed(front)
    else:
        add_sitemaps(front, kind)
    run(front, tmp_path, **PARTS[part])
    assert ONLY not in front.paths
    run(front, tmp_path)
    assert ONLY in front.paths
    # What was taken is not read again.
    run(front, tmp_path)
    path = "/feed/" if kind == "feed" else "/post-1.xml"
    asked = [visit for visit in front.visits if visit.path == path]
    assert all(visit.headers.get("if-none-match") for visit in asked)


@pytest.mark.parametrize("part", RESPECTING)
def test_a_feed_that_was_read_for_its_terms_alone_is_read_for_its_articles(
    part: str, front: Front, tmp_path: Path
) -> None:
    add_feed(front)
    run_respecting(front, tmp_path, **RESPECTING[part])
    assert "/feed/" in front.paths
    assert ONLY not in front.paths
    run_respecting(front, tmp_path)
    assert ONLY in front.paths


def test_runs_of_one_kind_read_a_sitemap_once(front: Front, tmp_path: Path) -> None:
    add_sitemaps(front, "dated")
    for arguments in PARTS.values():
        run(front, tmp_path, **arguments)
        run(front, tmp_path, **arguments)
        assert "/outer.xml" in front.paths
        assert "/post-1.xml" not in front.paths


def test_a_sitemap_that_failed_is_read_through_an_index_that_has_not_changed(
    front: Front, tmp_path: Path
) -> None:
    add_sitemaps(front, "nested")
    leaf = front.answers["^/post-1.xml"]
    front.answers["^/post-1.xml"] = answer("", status=500)
    run(front, tmp_path)
    assert "/post-1.xml" in front.paths
    front.answers["^/post-1.xml"] = leaf
    run(front, tmp_path)
    assert ONLY in front.paths
    run(front, tmp_path)
    assert "/inner.xml" not in front.paths
