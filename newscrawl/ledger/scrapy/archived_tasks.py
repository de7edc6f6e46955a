"""Writes what a task was served to the archive of the run, once it is known what became of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

from newscrawl.context import of as context_of
from newscrawl.items import FROM_TWIN, ArchiveRecord
from newscrawl.ledger import client
from newscrawl.outcomes import counters
from newscrawl.outcomes import task as tasks
from newscrawl.outcomes.outcome import Kind
from newscrawl.pages.truncation import FLAG
from newscrawl.warc.exchange import EXCHANGE, Role

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from newscrawl.context import RunContext
    from newscrawl.items import Article
    from newscrawl.ledger.records import Batch
    from newscrawl.outcomes.task import Task
    from newscrawl.warc.exchange import Exchange, Location
    from newscrawl.warc.response_archive import ResponseArchive

_WITH_LINES = frozenset({Kind.WRITTEN, Kind.UNCHANGED, Kind.TRUNCATED})
_JUDGED = _WITH_LINES | {Kind.REJECTED, Kind.GONE, Kind.MISSING, Kind.NOT_IN_DUMP}
"""Outcomes of pages that are not withheld: those of which it was checked, and empty ones."""
_JSON = "application/json; charset=utf-8"
_RECORDS = msgspec.json.Decoder(list[msgspec.Raw])


class _Identified(msgspec.Struct):
    id: int


def location_of(crawler: Crawler, article: Article, response: Any) -> ArchiveRecord | None:
    """Archive what an article was read from; return where it is.

    None without an archive, and if it cannot be written, which ends the run.
    """
    context = context_of(crawler)
    if context is None or context.archive is None:
        return None
    task = tasks.of(response)
    location = None
    try:
        if task is not None and task.kind == tasks.ARTICLE:
            kind = Kind.TRUNCATED if FLAG in article.flags else Kind.WRITTEN
            outcome = Kind.GONE if article.status == "gone" else kind
            location = _add_pages(context.archive, task, outcome, "", article.url)
        else:
            location = _location_in_list(context, response, article)
    except OSError as error:
        break_off(crawler, error)
    return ArchiveRecord(*location) if location is not None else None


def _location_in_list(context: RunContext, response: Any, article: Article) -> Location | None:
    """Return where the record of an article is that a list holds.

    Where publishers' reservations are respected, the list itself is not kept, but the records of
    what is written.
    """
    archive, request = context.archive, getattr(response, "request", None)
    exchange = request.meta.get(EXCHANGE) if request is not None else None
    if exchange is None or archive is None:
        return None
    if not context.rights.is_respected:
        return archive.add(exchange)
    number = article.id.rpartition(":")[2]
    for raw in _RECORDS.decode(response.body):
        with suppress(msgspec.ValidationError):
            if str(msgspec.json.decode(raw, type=_Identified).id) == number:
                location = archive.add_conversion(exchange, _JSON, b"[" + bytes(raw) + b"]")
                fields = [("outcome", Kind.WRITTEN.value), ("article", article.url)]
                if FROM_TWIN in article.flags:
                    # It was seen in a header of the list, which the record does not have.
                    fields.append(("flag", FROM_TWIN))
                archive.describe(exchange, fields)
                return location
    return None


def keep(crawler: Crawler, task: Task) -> None:
    """Archive what a task was served that has left the engine, unless it was withheld."""
    context = context_of(crawler)
    archive = context.archive if context is not None else None
    if context is None or archive is None:
        return
    try:
        if task.kind != tasks.ARTICLE:
            _describe_list(archive, task)
            return
        outcome = task.final_outcome()
        is_judged = outcome.kind in _JUDGED or not context.rights.is_respected
        if outcome.kind is Kind.WITHHELD or not is_judged:
            _leave_out(crawler, task, outcome.kind)
        else:
            _add_pages(archive, task, outcome.kind, outcome.reason, task.url)
    except OSError as error:
        break_off(crawler, error)
    finally:
        task.exchanges.clear()


def _leave_out(crawler: Crawler, task: Task, kind: Kind) -> None:
    if task.exchanges:
        crawler.stats.inc_value(f"{counters.ARCHIVE_LEFT_OUT}{kind.value}", len(task.exchanges))


def _add_pages(
    archive: ResponseArchive, task: Task, kind: Kind, reason: str, url: str
) -> Location | None:
    """Write the page of an article's address, that in the browser, and its further pages."""
    location = None
    for exchange in task.exchanges:
        if exchange.is_described:
            continue
        location_of_exchange = archive.add(exchange)
        if exchange.role is Role.PART:
            archive.describe(exchange, [("outcome", "part"), ("of", url)])
            continue
        is_rendered = any(other.original is exchange for other in task.exchanges)
        if exchange.role is Role.RENDERED and _is_part(exchange):
            archive.describe(exchange, [("outcome", "part"), ("of", url)])
        elif not is_rendered:
            location = location_of_exchange
            fields = [("outcome", kind.value), ("url", url)]
            archive.describe(exchange, [*fields, *([("reason", reason)] if reason else [])])
    return location


def _is_part(exchange: Exchange) -> bool:
    return exchange.original is not None and exchange.original.role is Role.PART


def _describe_list(archive: ResponseArchive, task: Task) -> None:
    """Write which articles a list holds that were written, now or before."""
    addresses = [row.url for row in task.listed.values() if row.outcome.kind in _WITH_LINES]
    for exchange in task.exchanges:
        if addresses and exchange.location is not None and not exchange.is_described:
            archive.describe(
                exchange,
                [("outcome", Kind.READ.value), *(("article", address) for address in addresses)],
            )


def take_progress(crawler: Crawler, batch: Batch, *, is_last: bool) -> None:
    """Add to a batch how far the files of the run's archive have been written.

    Raises:
        OSError: a file cannot be written.
    """
    archive = _archive_of(crawler)
    if archive is None:
        return
    if is_last:
        archive.complete()
    crawler.stats.set_value(counters.ARCHIVE_RECORDS, archive.records)
    batch.archive_files, batch.archived = archive.take_progress()


def committed(crawler: Crawler) -> None:
    """Close the files that a commit has completed."""
    if (archive := _archive_of(crawler)) is not None:
        archive.close_complete()


def _archive_of(crawler: Crawler) -> ResponseArchive | None:
    context = context_of(crawler)
    return context.archive if context is not None else None


def break_off(crawler: Crawler, error: OSError) -> None:
    """End a run whose archive cannot be written; what was not committed is done again."""
    ledger = client.of(crawler)
    if ledger is not None:
        ledger.broken = ledger.broken or error
