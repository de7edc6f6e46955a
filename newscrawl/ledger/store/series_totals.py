"""Counts of what a series has written and of what it has not, without reading each row.

All functions run within a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, literal, not_, select

from newscrawl.discovery import ARCHIVE, EXPLICIT, FEED, MONTH, REST, SITEMAP
from newscrawl.discovery.state import bits
from newscrawl.ledger.store.queue import is_wanted
from newscrawl.ledger.store.tables import (
    DIED,
    DONE,
    LEASED,
    PENDING,
    WRITTEN,
    addresses,
    articles,
    lines,
    runs,
    urls,
)
from newscrawl.outcomes.outcome import OTHER, OUTSIDE, RIGHTS, ROBOTS, SECTION, WITHHELD
from newscrawl.outcomes.series_figures import SeriesCounts, UnwrittenGroup
from newscrawl.outcomes.task import ARTICLE

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Connection

    from newscrawl.ledger.records import Run

_LISTS = bits(ARCHIVE, SITEMAP, FEED, REST, MONTH)
_NOT_ARTICLE, _REJECTED, _FAILED = "not_article: ", "rejected: ", "failed"
_BEGINNINGS = (OUTSIDE, OTHER, WITHHELD, _REJECTED)
"""How reasons begin behind which a day, an article or a use follows."""
_COMPLETED = ("finished", "nothing_new", "partial", "monitors_failed", "drift")


def read(connection: Connection, run: Run) -> SeriesCounts:
    """Return how many articles the series of a run has written, and why others are not."""
    written = written_between(connection, run, None, None)
    gone = connection.execute(
        select(func.count()).select_from(articles).where(articles.c.gone == 1, _has_line(run))
    ).scalar_one()
    return SeriesCounts(written - int(gone), int(gone), _unwritten(connection, run))


def written_between(connection: Connection, run: Run, since: int | None, until: int | None) -> int:
    """Return how many articles the series has written, by the time of their publication.

    Args:
        connection: connection of the transaction.
        run: a run of the series.
        since: the first second, since 1970; None for no limit.
        until: the second after the last.
    """
    of_series = [
        lines.c.series == run.series,
        lines.c.edition == run.edition,
        lines.c.state == WRITTEN,
    ]
    count: Any = select(func.count(lines.c.article.distinct())).where(*of_series)
    if since is not None or until is not None:
        count = count.join(articles, articles.c.id == lines.c.article)
    if since is not None:
        count = count.where(articles.c.published >= since)
    if until is not None:
        count = count.where(articles.c.published < until)
    return int(connection.execute(count).scalar_one())


def has_completed(connection: Connection, run: Run) -> bool:
    """Return whether an earlier run of the series has come to its end."""
    earlier = select(runs.c.id).where(
        runs.c.series == run.series,
        runs.c.id != run.id,
        runs.c.reason != DIED,
        runs.c.reason.in_(_COMPLETED),
    )
    return connection.execute(earlier.limit(1)).scalar() is not None


def waiting(connection: Connection, run: Run, only: int | None) -> tuple[int, int, int]:
    """Return how many articles are pending, how many sources, and how many articles are leased.

    `only` is that of `lease`; what other workers have leased does not count.
    """
    is_article = urls.c.kind == ARTICLE
    of_series = select(func.count()).where(urls.c.series == run.series)
    pending = of_series.where(urls.c.state == PENDING)
    wanted = pending.where(is_article)
    if only is not None:
        wanted = wanted.where(is_wanted(only))
    # By the run alone: with the series SQLite would not use the index of what is leased.
    leased = select(func.count()).where(urls.c.run == run.id, urls.c.state == LEASED, is_article)
    counts = [
        int(connection.execute(statement).scalar_one())
        for statement in (wanted, pending.where(not_(is_article)), leased)
    ]
    return counts[0], counts[1], counts[2]


def _has_line(run: Run) -> Any:
    """Return the condition for articles that the series of a run has written."""
    return (
        select(lines.c.article)
        .where(
            lines.c.series == run.series,
            lines.c.edition == run.edition,
            lines.c.article == articles.c.id,
            lines.c.state == WRITTEN,
        )
        .exists()
    )


def _unwritten(connection: Connection, run: Run) -> list[UnwrittenGroup]:
    """Return the addresses that no written article has, grouped by what became of them."""
    result = case(
        (urls.c.result.is_(None), ""),
        *(
            (urls.c.result.like(f"{begin}%"), begin)
            for begin in (OUTSIDE, OTHER, WITHHELD, _REJECTED)
        ),
        (urls.c.result.like(f"{_NOT_ARTICLE}%"), urls.c.result),
        (urls.c.result.in_([ROBOTS, RIGHTS, SECTION]), urls.c.result),
        # Reasons of failures may name addresses.
        else_=_FAILED,
    ).label("result")
    status = case((urls.c.status.in_([404, 410]), urls.c.status), else_=None).label("status")
    is_waiting = case((urls.c.state.in_([PENDING, LEASED]), 1), else_=0).label("is_waiting")
    is_listed = case((urls.c.channels.op("&")(literal(_LISTS)) != 0, 1), else_=0).label("is_listed")
    is_own = select(articles.c.id).where(articles.c.url_key == urls.c.key, _has_line(run))
    is_other = (
        select(addresses.c.article)
        .join(articles, articles.c.id == addresses.c.article)
        .where(addresses.c.key == urls.c.key, _has_line(run))
    )
    rows = connection.execute(
        select(result, status, is_waiting, is_listed, func.count().label("count"))
        .where(
            and_(urls.c.series == run.series, urls.c.kind == ARTICLE, urls.c.state != DONE),
            urls.c.channels != bits(EXPLICIT),
            not_(is_own.exists()),
            not_(is_other.exists()),
        )
        .group_by(result, status, is_waiting, is_listed)
    )
    return [
        UnwrittenGroup(
            row.result, row.status, bool(row.is_waiting), bool(row.is_listed), int(row[4])
        )
        for row in rows
    ]
