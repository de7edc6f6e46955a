"""URLs of a series: noted, leased, settled. All functions run within a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from newscrawl.discovery import ARCHIVE as ARCHIVE_CHANNEL
from newscrawl.frontier import bits
from newscrawl.ledger.errors import LeaseLostError
from newscrawl.ledger.rows import ARTICLE, OUTSIDE, SECTION, Found, Leased, Settled
from newscrawl.ledger.schema import DONE, EXCLUDED, FAILED, LEASED, PENDING, urls

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Table

_SIGNALS = ("card", "feed", "lastmod")
_ARCHIVE = bits(ARCHIVE_CHANNEL)


def insert_into(connection: Connection, table: Table) -> Any:
    """Return the database's own INSERT, which knows ON CONFLICT."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def note(connection: Connection, series: int, now: int, found: Iterable[Found]) -> None:
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
            "hops": one.hops,
            "found_on": one.found_on,
            "found_at": now,
            "request": one.request,
            "card": one.card,
            "feed": one.feed,
            "lastmod": one.lastmod,
            "tries": 0,
        }
        for one in found
        if not one.again
    ]
    asked = [one for one in found if one.again]
    if rows:
        # One order for all workers, so that none waits for another in a circle.
        rows.sort(key=lambda row: row["key"])
        connection.execute(_noting(connection), rows)
    if asked:
        again = [
            {
                **{name: getattr(one, name) for name in _FOUND_NAMES},
                "series": series,
                "state": PENDING,
                "found_at": now,
                "tries": 0,
            }
            for one in sorted(asked, key=lambda one: one.key)
        ]
        connection.execute(_asking(connection), again)


_FOUND_NAMES = (
    "url", "kind", "key", "rank", "channels", "hops", "found_on", "request", *_SIGNALS,
)  # fmt: skip


def _noting(connection: Connection) -> Any:
    statement = insert_into(connection, urls)
    new = statement.excluded
    changed = or_(
        *(
            and_(urls.c[name].is_not(None), new[name].is_not(None), urls.c[name] != new[name])
            for name in _SIGNALS
        )
    )
    is_over = or_(urls.c.state == DONE, urls.c.state == FAILED)
    set_aside = and_(
        urls.c.state == EXCLUDED,
        urls.c.result == SECTION,
        new.channels.op("&")(literal(_ARCHIVE)) != 0,
    )
    news = or_(
        urls.c.channels.op("|")(new.channels) != urls.c.channels,
        *(
            and_(new[name].is_not(None), func.coalesce(urls.c[name], 0) != new[name])
            for name in _SIGNALS
        ),
    )
    return statement.on_conflict_do_update(
        index_elements=[urls.c.series, urls.c.key],
        set_={
            "channels": urls.c.channels.op("|")(new.channels),
            "state": case(
                (and_(is_over, changed), PENDING), (set_aside, PENDING), else_=urls.c.state
            ),
            **{name: func.coalesce(new[name], urls.c[name]) for name in _SIGNALS},
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
            "hops": new.hops,
        },
        where=urls.c.state != LEASED,
    )


def known(connection: Connection, series: int, keys: Iterable[int]) -> set[int]:
    """Return those of `keys` that stand in the series."""
    wanted = list(keys)
    if not wanted:
        return set()
    rows = connection.execute(_KNOWN, {"series": series, "keys": wanted})
    return {int(key) for (key,) in rows}


_KNOWN = select(urls.c.key).where(
    urls.c.series == bindparam("series"), urls.c.key.in_(bindparam("keys", expanding=True))
)


def lease(
    connection: Connection, series: int, run: int, count: int, *, only: int | None = None
) -> list[Leased]:
    """Take up to `count` pending URLs for a run, the highest rank first, the oldest first.

    `only` restricts articles to those that one of these channels has led to.
    """
    chosen = select(urls.c.id).where(urls.c.series == series, urls.c.state == PENDING)
    if only is not None:
        chosen = chosen.where(
            or_(urls.c.kind != ARTICLE, urls.c.channels.op("&")(literal(only)) != 0)
        )
    chosen = chosen.order_by(urls.c.rank.desc(), urls.c.id).limit(count)
    if connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(skip_locked=True)
    rows = connection.execute(
        update(urls)
        .where(urls.c.id.in_(chosen.scalar_subquery()))
        .values(state=LEASED, run=run)
        .returning(*(urls.c[name] for name in _LEASED_NAMES))
    ).all()
    found = [Leased(*row) for row in rows]
    found.sort(key=lambda one: (-one.rank, one.id))
    return found


