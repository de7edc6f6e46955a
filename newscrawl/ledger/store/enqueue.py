"""Adds discovered URLs to the queue, each once; makes known ones pending again for a reason.

All functions run within a transaction.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from newscrawl.discovery import LISTED
from newscrawl.discovery.state import bits
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, LEASED, PENDING, articles, urls
from newscrawl.outcomes.outcome import OUTSIDE, ROBOTS, SECTION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Table, Update

    from newscrawl.ledger.records import DiscoveredUrl, SettledByList

_CHANGE_MARKERS = ("card", "feed", "lastmod")
_LISTED = bits(*LISTED)


def insert_into(connection: Connection, table: Table) -> Any:
    """Return the dialect's INSERT, which supports ON CONFLICT."""
    return _insert(connection.dialect.name, table)


def _insert(dialect: str, table: Table) -> Any:
    # Imported here: PostgreSQL's drivers take 0.1 s at each start.
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415

        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_new(connection: Connection, table: Table, *, returns: str | None = None) -> Any:
    """Return an INSERT that skips a row whose key exists already.

    `returns` is the column to return of a row that was inserted.
    """
    return _insert_new(connection.dialect.name, table, returns)


@cache
def _insert_new(dialect: str, table: Table, returns: str | None) -> Any:
    # Cached: each article would build it three times, and look it up in SQLAlchemy's cache.
    statement = _insert(dialect, table).on_conflict_do_nothing()
    return statement if returns is None else statement.returning(table.c[returns])


def add(connection: Connection, series: int, now: int, discovered: Iterable[DiscoveredUrl]) -> None:
    """Add URLs; of known ones, add the channels and make them pending again for a reason.

    Reasons: the caller requests it; the section's archive lists an article that was excluded as
    not of the section; a source states another change marker than before.
    """
    rows: list[dict[str, Any]] = [
        {
            "series": series,
            "key": url.key,
            "url": url.url,
            "kind": url.kind,
            "state": PENDING,
            "rank": url.rank,
            "channels": url.channels,
            "depth": url.depth,
            "found_on": url.found_on,
            "found_at": now,
            "request": url.request,
            **{name: url.change_markers.get(name) for name in _CHANGE_MARKERS},
            "tries": 0,
        }
        for url in discovered
        if not url.again and not url.only_known
    ]
    repeated = [url for url in discovered if url.again]
    updates = [
        {
            "of": series,
            "at": url.key,
            "now": now,
            **{f"new_{name}": url.change_markers.get(name) for name in _CHANGE_MARKERS},
        }
        for url in sorted(discovered, key=lambda url: url.key)
        if url.only_known
    ]
    if updates:
        connection.execute(_UPDATE_KNOWN, updates)
    if rows:
        # The same order in all workers prevents deadlocks.
        rows.sort(key=lambda row: row["key"])
        connection.execute(_upsert(connection.dialect.name), rows)
    if repeated:
        repeated_rows = [
            {
                **{name: getattr(url, name) for name in _DISCOVERED_NAMES},
                **{name: url.change_markers.get(name) for name in _CHANGE_MARKERS},
                "series": series,
                "state": PENDING,
                "found_at": now,
                "tries": 0,
            }
            for url in sorted(repeated, key=lambda url: url.key)
        ]
        connection.execute(_upsert_pending(connection.dialect.name), repeated_rows)


def add_settled(
    connection: Connection, series: int, now: int, listed: Iterable[SettledByList]
) -> None:
    """Record what became of articles that a list holds; known addresses get the new result.

    What another worker has leased stays as it is: its result counts.
    """
    rows = [
        {
            "series": series,
            "key": row.result.key,
            "url": row.result.url,
            "kind": row.result.kind,
            "state": row.result.state,
            "rank": 0,
            "channels": row.channels,
            "depth": 0,
            "found_at": now,
            "fetched_at": now,
            "lastmod": row.modified,
            "result": row.result.result,
            "status": row.result.status,
            "due": row.result.due,
            "tries": row.result.tries,
        }
        for row in sorted(listed, key=lambda row: row.result.key)
    ]
    connection.execute(_upsert_settled(connection.dialect.name), rows)


@cache
def _upsert_settled(dialect: str) -> Any:
    statement = _insert(dialect, urls)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[urls.c.series, urls.c.key],
        set_={
            "channels": urls.c.channels.op("|")(new.channels),
            "lastmod": func.coalesce(new.lastmod, urls.c.lastmod),
            # A later request of the page must not be answered with "not modified".
            "etag": None,
            "last_modified": None,
            "request": None,
            **{
                name: new[name]
                for name in ("state", "result", "status", "due", "fetched_at", "tries")
            },
        },
        where=urls.c.state != LEASED,
    )


_DISCOVERED_NAMES = (
    "url", "kind", "key", "rank", "channels", "depth", "found_on", "request",
)  # fmt: skip


