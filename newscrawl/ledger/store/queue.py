"""Leases and settles the URLs of a series. All functions run within a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Integer,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from newscrawl.ledger.errors import LeaseLostError
from newscrawl.ledger.records import Leased, Settled
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, LEASED, PENDING, urls
from newscrawl.outcomes.outcome import FEED_NOT_READ, OUTSIDE, RIGHTS, ROBOTS, SECTION, WITHHELD
from newscrawl.outcomes.task import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


def is_wanted(channels: int) -> Any:
    """Return the condition for sources, and for articles that one of some channels has found.

    Without a channel no article is requested, as lists hold them all, but for those that were
    withheld: a list names them again only when they change.
    """
    if channels:
        return or_(urls.c.kind != ARTICLE, urls.c.channels.op("&")(literal(channels)) != 0)
    return or_(
        urls.c.kind != ARTICLE,
        urls.c.result.in_([RIGHTS, FEED_NOT_READ]),
        urls.c.result.like(literal_column(f"'{WITHHELD}%'")),
    )


def lease(  # noqa: PLR0913 - whose, how many, which
    connection: Connection,
    series: int,
    run: int,
    count: int,
    *,
    only: int | None = None,
    is_idle: bool = True,
    waits: Sequence[int] = (),
) -> list[Leased]:
    """Lease up to `count` pending URLs to a run, by rank, then the oldest first.

    An article whose page was missing comes last, when no run has anything else to fetch: by
    then its new address has been read, if the site lists one.

    Args:
        connection: connection of the transaction.
        series: the series.
        run: the run.
        count: the maximum number of URLs.
        only: channels, one of which must have found an article.
        is_idle: whether the run has nothing else to fetch.
        waits: ranks; articles, and sources up to each, wait for all sources above it.
    """
    pending_ids = select(urls.c.id).where(urls.c.series == series, urls.c.state == PENDING)
    was_missing = and_(urls.c.kind == ARTICLE, func.coalesce(urls.c.status, 0).in_([404, 410]))
    if is_idle:
        others = select(urls.c.id).where(
            urls.c.series == series, urls.c.state == LEASED, urls.c.run != run
        )
        pending_ids = pending_ids.where(or_(not_(was_missing), not_(others.exists())))
    else:
        pending_ids = pending_ids.where(not_(was_missing))
    if only is not None:
        pending_ids = pending_ids.where(is_wanted(only))
    for rank in waits:
        early = select(urls.c.id).where(
            urls.c.series == series,
            urls.c.state.in_([PENDING, LEASED]),
            urls.c.kind != ARTICLE,
            urls.c.rank > rank,
        )
        pending_ids = pending_ids.where(
            or_(and_(urls.c.kind != ARTICLE, urls.c.rank > rank), not_(early.exists()))
        )
    pending_ids = pending_ids.order_by(urls.c.rank.desc(), urls.c.id).limit(count)
    ids: Any = pending_ids.scalar_subquery()
    if connection.dialect.name == "postgresql":
        # A subquery could be executed more than once and lock more rows each time.
        ids = select(pending_ids.with_for_update(skip_locked=True).cte("chosen").c.id)
    rows = connection.execute(
        update(urls)
        .where(urls.c.id.in_(ids))
        .values(state=LEASED, run=run)
        .returning(*(urls.c[name] for name in _LEASED_NAMES))
    ).all()
    leased = [Leased(*row) for row in rows]
    leased.sort(key=lambda url: (-url.rank, url.id))
    return leased


_LEASED_NAMES = (
    "id", "url", "kind", "rank", "channels", "depth", "tries", "request", "etag", "last_modified",
    "status",
)  # fmt: skip


def settle(connection: Connection, run: int, now: int, settled: Sequence[Settled]) -> None:
    """Write the results of leased URLs; delete sources that were read.

    Raises:
        LeaseLostError: one of them is no longer leased by this run.
    """
    articles = [url for url in settled if url.kind == ARTICLE]
    sources = [url for url in settled if url.kind != ARTICLE and url.due is None]
    kept = [url for url in settled if url.kind != ARTICLE and url.due is not None]
    count = 0
    if articles:
        count += connection.execute(
            _SETTLE,
            [
                {
                    "row": article.id,
                    "own": run,
                    "now": now,
                    "new_state": article.state,
                    "new_result": article.result,
                    "new_status": article.status,
                    "new_due": article.due,
                    "new_etag": article.etag,
                    "new_last_modified": article.last_modified,
                    "new_tries": article.tries,
                }
                for article in articles
            ],
        ).rowcount
    if sources:
        rows = [{"row": source.id, "own": run} for source in sources]
        count += connection.execute(_DROP, rows).rowcount
    if kept:
        count += connection.execute(
            _KEEP,
            [
                {
                    "row": source.id,
                    "own": run,
                    "now": now,
                    "new_result": source.result,
                    "new_status": source.status,
                    "new_due": source.due,
                    "new_tries": source.tries,
                }
                for source in kept
            ],
        ).rowcount
    if count != len(settled):
        raise LeaseLostError("another worker took over what this run had leased")


_NOT_MODIFIED = and_(
    func.coalesce(bindparam("new_status", type_=Integer), 0) == 304,
    bindparam("new_state", type_=Integer) == DONE,
)
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
        tries=bindparam("new_tries", type_=Integer),
        run=None,
        request=None,
    )
)
_KEEP = (
    update(urls)
    .where(urls.c.id == bindparam("row"), urls.c.run == bindparam("own"), urls.c.state == LEASED)
    .values(
        state=FAILED,
        result=bindparam("new_result"),
        status=bindparam("new_status"),
        due=bindparam("new_due"),
        fetched_at=bindparam("now"),
        tries=bindparam("new_tries"),
        run=None,
    )
)
_DROP = delete(urls).where(
    urls.c.id == bindparam("row"), urls.c.run == bindparam("own"), urls.c.state == LEASED
)


def leasing_runs(connection: Connection, series: int) -> list[int]:
    """Return the runs that have leased URLs of a series."""
    leased = select(urls.c.run).where(urls.c.series == series, urls.c.state == LEASED)
    return [int(run) for run in connection.execute(leased.distinct()).scalars()]


def give_back(connection: Connection, runs: Sequence[int]) -> int:
    """Make the URLs that these runs have leased pending; return how many."""
    if not runs:
        return 0
    return connection.execute(
        update(urls)
        .where(urls.c.run.in_(runs), urls.c.state == LEASED)
        .values(state=PENDING, run=None)
    ).rowcount


def revive(
    connection: Connection, series: int, now: int, span: tuple[str, str], *, latest_due: int = 0
) -> int:
    """Make pending the URLs that are due, and those that only the dates of another run excluded.

    A due time later than `latest_due` seconds from now was written by a clock that was wrong;
    0 believes all of them.
    """
    first, last = span
    is_due = urls.c.due <= now
    if latest_due:
        is_due = or_(is_due, urls.c.due > now + latest_due)
    count = connection.execute(
        update(urls)
        .where(
            urls.c.series == series,
            is_due,
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
    """Make every article of a series pending; return how many.

    Those that a dead run has leased stay so until they are returned to the queue.
    """
    connection.execute(
        update(urls)
        .where(urls.c.series == series, urls.c.state == LEASED)
        .values(etag=None, last_modified=None)
    )
    return connection.execute(
        update(urls)
        .where(urls.c.series == series, urls.c.kind == ARTICLE)
        .where(or_(urls.c.state.in_([PENDING, DONE, FAILED]), is_by_answer()))
        # To be written again, it must be sent in full even if it has not changed.
        .values(state=PENDING, due=None, etag=None, last_modified=None)
    ).rowcount


def is_by_answer() -> Any:
    """Return the condition for URLs that are excluded by what they answered, not by a rule."""
    return and_(
        urls.c.state == EXCLUDED,
        urls.c.result.not_in([ROBOTS, SECTION]),
        urls.c.result.not_like(f"{OUTSIDE}%"),
    )


def size(connection: Connection) -> int:
    """Return about how many URLs a ledger knows, without counting them."""
    return int(connection.execute(select(func.coalesce(func.max(urls.c.id), 0))).scalar_one())


def is_over(connection: Connection, series: int, run: int, *, only: int | None = None) -> bool:
    """Return whether the series has no pending URLs and none leased by other runs.

    `only` is that of `lease`; URLs that the run itself has leased do not count.
    """
    in_series = select(urls.c.id).where(urls.c.series == series)
    pending_urls = in_series.where(urls.c.state == PENDING)
    if only is not None:
        pending_urls = pending_urls.where(is_wanted(only))
    leased = in_series.where(urls.c.state == LEASED, urls.c.run != run)
    return not connection.execute(select(or_(pending_urls.exists(), leased.exists()))).scalar_one()
