"""Reads what a ledger knows of one address: how it was found, each request, each line.

All rows are read by index, in one transaction that does not block a run; then the dumps that
hold the lines are read.
"""

from __future__ import annotations

import time
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select

from newscrawl.discovery.state import names as channel_names
from newscrawl.ledger.admin import dump_lines
from newscrawl.ledger.admin.address_history import (  # fmt: skip
    IN_DUMPS,
    AddressHistory,
    AddressState,
    Finding,
    KnownArticle,
    RunOfAddress,
    SeriesHistory,
    Visit,
)
from newscrawl.ledger.admin.next_request import next_request
from newscrawl.ledger.admin.status import moment
from newscrawl.ledger.store import database, locks
from newscrawl.ledger.store.lines import of_article
from newscrawl.ledger.store.tables import (  # fmt: skip
    DONE,
    LEASED,
    STATES,
    WRITTEN,
    addresses,
    articles,
    discoveries,
    dumps,
    lines,
    origins,
    runs,
    series,
    urls,
    visits,
)
from newscrawl.outcomes.explanations import explain
from newscrawl.outcomes.outcome import ALIAS, OTHER, Kind
from newscrawl.outcomes.task import ARTICLE
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection, Engine, Row

    from newscrawl.ledger.admin.dump_lines import LedgerLine

_EXPORTED = {Kind.WRITTEN, Kind.GONE, Kind.TRUNCATED}


def read(engine: Engine, url: str, kind: str = "article") -> AddressHistory:
    """Return what a ledger knows of an address and of the article there.

    Args:
        engine: the ledger's engine.
        url: the canonical address.
        kind: the kind of page by the form of the address.
    """
    with database.read_only(engine).begin() as connection:
        reader = _Reader(engine, connection, url)
        history = AddressHistory(url, kind)
        history.articles = [reader.article(row) for row in reader.articles]
        lines_of_series = reader.series()
        history.is_known = bool(lines_of_series or history.articles)
    for series_history, ledger_lines in lines_of_series:
        written = dump_lines.located(engine, ledger_lines)
        _merge(series_history, written)
    history.series = [series_history for series_history, _ in lines_of_series]
    history.series.sort(key=lambda entry: not entry.summary.startswith(IN_DUMPS))
    return history


def url_of(engine: Engine, article: str) -> str | None:
    """Return the canonical address of an article; None if the ledger does not know its id."""
    with database.read_only(engine).begin() as connection:
        row = connection.execute(select(articles.c.url).where(articles.c.id == article)).first()
    return str(row.url) if row else None


def last_runs(engine: Engine) -> dict[str, RunOfAddress]:
    """Return the last run of each spider, for an address that the ledger does not know."""
    with database.read_only(engine).begin() as connection:
        active = locks.live_runs(engine, connection)
        latest: dict[str, RunOfAddress] = {}
        for row in connection.execute(select(series).order_by(series.c.name)).all():
            run = connection.execute(_LAST_RUN, {"series": row.id}).first()
            if run is not None:
                latest[str(row.name)] = _run(run, active)
    return latest


_LAST_RUN = (
    select(runs).where(runs.c.series == bindparam("series")).order_by(runs.c.id.desc()).limit(1)
)


