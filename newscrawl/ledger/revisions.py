"""What of an article is compared with its earlier readings."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import TYPE_CHECKING

from newscrawl.items import COMPARED_FIELDS, Article, parts_of
from newscrawl.ledger.records import ArticleSnapshot
from newscrawl.pages.truncation import FLAG
from newscrawl.similarity import sketch, text_key

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.ledger.records import ClaimResult, MissingArticle

_EMPTY: tuple[object, ...] = (None, [], "")
_NOON = time(12)


def reading_of(article: Article, zone: tzinfo) -> ArticleSnapshot:
    """Return what the ledger compares of an article; `zone` is its site's time zone."""
    return ArticleSnapshot(
        id=article.id,
        url=article.url,
        fetched_at=epoch_of(article.fetched_at, zone) or 0,
        content_hash=article.content_hash,
        fields={
            name: _short_hash(value)
            for name in COMPARED_FIELDS
            if (value := getattr(article, name)) not in _EMPTY
        },
        published=epoch_of(article.date_published, zone),
        text_key=text_key(article),
        sketch=found.signature if (found := sketch(article.body)) else None,
        whole=FLAG not in article.flags,
    )


def apply(article: Article, verdict: ClaimResult) -> None:
    """Complete an article with its history."""
    article.revision = verdict.revision
    article.previous_hash = verdict.previous_hash
    article.changed_fields = verdict.changed_fields
    article.first_seen_at = _moment(verdict.first_seen_at)
    article.duplicate_of, article.similarity = verdict.duplicate_of, verdict.similarity


def gone(found: MissingArticle, now: int) -> tuple[Article, ArticleSnapshot]:
    """Return the line that reports a known article removed, and its reading."""
    moment = _moment(now)
    article = Article(
        id=found.id,
        # Every id begins with its site's key.
        site=found.id.partition(":")[0],
        url=found.url,
        status="gone",
        fetched_at=moment,
        content_hash=found.content_hash,
    )
    reading = ArticleSnapshot(found.id, found.url, now, found.content_hash, {}, gone=True)
    return article, reading


def epoch_of(stated: str | None, zone: tzinfo) -> int | None:
    """Return a date or time of an article in seconds since 1970.

    Of a day without a time it is noon in `zone`.

    >>> epoch_of("2026-11-23T11:00:00+01:00", UTC), epoch_of("2026-11-23", UTC)
    (1795428000, 1795435200)
    """
    if not stated:
        return None
    moment = datetime.fromisoformat(stated)
    if len(stated) <= 10:
        moment = datetime.combine(moment.date(), _NOON, zone)
    return int(moment.timestamp())


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _short_hash(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=parts_of)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
