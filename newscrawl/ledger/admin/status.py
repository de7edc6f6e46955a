"""Reads the status of a ledger.

Everything is counted by index, so that ten million URLs take seconds, and in one transaction
that does not block a run.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, literal_column, not_, select, text

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import DAMAGED, FINAL, OPEN
from newscrawl.ledger.admin.model import (  # fmt: skip
    Dump,
    Failures,
    LedgerStatus,
    LiveRun,
    PastRun,
    SeriesStatus,
)
from newscrawl.ledger.store import database, locks, queue
from newscrawl.ledger.store.recovered_dumps import HOST
from newscrawl.ledger.store.tables import (  # fmt: skip
    CLAIMED,
    DIED,
    DONE,
    EXCLUDED,
    FAILED,
    LEASED,
    PENDING,
    articles,
    dumps,
    lines,
    meta,
    revisions,
    runs,
    series,
    urls,
)
from newscrawl.outcomes.explanations import group_of
from newscrawl.outcomes.outcome import OUTSIDE
from newscrawl.outcomes.task import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Engine, Row

LATEST = 5
"""Number of runs that are listed for each spider."""
_HOUR, _DAY = 3_600, 86_400
_SPANS = {"now": 0, "within an hour": _HOUR, "within a day": _DAY, "within a week": 7 * _DAY}
_LATER = "later"
_DUMP_STATES = {OPEN: "growing", FINAL: "complete", DAMAGED: "damaged"}


def read(engine: Engine, only: Collection[str] | None = None) -> LedgerStatus:
    """Return the status of a ledger, with the series in `only` or all."""
    now = int(time.time())
    with database.read_only(engine).begin() as connection:
        values = {str(name): str(value) for name, value in connection.execute(select(meta))}
        is_duplicate = articles.c.duplicate_of.is_not(None)
        duplicates = _count(connection, articles, is_duplicate)
        exact = _count(connection, articles, is_duplicate, _IS_EXACT)
        status = LedgerStatus(
            place=database.printable(engine.url),
            site=values["site"],
            schema_version=int(values["schema_version"]),
            sketch_format=int(values["sketch_format"]),
            bytes=size(connection),
            articles=_count(connection, articles),
            revisions=_count(connection, revisions),
            gone=_count(connection, articles, articles.c.gone == 1),
            exact_duplicates=exact,
            near_duplicates=duplicates - exact,
            series=[],
        )
        active = locks.live_runs(engine, connection)
        for row in connection.execute(select(series).order_by(series.c.name)):
            if only is None or row.name in only:
                status.series.append(_series(connection, row, now, active))
    return status


def size(connection: Connection) -> int:
    """Return the size of a ledger on disk in bytes."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(_POSTGRES_SIZE).scalar_one())
    file = Path(str(connection.engine.url.database))
    return sum(
        path.stat().st_size for path in (file, file.with_name(f"{file.name}-wal")) if path.exists()
    )


_POSTGRES_SIZE = text(
    "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c "
    "JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = current_schema() AND c.relkind = 'r'"
)


def _literal(number: int) -> Any:
    """Return a number as an SQL literal: with a bound value a partial index would not be used."""
    return literal_column(str(number))


def _count(connection: Connection, table: Any, *conditions: Any) -> int:
    statement = select(func.count()).select_from(table).where(*conditions)
    return int(connection.execute(statement).scalar_one())


def _series(
    connection: Connection, row: Row[Any], now: int, active: Collection[int]
) -> SeriesStatus:
    status = SeriesStatus(row.name, row.edition)
    _addresses(connection, status, row.id, now)
    _articles(connection, status, row.id)
    leased = {
        number: (count, sources)
        for number, count, sources in connection.execute(_LEASED, {"series": row.id})
    }
    status.leased = sum(count for count, _ in leased.values())
    status.sources += sum(sources for _, sources in leased.values())
    status.stranded = sum(count for run, (count, _) in leased.items() if run not in active)
    others = status.pending + status.leased + status.failed + status.excluded
    status.done = status.addresses - others
    status.addresses -= status.sources
    for dump in connection.execute(_DUMPS, {"series": row.id}):
        status.dumps.append(_dump(dump, active))
    for run in connection.execute(
        select(runs).where(runs.c.series == row.id, runs.c.id.in_(active)).order_by(runs.c.id)
    ):
        count = leased.get(run.id, (0, 0))[0]
        status.live.append(
            LiveRun(moment(run.started) or "", run.host, run.pid, count, run.written)
        )
    for run in connection.execute(_PAST, {"series": row.id}):
        status.runs.append(_past(run))
    return status