_IS_OVER = or_(
    urls.c.state == DONE,
    urls.c.state == FAILED,
    and_(
        urls.c.state == EXCLUDED,
        urls.c.result != ROBOTS,
        urls.c.result.not_like(literal_column(f"'{OUTSIDE}%'")),
    ),
)
"""A sign of change makes it pending: only robots.txt and the days of a run stay as they are."""
_STATED = (
    # By name: SQLAlchemy does not correlate a subquery with the table of ON CONFLICT DO UPDATE, but
    # would join it.
    select(articles.c.modified)
    .where(articles.c.url_key == literal_column('urls."key"', BigInteger))
    .where(articles.c.gone == 0)
    .limit(1)
    .scalar_subquery()
)
"""When the page said at its last fetch that it was last changed."""
_SPAN = 2 * 86_400
"""Seconds; a cache does not answer with a page from longer before the fetch."""
_UNSURE = 3_600
"""Seconds by which the site's clock or a cache may be behind, where the page states no time."""


def _has_changed(
    new: Mapping[str, ColumnElement[int]], now: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return whether a change marker of an article differs from that at its last fetch.

    A `lastmod` that was not known before is compared with what the page said when it was fetched,
    however old both are; it is known from then on, and does not make the article due again.
    """
    is_first = and_(
        urls.c.lastmod.is_(None),
        new["lastmod"] > func.coalesce(_STATED, urls.c.fetched_at - _UNSURE),
    )
    differs = [urls.c[name] != new[name] for name in _CHANGE_MARKERS]
    return or_(*differs, is_first, _was_outdated(new, now))


def _was_outdated(
    new: Mapping[str, ColumnElement[int]], now: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return whether a cache answered the last fetch with a page from before the last change.

    It is fetched again after as long a time as the change was old then: seldom, as that doubles.
    """
    lastmod, fetched_at = new["lastmod"], urls.c.fetched_at
    return and_(
        _IS_OVER,
        lastmod <= fetched_at,
        lastmod > fetched_at - _SPAN,
        now - fetched_at > fetched_at - lastmod,
        lastmod > _STATED,
    )


def _has_new_marker(new: Mapping[str, ColumnElement[int]]) -> list[ColumnElement[bool]]:
    # Unlike !=, it is true also where the marker was null before.
    return [
        and_(new[name].is_not(None), urls.c[name].is_distinct_from(new[name]))
        for name in _CHANGE_MARKERS
    ]


def _update_known() -> Update:
    new = {name: bindparam(f"new_{name}", type_=BigInteger) for name in _CHANGE_MARKERS}
    now = bindparam("now", type_=BigInteger)
    return (
        update(urls)
        .where(urls.c.series == bindparam("of"), urls.c.key == bindparam("at"))
        .where(or_(*_has_new_marker(new), _was_outdated(new, now)))
        .values(
            state=case((and_(_IS_OVER, _has_changed(new, now)), PENDING), else_=urls.c.state),
            tries=case((and_(_IS_OVER, _has_changed(new, now)), 0), else_=urls.c.tries),
            **{name: func.coalesce(new[name], urls.c[name]) for name in _CHANGE_MARKERS},
        )
    )


_UPDATE_KNOWN = _update_known()


@cache
def _upsert(dialect: str) -> Any:
    statement = _insert(dialect, urls)
    new = statement.excluded
    is_excluded_by_section = and_(
        urls.c.state == EXCLUDED,
        urls.c.result == SECTION,
        new.channels.op("&")(literal(_LISTED)) != 0,
    )
    markers = {name: new[name] for name in _CHANGE_MARKERS}
    has_changed = and_(_IS_OVER, _has_changed(markers, new.found_at))
    # The channels of an article may be stored before its request.
    has_rank = and_(urls.c.state == PENDING, new.rank != 0, new.rank != urls.c.rank)
    differs = or_(
        urls.c.channels.op("|")(new.channels) != urls.c.channels,
        has_rank,
        *_has_new_marker(markers),
        _was_outdated(markers, new.found_at),
    )
    return statement.on_conflict_do_update(
        index_elements=[urls.c.series, urls.c.key],
        set_={
            "channels": urls.c.channels.op("|")(new.channels),
            "state": case(
                (has_changed, PENDING),
                (is_excluded_by_section, PENDING),
                else_=urls.c.state,
            ),
            "tries": case((has_changed, 0), else_=urls.c.tries),
            "rank": case((has_rank, new.rank), else_=urls.c.rank),
            **{name: func.coalesce(new[name], urls.c[name]) for name in _CHANGE_MARKERS},
        },
        where=differs,
    )


@cache
def _upsert_pending(dialect: str) -> Any:
    statement = _insert(dialect, urls)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[urls.c.series, urls.c.key],
        set_={
            "channels": urls.c.channels.op("|")(new.channels),
            "state": PENDING,
            "request": new.request,
            "rank": new.rank,
            "depth": new.depth,
        },
        where=urls.c.state != LEASED,
    )
