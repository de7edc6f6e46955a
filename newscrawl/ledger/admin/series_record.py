"""Reads what a series has written and what it knows of other addresses, for `scrapy coverage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from newscrawl.discovery import EXPLICIT, LISTED
from newscrawl.discovery.state import bits
from newscrawl.ledger.store import database
from newscrawl.ledger.store.tables import (
    DONE,
    LEASED,
    PENDING,
    WRITTEN,
    addresses,
    articles,
    lines,
    series,
    urls,
)
from newscrawl.outcomes.series_comparison import SeriesRecord, SeriesUrl, WrittenArticle
from newscrawl.outcomes.task import ARTICLE

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_PER_FETCH = 1_000


def read(engine: Engine, name: str, site_key: str) -> SeriesRecord | None:
    """Return what the ledger knows of a series; None if it has no series of this name.

    Args:
        engine: the ledger's engine.
        name: of the series.
        site_key: begins the ids of its articles.
    """
    record = SeriesRecord(site_key)
    with database.read_only(engine).begin() as connection:
        found = connection.execute(select(series).where(series.c.name == name)).one_or_none()
        if found is None:
            return None
        _read_articles(connection, record, {"series": found.id, "edition": found.edition})
        _read_urls(connection, record, found.id)
    return record


_IN_SERIES = (
    select(lines.c.article)
    .where(
        lines.c.series == bindparam("series"),
        lines.c.edition == bindparam("edition"),
        lines.c.article == articles.c.id,
        lines.c.state == WRITTEN,
    )
    .exists()
)
_ARTICLES = select(
    articles.c.id,
    articles.c.url,
    articles.c.published,
    articles.c.gone,
    articles.c.missing_since,
).where(_IN_SERIES)
_ADDRESSES = (
    select(addresses.c.article, addresses.c.url)
    .join(articles, articles.c.id == addresses.c.article)
    .where(_IN_SERIES)
)
_URLS = select(
    urls.c.url, urls.c.state, urls.c.result, urls.c.status, urls.c.channels
).where(urls.c.series == bindparam("series"), urls.c.kind == ARTICLE)  # fmt: skip


def _read_articles(connection: Connection, record: SeriesRecord, key: dict[str, int]) -> None:
    for row in connection.execute(_ARTICLES, key).yield_per(_PER_FETCH):
        record.articles[row.id] = WrittenArticle(
            row.id, row.url, row.published, bool(row.gone), row.missing_since is not None
        )
        record.by_url[row.url] = row.id
    for other in connection.execute(_ADDRESSES, key).yield_per(_PER_FETCH):
        record.by_url.setdefault(other.url, other.article)


def _read_urls(connection: Connection, record: SeriesRecord, number: int) -> None:
    listing, typed = bits(*LISTED), bits(EXPLICIT)
    for row in connection.execute(_URLS, {"series": number}).yield_per(_PER_FETCH):
        record.urls[row.url] = SeriesUrl(
            row.url,
            is_waiting=row.state in {PENDING, LEASED},
            is_done=row.state == DONE,
            result=row.result or "",
            status=row.status,
            is_listed=bool(row.channels & listing),
            is_linked=row.channels != typed,
        )
