"""URLs of a series: leased, settled, made pending again. All functions run within a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, bindparam, case, delete, func, literal, or_, select, update

from newscrawl.ledger.errors import LeaseLostError
from newscrawl.ledger.records import ARTICLE, OUTSIDE, Leased, Settled
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, LEASED, PENDING, urls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def _is_led_to_by(channels: int) -> Any:
    return or_(urls.c.kind != ARTICLE, urls.c.channels.op("&")(literal(channels)) != 0)


def lease(
    connection: Connection, series: int, run: int, count: int, *, only: int | None = None
) -> list[Leased]:
    """Take up to `count` pending URLs for a run, the highest rank first, the oldest first.

    `only` restricts articles to those that one of these channels has led to.
    """
    chosen = select(urls.c.id).where(urls.c.series == series, urls.c.state == PENDING)
    if only is not None:
        chosen = chosen.where(_is_led_to_by(only))
    chosen = chosen.order_by(urls.c.rank.desc(), urls.c.id).limit(count)
    ids: Any = chosen.scalar_subquery()
    if connection.dialect.name == "postgresql":
        # As a subquery it could be run more than once, and lock more rows each time.
        ids = select(chosen.with_for_update(skip_locked=True).cte("chosen").c.id)
    rows = connection.execute(
        update(urls)
        .where(urls.c.id.in_(ids))
        .values(state=LEASED, run=run)
        .returning(*(urls.c[name] for name in _LEASED_NAMES))
    ).all()
    found = [Leased(*row) for row in rows]
    found.sort(key=lambda one: (-one.rank, one.id))
    return found


_LEASED_NAMES = (
    "id", "url", "kind", "rank", "channels", "depth", "tries", "request", "etag", "last_modified",
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


_NOT_MODIFIED = func.coalesce(bindparam("new_status", type_=Integer), 0) == 304
_SETTLE = (
    update(urls)
    .where(urls.c.id == bindparam("row"), urls.c.run == bindparam("own"), urls.c.state == LEASED)
    .values(
        state=bindparam("new_state"),
        result=bindparam("new_result"),
        status=bindparam("new_status"),
        due=bindparam("new_due"),
        fetched_at=bindparam("now"),
        etag=case((_NOT_MODIFIED, urls.c.etag), else_=bindparam("new_etag", type_=Text)),
        last_modified=case(
            (_NOT_MODIFIED, urls.c.last_modified), else_=bindparam("new_last_modified", type_=Text)
        ),
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
        .where(urls.c.series == series, urls.c.kind == ARTICLE)
        .where(urls.c.state.in_([PENDING, DONE, FAILED]))
        # Written anew, it must come whole even if it has not changed.
        .values(state=PENDING, due=None, etag=None, last_modified=None)
    ).rowcount


def pending(connection: Connection, series: int) -> int:
    """Return how many URLs wait."""
    statement = select(func.count()).where(urls.c.series == series, urls.c.state == PENDING)
    return int(connection.execute(statement).scalar_one())


def is_over(connection: Connection, series: int, run: int, *, only: int | None = None) -> bool:
    """Return whether nothing is left that a run of the series waits for or has leased.

    `only` is that of `lease`; what the run itself has leased does not count.
    """
    left = select(urls.c.id).where(urls.c.series == series)
    waiting = left.where(urls.c.state == PENDING)
    if only is not None:
        waiting = waiting.where(_is_led_to_by(only))
    leased = left.where(urls.c.state == LEASED, urls.c.run != run)
    return not connection.execute(select(or_(waiting.exists(), leased.exists()))).scalar_one()
