"""What is compared between two readings of an article."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from hashlib import blake2b
from typing import TYPE_CHECKING

from newscrawl.items import COMPARED_FIELDS, FROM_REST, Article, parts_of
from newscrawl.items.similarity import sketch, text_key
from newscrawl.ledger.records import ArticleSnapshot
from newscrawl.pages.truncation import FLAG

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.ledger.records import ClaimResult, MissingArticle

ID_CONFLICT = "id_conflict"
"""Flag of an article whose page claims the id of another article that is at another address."""
_EMPTY: tuple[object, ...] = (None, [], "")
_NOON = time(12)
_encode = json.JSONEncoder(default=parts_of).encode


def snapshot_of(article: Article, zone: tzinfo) -> ArticleSnapshot:
    """Return what the ledger compares of an article; `zone` is its site's time zone."""
    return ArticleSnapshot(
        id=article.id,
        url=article.url,
        fetched_at=epoch_of(article.fetched_at, zone) or 0,
        content_hash=article.content_hash,
        fields=_hashes(article),
        published=epoch_of(article.date_published, zone),
        modified=_modified(article, zone),
        text_key=text_key(article),
        sketch=text_sketch.signature if (text_sketch := sketch(article.body)) else None,
        whole=FLAG not in article.flags,
    )


def apply(article: Article, result: ClaimResult) -> None:
    """Set the fields of an article that state its history."""
    if result.id is not None:
        article.id = result.id
        article.flags.append(ID_CONFLICT)
    article.revision = result.revision
    article.previous_hash = result.previous_hash
    article.changed_fields = result.changed_fields
    article.first_seen_at = _iso_time(result.first_seen_at)
    article.duplicate_of, article.similarity = result.duplicate_of, result.similarity


def gone(missing: MissingArticle, now: int) -> tuple[Article, ArticleSnapshot]:
    """Return the line that reports the removal of a known article, and its snapshot."""
    fetched_at = _iso_time(now)
    article = Article(
        id=missing.id,
        # Every id begins with the key of its site.
        site=missing.id.partition(":")[0],
        url=missing.url,
        status="gone",
        fetched_at=fetched_at,
        content_hash=missing.content_hash,
    )
    snapshot = ArticleSnapshot(missing.id, missing.url, now, missing.content_hash, {}, gone=True)
    return article, snapshot


def _hashes(article: Article) -> dict[str, str]:
    hashes = {
        name: _short_hash(value)
        for name in COMPARED_FIELDS
        if (value := getattr(article, name)) not in _EMPTY
    }
    # It says which fields another reading of the same text can be compared by.
    return {FROM_REST: "", **hashes} if FROM_REST in article.flags else hashes


def _modified(article: Article, zone: tzinfo) -> int | None:
    """Return when the page states that the article was last changed, if to the second."""
    date, precision = article.date_modified, article.date_modified_precision
    if date is None:
        date, precision = article.date_published, article.date_published_precision
    return epoch_of(date, zone) if precision == "second" else None


def epoch_of(date: str | None, zone: tzinfo) -> int | None:
    """Return a date or time of an article in seconds since 1970.

    A date without a time is taken as noon in `zone`.

    >>> epoch_of("2026-11-23T11:00:00+01:00", UTC), epoch_of("2026-11-23", UTC)
    (1795428000, 1795435200)
    """
    if not date:
        return None
    parsed = datetime.fromisoformat(date)
    if len(date) <= 10:
        parsed = datetime.combine(parsed.date(), _NOON, zone)
    return int(parsed.timestamp())


def _iso_time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _short_hash(value: object) -> str:
    text = value if isinstance(value, str) else _encode(value)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
