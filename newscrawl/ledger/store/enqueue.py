"""URLs that were come across: noted once, asked for again where there is a reason.

All functions run within a transaction.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, bindparam, case, func, literal, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from newscrawl.discovery import LISTED
from newscrawl.discovery.state import bits
from newscrawl.ledger.records import SECTION, DiscoveredUrl
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, LEASED, PENDING, urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection, Table, Update

_CHANGE_MARKERS = ("card", "feed", "lastmod")
_LISTED = bits(*LISTED)


def insert_into(connection: Connection, table: Table) -> Any:
    """Return the database's own INSERT, which knows ON CONFLICT."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def insert_new(connection: Connection, table: Table, *, returns: str | None = None) -> Any:
    """Return an INSERT that leaves a row alone whose key is there already.

    `returns` is a column of the new row, which is then given back; nothing where there is none.
    """
    return _insert_new(connection.dialect.name, table, returns)


@cache
def _insert_new(dialect: str, table: Table, returns: str | None) -> Any:
    # Kept: an article would pay for making it three times, and for looking it up in SQLAlchemy's.
    made = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    made = made.on_conflict_do_nothing()
    return made if returns is None else made.returning(table.c[returns])


def note(connection: Connection, series: int, now: int, found: Iterable[DiscoveredUrl]) -> None:
    """Add URLs; of known ones, add the channels and ask again where there is a reason.

    Reasons: the caller says so; an article set aside as none of the section is listed by the
    section's archive after all; what a source says of it is not what it said before.
    """
    rows: list[dict[str, Any]] = [
        {
            "series": series,
            "key": one.key,
            "url": one.url,
            "kind": one.kind,
            "state": PENDING,
            "rank": one.rank,
            "channels": one.channels,
            "depth": one.depth,
            "found_on": one.found_on,
            "found_at": now,
            "request": one.request,
            **{name: one.change_markers.get(name) for name in _CHANGE_MARKERS},
            "tries": 0,
        }
        for one in found
        if not one.again and not one.only_known
    ]
    asked = [one for one in found if one.again]
    told = [
        {
            "of": series,
            "at": one.key,
            **{f"new_{name}": one.change_markers.get(name) for name in _CHANGE_MARKERS},
        }
        for one in sorted(found, key=lambda one: one.key)
        if one.only_known
    ]
    if told:
        connection.execute(_TELL, told)
    if rows:
        # One order for all workers, so that none waits for another in a circle.
        rows.sort(key=lambda row: row["key"])
        connection.execute(_noting(connection), rows)
    if asked:
        again = [
            {
                **{name: getattr(one, name) for name in _FOUND_NAMES},
                **{name: one.change_markers.get(name) for name in _CHANGE_MARKERS},
                "series": series,
                "state": PENDING,
                "found_at": now,
                "tries": 0,
            }
            for one in sorted(asked, key=lambda one: one.key)
        ]
        connection.execute(_asking(connection), again)


_FOUND_NAMES = (
    "url", "kind", "key", "rank", "channels", "depth", "found_on", "request",
)  # fmt: skip


def _has_changed(new: Mapping[str, ColumnElement[int]]) -> ColumnElement[bool]:
    """Return whether a source says of an article what it did not say when it was fetched.

    A time of the last change tells that by itself, also when nothing was said before.
    """
    after = and_(urls.c.lastmod.is_(None), new["lastmod"] > urls.c.fetched_at)
    return or_(*(urls.c[name] != new[name] for name in _CHANGE_MARKERS), after)


def _has_news(new: Mapping[str, ColumnElement[int]]) -> list[ColumnElement[bool]]:
    # Unlike !=, it holds also where nothing was said before.
    return [
        and_(new[name].is_not(None), urls.c[name].is_distinct_from(new[name]))
        for name in _CHANGE_MARKERS
    ]


_IS_OVER = or_(urls.c.state == DONE, urls.c.state == FAILED)


def _telling() -> Update:
    new = {name: bindparam(f"new_{name}", type_=BigInteger) for name in _CHANGE_MARKERS}
    return (
        update(urls)
        .where(urls.c.series == bindparam("of"), urls.c.key == bindparam("at"))
        .where(or_(*_has_news(new)))
        .values(
            state=case((and_(_IS_OVER, _has_changed(new)), PENDING), else_=urls.c.state),
            **{name: func.coalesce(new[name], urls.c[name]) for name in _CHANGE_MARKERS},
        )
    )


_TELL = _telling()


def _noting(connection: Connection) -> Any:
    statement = insert_into(connection, urls)
    new = statement.excluded
    set_aside = and_(
        urls.c.state == EXCLUDED,
        urls.c.result == SECTION,
        new.channels.op("&")(literal(_LISTED)) != 0,
    )
    told = {name: new[name] for name in _CHANGE_MARKERS}
    news = or_(urls.c.channels.op("|")(new.channels) != urls.c.channels, *_has_news(told))
    return statement.on_conflict_do_update(
        index_elements=[urls.c.series, urls.c.key],
        set_={
            "channels": urls.c.channels.op("|")(new.channels),
            "state": case(
                (and_(_IS_OVER, _has_changed(told)), PENDING),
                (set_aside, PENDING),
                else_=urls.c.state,
            ),
            **{name: func.coalesce(new[name], urls.c[name]) for name in _CHANGE_MARKERS},
        },
        where=news,
    )


def _asking(connection: Connection) -> Any:
    statement = insert_into(connection, urls)
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