class _Reader:
    """One transaction that reads what belongs to an address."""

    def __init__(self, engine: Engine, connection: Connection, url: str) -> None:
        self._connection = connection
        self._active = locks.live_runs(engine, connection)
        self._now = int(time.time())
        self._urls: dict[int, str] = {key_of(url): url}
        """Keys of the address and of its article's other addresses."""
        self._key = key_of(url)
        self.articles: list[Row[Any]] = self._articles()
        self._others: dict[str, list[str]] = defaultdict(list)
        for article in self.articles:
            self._urls.setdefault(article.url_key, article.url)
            statement = select(addresses).where(addresses.c.article == article.id)
            for row in connection.execute(statement.order_by(addresses.c.url)):
                self._urls.setdefault(row.key, row.url)
                self._others[article.id].append(str(row.url))
        self._lines: dict[int, list[LedgerLine]] = defaultdict(list)
        for article in self.articles:
            self._add_lines(article.id)

    def _articles(self) -> list[Row[Any]]:
        by_alias = select(addresses.c.article).where(addresses.c.key == self._key)
        named = [
            row.reason.removeprefix(ALIAS)
            for row in self._looks()
            if (row.reason or "").startswith(ALIAS)
        ]
        statement = select(articles).where(
            or_(
                articles.c.url_key == self._key,
                articles.c.id.in_(by_alias),
                # The last look that found it there: its page names another address.
                articles.c.id.in_(named[-1:]),
            )
        )
        return list(self._connection.execute(statement.order_by(articles.c.id)))

    def _looks(self) -> Sequence[Row[Any]]:
        """Return all looks at the address, whichever spider's, the last one at the end."""
        numbers = select(series.c.id)
        statement = select(visits).where(visits.c.series.in_(numbers), visits.c.key == self._key)
        return self._connection.execute(statement.order_by(visits.c.at)).all()

    def _other_article(self, number: int, result: str) -> str:
        """Return under which address the article is that answered, and whether it has a line."""
        article = result.removeprefix(OTHER)
        row = self._connection.execute(select(articles).where(articles.c.id == article)).first()
        if row is None:
            return ""
        is_line = of_article(self._connection, article)
        is_written = and_(is_line, lines.c.series == number, lines.c.state == WRITTEN)
        statement = select(lines.c.run).where(is_written).limit(1)
        is_in_dumps = self._connection.execute(statement).first() is not None
        return f"{IN_DUMPS if is_in_dumps else 'not in the dumps'} under {row.url}"

    def _add_lines(self, article: str) -> None:
        is_line = of_article(self._connection, article)
        statement = (
            select(lines, dumps.c.path, dumps.c.host, runs.c.started)
            .outerjoin(dumps, dumps.c.id == lines.c.dump)
            .outerjoin(runs, runs.c.id == lines.c.run)
            .where(is_line)
            .order_by(lines.c.edition, lines.c.revision)
        )
        for row in self._connection.execute(statement):
            self._lines[row.series].append(
                dump_lines.LedgerLine(
                    row.article, row.run, row.revision, row.edition, row.path, row.host or "",
                    moment(row.started) or "",
                )
            )  # fmt: skip

    def article(self, row: Row[Any]) -> KnownArticle:
        """Return an article's facts."""
        return KnownArticle(
            id=row.id,
            url=row.url,
            other_urls=self._others[row.id],
            first_seen_at=moment(row.first_seen_at) or "",
            published=moment(row.published),
            versions=row.revision,
            missing_since=moment(row.missing_since),
            is_gone=bool(row.gone),
            duplicate_of=row.duplicate_of,
            similarity=row.similarity,
        )

    def series(self) -> list[tuple[SeriesHistory, list[LedgerLine]]]:
        """Return the history of each series that knows the address, with its lines."""
        known = []
        for row in self._connection.execute(select(series).order_by(series.c.name)).all():
            history = SeriesHistory(str(row.name))
            history.addresses = self._states(row.id)
            if history.addresses and history.addresses[0].result.startswith(OTHER):
                history.other_article = self._other_article(row.id, history.addresses[0].result)
            history.events = [*self._findings(row.id), *self._visits(row.id)]
            in_series = self._lines[row.id]
            if not history.addresses and not in_series:
                continue
            numbers = {event.run for event in history.events if isinstance(event, Visit)}
            history.runs = self._runs(numbers | {line.run for line in in_series})
            known.append((history, in_series))
        return known

    def _at(self, table: Any, number: int) -> Sequence[Row[Any]]:
        """Return a table's rows of these addresses in a series."""
        statement = select(table).where(table.c.series == number, table.c.key.in_([*self._urls]))
        return self._connection.execute(statement).all()

    def _states(self, number: int) -> list[AddressState]:
        order = list(self._urls)
        rows = sorted(self._at(urls, number), key=lambda row: order.index(row.key))
        return [self._state(row) for row in rows]

    def _state(self, row: Row[Any]) -> AddressState:
        is_due = row.due is not None and row.due <= self._now
        is_active = row.state == LEASED and row.run in self._active
        result = row.result or ""
        explanation = explain(result) if row.fetched_at is not None or result else ""
        return AddressState(
            url=row.url,
            state=STATES[row.state],
            is_source=row.kind != ARTICLE,
            status=row.status,
            result=result,
            explanation=explanation,
            tries=row.tries,
            channels=channel_names(row.channels),
            found_at=moment(row.found_at) or "",
            fetched_at=moment(row.fetched_at),
            due=moment(row.due),
            is_due=is_due,
            next=next_request(row, self._now, is_active=is_active),
        )

    def _findings(self, number: int) -> list[Finding]:
        rows = self._at(discoveries, number)
        keys = {row.found_on for row in rows if row.found_on is not None}
        pages = self._pages(number, keys)
        return [
            Finding(
                moment(row.at) or "",
                self._urls[row.key],
                channel_names(1 << row.channel)[0],
                pages.get(row.found_on),
            )
            for row in rows
        ]

    def _pages(self, number: int, keys: Collection[int]) -> dict[int, str]:
        """Return the addresses of pages by their keys, as far as the ledger has them."""
        in_queue = select(urls.c.key, urls.c.url).where(
            urls.c.series == number, urls.c.key.in_(keys)
        )
        in_origins = select(origins.c.key, origins.c.url).where(origins.c.key.in_(keys))
        pages: dict[int, str] = {}
        for statement in (in_queue, in_origins):
            pages |= {int(key): str(url) for key, url in self._connection.execute(statement)}
        return pages

    def _visits(self, number: int) -> list[Visit]:
        return [
            Visit(
                at=moment(row.at) or "",
                url=self._urls[row.key],
                run=row.run,
                status=row.status,
                outcome=row.outcome,
                reason=row.reason or "",
                explanation=explain(row.reason or "", row.outcome),
                due=moment(row.due),
            )
            for row in self._at(visits, number)
        ]

    def _runs(self, numbers: Collection[int]) -> list[RunOfAddress]:
        statement = select(runs).where(runs.c.id.in_(numbers)).order_by(runs.c.id)
        return [_run(row, self._active) for row in self._connection.execute(statement)]