_IS_EXACT = articles.c.similarity >= _literal(1)
_SERIES = urls.c.series == bindparam("series")
_LEASED = (
    select(urls.c.run, func.count(), func.sum(case((urls.c.kind != ARTICLE, 1), else_=0)))
    .join(runs, runs.c.id == urls.c.run)
    .where(urls.c.state == LEASED, runs.c.series == bindparam("series"))
    .group_by(urls.c.run)
)
_DUMPS = select(dumps).where(dumps.c.series == bindparam("series")).order_by(dumps.c.id)
_PAST = (
    select(runs)
    .where(runs.c.series == bindparam("series"), runs.c.ended.is_not(None))
    .order_by(runs.c.id.desc())
    .limit(LATEST)
)
_BY_REASON = (
    select(
        urls.c.result,
        func.count().label("total"),
        func.sum(case((urls.c.due <= bindparam("now"), 1), else_=0)).label("now"),
        func.min(case((urls.c.due > bindparam("now"), urls.c.due))).label("next"),
        func.sum(case((urls.c.due.is_(None), 1), else_=0)).label("never"),
    )
    .where(_SERIES)
    .group_by(urls.c.result)
)
_FAILURES = _BY_REASON.where(urls.c.state == FAILED)
_ANSWERS = _BY_REASON.where(urls.c.state == EXCLUDED, queue.is_by_answer())
_EXCLUSIONS = (
    select(urls.c.result, func.count())
    .where(_SERIES, urls.c.state == EXCLUDED, not_(queue.is_by_answer()))
    .group_by(urls.c.result)
)
_SPAN = case(
    *((urls.c.due <= bindparam("now") + seconds, name) for name, seconds in _SPANS.items()),
    else_=_LATER,
)
_DUE = (
    select(_SPAN.label("span"), func.count())
    .where(
        _SERIES,
        urls.c.due.is_not(None),
        urls.c.state.in_([_literal(state) for state in (DONE, FAILED, EXCLUDED)]),
    )
    .group_by(literal_column("span"))
)


def _addresses(connection: Connection, status: SeriesStatus, number: int, now: int) -> None:
    key = {"series": number}
    is_pending = urls.c.series == number, urls.c.state == PENDING
    status.pending = _count(connection, urls, *is_pending)
    status.sources = _count(connection, urls, *is_pending, urls.c.kind != ARTICLE)
    status.failures = _by_reason(connection, _FAILURES, number, now)
    status.answers = _by_reason(connection, _ANSWERS, number, now)
    status.failed = sum(failure.count for failure in status.failures)
    rules: dict[str, int] = {}
    for result, count in connection.execute(_EXCLUSIONS, key):
        rule = "outside the span of days" if (result or "").startswith(OUTSIDE) else result or ""
        rules[rule] = rules.get(rule, 0) + count
    status.exclusions = dict(sorted(rules.items(), key=lambda pair: (-pair[1], pair[0])))
    status.excluded = sum(rules.values()) + sum(answer.count for answer in status.answers)
    due = {str(span): int(count) for span, count in connection.execute(_DUE, {**key, "now": now})}
    status.due = {span: due[span] for span in (*_SPANS, _LATER) if span in due}
    status.addresses = _count(connection, urls, urls.c.series == number)


def _by_reason(connection: Connection, statement: Any, number: int, now: int) -> list[Failures]:
    """Return how many addresses each reason has and when they are due, the most first."""
    groups: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(statement, {"series": number, "now": now}):
        groups.setdefault(group_of(row.result or ""), []).append(row)
    failures = [
        Failures(
            reason,
            sum(row.total for row in rows),
            sum(int(row.now) for row in rows),
            moment(min((row.next for row in rows if row.next is not None), default=None)),
            sum(int(row.never) for row in rows),
        )
        for reason, rows in groups.items()
    ]
    return sorted(failures, key=lambda failure: (-failure.count, failure.reason))


def _articles(connection: Connection, status: SeriesStatus, number: int) -> None:
    in_series = lines.c.series == number, lines.c.edition == status.edition
    status.lines = _count(connection, lines, *in_series)
    # Adding 0 prevents use of the key's index: few lines are claimed.
    status.lines -= _count(
        connection,
        lines,
        lines.c.state == CLAIMED,
        lines.c.series + 0 == number,
        lines.c.edition + 0 == status.edition,
    )
    is_later = lines.c.revision > _literal(1)
    status.revised = _count(connection, lines, *in_series, is_later)
    # A series may have only the second revision of an article that another series wrote first.
    first = lines.alias()
    has_earlier = (
        select(first.c.article)
        .where(
            first.c.series == lines.c.series,
            first.c.edition == lines.c.edition,
            first.c.article == lines.c.article,
            first.c.revision < lines.c.revision,
        )
        .exists()
    )
    status.articles = status.lines - _count(connection, lines, *in_series, is_later, has_earlier)
    is_duplicate = articles.c.duplicate_of.is_not(None)
    status.gone = _count_written(connection, articles.c.gone == 1, *in_series)
    duplicates = _count_written(connection, is_duplicate, *in_series)
    status.exact_duplicates = _count_written(connection, is_duplicate & _IS_EXACT, *in_series)
    status.near_duplicates = duplicates - status.exact_duplicates


def _count_written(connection: Connection, condition: Any, *in_series: Any) -> int:
    """Return how many articles that meet a condition have lines in a series."""
    written = select(lines.c.article).where(*in_series, lines.c.article == articles.c.id).exists()
    return _count(connection, articles, condition, written)


def _dump(row: Row[Any], active: Collection[int]) -> Dump:
    state, problem = _DUMP_STATES[row.state], ""
    if row.state == OPEN and row.run not in active:
        state = "unfinished"
    if row.state != OPEN and row.host == HOST:
        # Nothing is recorded here: the next run of the spider reports and records it.
        problem = part_files.damage_of(Path(row.path), row.length) or ""
        state = "damaged" if problem else state
    elif row.state == DAMAGED:
        problem = "was changed or removed"
    return Dump(row.path, row.host, row.lines, row.length, state, problem)


def _past(row: Row[Any]) -> PastRun:
    return PastRun(
        started=moment(row.started) or "",
        seconds=None if row.reason == DIED else row.ended - row.started,
        reason=row.reason or "",
        written=row.written,
        requests=row.requests,
        known=row.known,
        failed=row.failed,
    )


def moment(seconds: int | None) -> str | None:
    """Return seconds since 1970 as ISO 8601 in UTC.

    >>> moment(1795494131)
    '2026-11-24T04:22:11Z'
    """
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
