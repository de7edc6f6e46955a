"""Articles of an archive of a crawl are those of its dump, to the byte."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from newscrawl.bulk.archive_reader import ArchiveReader, pages
from newscrawl.bulk.archived_articles import ArchivedArticleReader
from newscrawl.bulk.archived_page import ArchivedPage, LeftOut
from newscrawl.dumps.encoding import line
from newscrawl.extraction.fetched_page import FetchedPage
from tests.support.answers import ask
from tests.support.crawling import crawl
from tests.support.twin_crawls import ordinary_cards
from tests.support.warc_files import Archive, page_of
from twin import addresses
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.bulk.archived_page import ArchivedPosts
    from newscrawl.items import Article

CRAWL_ONLY = {
    "discovered_via", "first_seen_at", "fetched_at", "revision", "previous_hash", "changed_fields",
    "duplicate_of", "similarity",
}  # fmt: skip
ROBOTS = "/robots.txt"
TDMREP = "/.well-known/tdmrep.json"
RIGHTS = "Content-Signal: ai-train=no\nContent-Usage: train-ai=n"


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    faults = [{"on": "robots", "kind": "robots_lines", "value": RIGHTS}]
    with TwinProcess(size=60, switches={"tdm": "wellknown"}, faults=faults) as running:
        yield running


def without_crawl(record: dict[str, Any]) -> str:
    """Return a line without what only a crawl knows, in its own order of fields."""
    return json.dumps({key: value for key, value in record.items() if key not in CRAWL_ONLY})


def article_lines(articles: list[Article]) -> dict[str, str]:
    return {article.id: without_crawl(json.loads(line(article))) for article in articles}


def read_all(twin_url: str, archived: ArchivedPage | ArchivedPosts) -> list[Article]:
    """Return the articles of a page, its further pages fetched."""
    reader = ArchivedArticleReader()
    while (reading := reader.read(archived)).missing_part is not None:
        assert isinstance(archived, ArchivedPage)
        url = reading.missing_part
        answer = ask(twin_url, urlsplit(url).path)
        headers = {name.lower(): [value] for name, value in answer.headers.items()}
        archived.parts.append(FetchedPage(url, page_of(answer), headers, answer.status))
    assert not reading.reasons
    return reading.articles


@pytest.mark.e2e
def test_pages_give_the_lines_of_the_crawl(twin: TwinProcess, tmp_path: Path) -> None:
    done = crawl("alanews", tmp_path, arguments={"site_url": twin.url, "order": "newest"})
    expected = {record["id"]: without_crawl(record) for record in done.articles}
    assert len(expected) > 50
    archive = Archive()
    archive.ours(twin.url)
    archive.fetch(twin.url, ROBOTS)
    archive.fetch(twin.url, TDMREP)
    for record in done.articles:
        archive.fetch(twin.url, urlsplit(record["url"]).path, outcome="written", url=record["url"])
    found = pages(ArchiveReader().read(io.BytesIO(archive.data)))
    articles = [article for page in found for article in read_all(twin.url, page)]
    assert article_lines(articles) == expected
    assert "tdmrep/well-known" in json.dumps([*expected.values()])
    assert "content-signal/robots.txt" in json.dumps([*expected.values()])


@pytest.mark.e2e
def test_what_the_crawl_left_out_is_left_out(twin: TwinProcess) -> None:
    paths = [addresses.path(card, Switches()) for card in ordinary_cards(twin, "politica")[:4]]
    archive = Archive()
    archive.ours(twin.url)
    for path, outcome in zip(
        paths, ("excluded", "written", "not_article", "unchanged"), strict=True
    ):
        archive.fetch(twin.url, path, outcome=outcome)
    archive.fetch(twin.url, "/")
    found = [*ArchiveReader().read(io.BytesIO(archive.data))]
    reasons = [entry.reason if isinstance(entry, LeftOut) else "read" for entry in found]
    assert reasons == ["outcome_excluded", "read", "outcome_not_article", "read", "source"]


@pytest.mark.e2e
def test_a_rest_archive_gives_the_lines_of_the_crawl(twin: TwinProcess, tmp_path: Path) -> None:
    twin.reset()
    done = crawl("alanews", tmp_path, arguments={"site_url": twin.url, "source": "rest"})
    expected = {record["id"]: without_crawl(record) for record in done.articles}
    assert len(expected) > 50
    archive = Archive()
    archive.ours(twin.url, source="rest")
    archive.fetch(twin.url, ROBOTS)
    archive.fetch(twin.url, TDMREP)
    requests = [path for _, path, _ in twin.requests() if "/wp-json/wp/v2/" in path]
    lists = [path for path in requests if "/posts?" not in path]
    posts = [path for path in requests if "/posts?" in path and "content" in path]
    assert lists
    assert posts
    for path in lists:
        archive.fetch(twin.url, path)
    for path in posts:
        urls = [record["url"] for record in done.articles]
        archive.fetch(twin.url, path, outcome="written", article=urls)
    found = pages(ArchiveReader().read(io.BytesIO(archive.data)))
    articles = [article for page in found for article in read_all(twin.url, page)]
    assert article_lines(articles) == expected