def _run(row: Row[Any], active: Collection[int]) -> RunOfAddress:
    reason = "active" if row.id in active else (row.reason or "died")
    return RunOfAddress(row.id, moment(row.started) or "", row.host, reason)


def _merge(history: SeriesHistory, written: Sequence[dump_lines.Located]) -> None:
    """Add lines to a history, each after the request that led to it, and the summary."""
    for line in written:
        at = max(
            (
                event.at
                for event in history.events
                if isinstance(event, Visit)
                and event.run == line.line.run
                and event.outcome in _EXPORTED
            ),
            default=line.fetched_at or line.line.started,
        )
        history.events.append(line.as_event(at))
    order = {"found": 0, "request": 1, "line": 2}
    history.events.sort(key=lambda event: (event.at, order[event.event]))
    history.summary = _summary(history, written)


def _summary(history: SeriesHistory, written: Sequence[dump_lines.Located]) -> str:
    """Return whether the dumps of a series have the article, or why not."""
    in_dumps = [line for line in written if line.line.dump]
    if in_dumps:
        count = len(in_dumps)
        text = f"{IN_DUMPS}, {'1 line' if count == 1 else f'{count:,} lines'}"
        lost = sum(line.number is None for line in in_dumps)
        if lost:
            text += " that cannot be found" if lost == count else f", {lost:,} cannot be found"
        is_gone = max(in_dumps, key=attrgetter("line.edition", "line.revision")).status == "gone"
        return f"{text}; the last says that it is gone" if is_gone else text
    if written:
        return "not in the dumps yet: its line is claimed by a run"
    state = history.addresses[0]
    if state.state == STATES[LEASED]:
        return f"not in the dumps yet: {state.next}"
    if not state.explanation:
        return "not in the dumps: not requested yet"
    if state.state == STATES[DONE] and state.result in {"", "unchanged", "same_article"}:
        # Of a newscrawl that did not record which article answered.
        return "not in the dumps under this address: its page named another one, not recorded"
    own = [event for event in history.events if isinstance(event, Visit) and event.url == state.url]
    explanation = own[-1].explanation if own else state.explanation
    where = f", which is {history.other_article}" if history.other_article else ""
    return f"not in the dumps: {explanation}{where}"