_LEASED_NAMES = (
    "id", "url", "kind", "rank", "channels", "hops", "tries", "request", "etag", "last_modified",
)  # fmt: skip


def settle(connection: Connection, run: int, now: int, settled: Sequence[Settled]) -> None:
    """Write what became of leased URLs; sources that were read are forgotten.

    Raises:
        LeaseLostError: one of them is no longer this run's.
    """
    articles = [one for one in settled if one.kind == ARTICLE]
    sources = [one for one in settled if one.kind != ARTICLE]
    count = 0
    if articles:
        count += connection.execute(
            _SETTLE,
            [
                {
                    "row": one.id,
                    "own": run,
                    "now": now,
                    "new_state": one.state,
                    "new_result": one.result,
                    "new_status": one.status,
                    "new_due": one.due,
                    "new_etag": one.etag,
                    "new_last_modified": one.last_modified,
                }
                for one in articles
            ],
        ).rowcount
    if sources:
        gone = [{"row": one.id, "own": run} for one in sources]
        count += connection.execute(_DROP, gone).rowcount
    if count != len(settled):
        raise LeaseLostError("another worker took over what this run had leased")


_SETTLE = (
    update(urls)
    .where(urls.c.id == bindparam("row"), urls.c.run == bindparam("own"), urls.c.state == LEASED)
    .values(
        state=bindparam("new_state"),
        result=bindparam("new_result"),
        status=bindparam("new_status"),
        due=bindparam("new_due"),
        fetched_at=bindparam("now"),
        etag=func.coalesce(bindparam("new_etag"), urls.c.etag),
        last_modified=func.coalesce(bindparam("new_last_modified"), urls.c.last_modified),
        tries=case((bindparam("new_state") == FAILED, urls.c.tries + 1), else_=0),
        run=None,
        request=None,
    )
)
_DROP = delete(urls).where(
    urls.c.id == bindparam("row"), urls.c.run == bindparam("own"), urls.c.state == LEASED
)


def give_back(connection: Connection, runs: Sequence[int]) -> int:
    """Make pending what these runs have leased; return how many."""
    if not runs:
        return 0
    return connection.execute(
        update(urls)
        .where(urls.c.run.in_(runs), urls.c.state == LEASED)
        .values(state=PENDING, run=None)
    ).rowcount


def revive(connection: Connection, series: int, now: int, span: tuple[str, str]) -> int:
    """Make pending what is due, and what only another run's span of days kept out."""
    first, last = span
    count = connection.execute(
        update(urls)
        .where(
            urls.c.series == series,
            urls.c.due <= now,
            urls.c.state.in_([DONE, FAILED, EXCLUDED]),
        )
        .values(state=PENDING, due=None)
    ).rowcount
    return (
        count
        + connection.execute(
            update(urls)
            .where(
                urls.c.series == series,
                urls.c.state == EXCLUDED,
                urls.c.result >= f"{OUTSIDE}{first}",
                urls.c.result <= f"{OUTSIDE}{last}",
            )
            .values(state=PENDING)
        ).rowcount
    )


def all_again(connection: Connection, series: int) -> int:
    """Make every article of a series pending; return how many."""
    return connection.execute(
        update(urls)
        .where(urls.c.series == series, urls.c.kind == ARTICLE, urls.c.state.in_([DONE, FAILED]))
        .values(state=PENDING, due=None)
    ).rowcount


def pending(connection: Connection, series: int) -> int:
    """Return how many URLs wait."""
    statement = select(func.count()).where(urls.c.series == series, urls.c.state == PENDING)
    return int(connection.execute(statement).scalar_one())


def leased_elsewhere(connection: Connection, series: int, run: int) -> int:
    """Return how many URLs other runs of the series have leased."""
    statement = select(func.count()).where(
        urls.c.series == series, urls.c.state == LEASED, urls.c.run != run
    )
    return int(connection.execute(statement).scalar_one())
