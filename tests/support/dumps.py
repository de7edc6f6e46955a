"""Dumps for tests: an article with its revisions, written as a crawl writes them."""

from __future__ import annotations

import gzip
import json
import sys
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import newscrawl
from newscrawl.feeds import line
from newscrawl.items import Article, Block
from newscrawl.text import count_words, digest
from tests.support.crawling import ROOT

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

PAGE = ROOT / "tests" / "data" / "pages" / "it-single-seed"
READ_AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def _zstandard(data: bytes) -> bytes:
    # As the program zstd does, so that damage is noticed.
    return zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": _zstandard,
}
"""Ending to what makes a file's bytes."""


def first(post_id: int = 7) -> Article:
    """Return an article as a first crawl writes it."""
    article = deepcopy(_read())
    article.id = f"alanews:{post_id}"
    article.discovered_via = ["archive"]
    return article


@cache
def _read() -> Article:
    meta = json.loads((PAGE / "meta.json").read_text(encoding="utf-8"))
    html = (PAGE / "page.html").read_bytes()
    article = newscrawl.extract(html, meta["url"], fetched_at=READ_AT)
    assert article is not None
    return article


def revised(before: Article, words: str = "Una riga in più.", minutes: int = 60) -> Article:
    """Return its next revision, read later, with a paragraph more."""
    article = deepcopy(before)
    article.blocks.append(Block("paragraph", text=words))
    article.body = f"{before.body}\n\n{words}"
    article.word_count = count_words(article.body)
    article.content_hash = digest(article.headline, article.subtitle, article.body)
    article.changed_fields = ["body", "blocks", "word_count"]
    return _next(article, before, minutes)


def removed(before: Article, minutes: int = 60) -> Article:
    """Return the line that reports it gone."""
    article = Article(
        id=before.id,
        site=before.site,
        url=before.url,
        status="gone",
        first_seen_at=before.first_seen_at,
        fetched_at=before.fetched_at,
        content_hash=before.content_hash,
        changed_fields=["status"],
    )
    return _next(article, before, minutes)


def record(article: Article) -> dict[str, Any]:
    """Return an article as JSON has it."""
    found: dict[str, Any] = json.loads(line(article))
    return found


def write(path: Path, articles: Iterable[Article | dict[str, Any] | bytes]) -> Path:
    """Write a dump, compressed as its name says; bytes stand for themselves."""
    path.parent.mkdir(parents=True, exist_ok=True)
    compress = COMPRESS.get(path.suffix, bytes)
    path.write_bytes(compress(b"".join(map(_line, articles))))
    return path


def _line(article: Article | dict[str, Any] | bytes) -> bytes:
    if isinstance(article, bytes):
        return article
    if isinstance(article, dict):
        return f"{json.dumps(article, ensure_ascii=False)}\n".encode()
    return line(article)


def _next(article: Article, before: Article, minutes: int) -> Article:
    assert before.fetched_at is not None
    moment = datetime.fromisoformat(before.fetched_at).timestamp() + 60 * minutes
    article.fetched_at = datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    article.revision = before.revision + 1
    article.previous_hash = before.content_hash
    return article
