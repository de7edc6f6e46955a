"""The status of a ledger as aligned text: plain for files, in colours for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.formatting import (
    display_path,
    duration,
    in_brackets,
    in_bytes,
    printable_path,
    wrapped,
)
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from newscrawl.ledger.admin.model import (
        Dump,
        Failures,
        LedgerStatus,
        LiveRun,
        PastRun,
        SeriesStatus,
    )

_DUMPS = 3
"""How many complete dumps are named, the newest."""
_FILES = 5
"""How many dumps of each other state are named."""
_REASONS = 8
"""How many reasons of failures are named."""
_STYLES = {"damaged": "red", "failed": "yellow", "no article": "yellow", "active": "green"}


def styled(status: LedgerStatus, *, is_all: bool = True) -> Text:
    """Return the status of a ledger in colours; print it with `soft_wrap`.

    Args:
        status: the figures.
        is_all: whether to add the totals of all spiders.
    """
    from rich.text import Text

    text = Text()
    location = printable_path(status.place if "://" in status.place else display_path(status.place))
    text.append(f"{location}\n", "bold")
    _append(text, _ledger_rows(status))
    for series in status.series:
        text.append(f"{fold(series.name)}\n", "bold")
        _append(text, _rows(series))
    if is_all:
        text.append("in all\n", "bold")
        _append(text, _totals(status))
    return text


def render(status: LedgerStatus, *, is_all: bool = True) -> str:
    """Return the same as plain text without control characters."""
    return styled(status, is_all=is_all).plain


def _append(text: Text, rows: Iterator[tuple[str, Sequence[str]]]) -> None:
    for label, lines in rows:
        for name, line in zip([label, *[""] * len(lines)], lines, strict=False):
            text.append(f"  {name:<12}", "dim").append(f"{line}\n", _STYLES.get(label, ""))


def _ledger_rows(status: LedgerStatus) -> Iterator[tuple[str, list[str]]]:
    yield "site", [fold(status.site)]
    yield "size", [f"{in_bytes(status.bytes)}, schema {status.schema_version}"]


def _rows(series: SeriesStatus) -> Iterator[tuple[str, Sequence[str]]]:
    yield from _address_rows(series)
    yield from _by_reason("failed", series.failures)
    yield from _by_reason("no article", series.answers)
    if series.exclusions:
        by_rules = sum(series.exclusions.values())
        yield "excluded", wrapped([f"{by_rules:,}{in_brackets(series.exclusions)}"])
    yield "articles", wrapped([f"{series.articles:,}{in_brackets(_marks(series))}"])
    lines = [f"{series.lines:,} written"]
    lines += [f"edition {series.edition}"] if series.edition > 1 else []
    yield "lines", [", ".join(lines)]
    yield from _dumps(series.dumps)
    if series.live:
        yield "active", [_live(run) for run in series.live]
    if series.runs:
        yield "last runs", [line for run in series.runs for line in _past(run)]


def _address_rows(series: SeriesStatus) -> Iterator[tuple[str, list[str]]]:
    states = {
        "done": series.done,
        # Without the home pages and archives that a run has still to read.
        "pending": series.pending,
        "leased": series.leased,
        "failed": series.failed,
        "excluded": series.excluded,
    }
    shown_states = {name: count for name, count in states.items() if count}
    yield "addresses", wrapped([f"{series.addresses:,} known{in_brackets(shown_states)}"])
    if series.sources:
        yield "", [f"lists to be read, not articles: {series.sources:,}"]
    if series.stranded:
        yield "", [f"{series.stranded:,} leased by a run that died: the next run continues"]
    if series.due:
        yield "look again", wrapped([f"{name} {count:,}" for name, count in series.due.items()])


def _by_reason(label: str, failures: Sequence[Failures]) -> Iterator[tuple[str, list[str]]]:
    if not failures:
        return
    lines = []
    for failure in failures[:_REASONS]:
        retries = [f"{failure.now:,} tried again by the next run"] if failure.now else []
        if failure.next_at:
            later = failure.count - failure.now - failure.never
            retries.append(f"{later:,} later, first {minute(failure.next_at)}")
        retries += [f"{failure.never:,} given up"] if failure.never else []
        reason = fold(failure.reason) or "(none)"
        lines += wrapped([f"{reason} {failure.count:,}: {', '.join(retries)}"])
    more = sum(failure.count for failure in failures[_REASONS:])
    yield label, [*lines, *([f"and {more:,} for other reasons"] if more else [])]


def _marks(status: SeriesStatus | LedgerStatus) -> dict[str, int]:
    marks = {
        "gone": status.gone,
        "exact duplicates": status.exact_duplicates,
        "near duplicates": status.near_duplicates,
    }
    revised = getattr(status, "revised", 0)
    return {name: count for name, count in {"revisions": revised, **marks}.items() if count}


def _dumps(dumps: Sequence[Dump]) -> Iterator[tuple[str, list[str]]]:
    groups: dict[str, list[Dump]] = {}
    for dump in dumps:
        groups.setdefault(dump.state, []).append(dump)
    for state, label, limit in (
        ("complete", "dumps", _DUMPS),
        ("growing", "growing", _FILES),
        ("unfinished", "unfinished", _FILES),
        ("damaged", "damaged", _FILES),
    ):
        group = groups.get(state, [])
        if not group:
            continue
        total = sum(dump.lines for dump in group)
        head = [f"{len(group):,} with {total:,} lines, the latest:"] if len(group) > limit else []
        yield label, [*head, *map(_dump, group[-limit:])]


def _dump(dump: Dump) -> str:
    lines = "1 line" if dump.lines == 1 else f"{dump.lines:,} lines"
    path = printable_path(display_path(dump.path))
    return f"{path}: {lines}{f', {fold(dump.problem)}' if dump.problem else ''}"


def _live(run: LiveRun) -> str:
    return (
        f"process {run.process} on {fold(run.host)} since {minute(run.started)}: "
        f"{run.leased:,} leased, {run.written:,} written"
    )


def _past(run: PastRun) -> Iterator[str]:
    reason = fold(run.reason)
    length = "" if run.seconds is None else f"  {_length(run.seconds)}"
    yield f"{minute(run.started)}{length}  {reason}  {run.written:,} written"
    figures = {
        "request" if run.requests == 1 else "requests": run.requests,
        "known": run.known,
        "failed": run.failed,
    }
    counts = [f"{count:,} {name}" for name, count in figures.items() if count]
    if counts:
        yield f"{'':18}{', '.join(counts)}"


def _length(seconds: int) -> str:
    """Return a duration of whole seconds in words; the ledger keeps no fractions."""
    return f"{seconds} s" if seconds < 60 else duration(seconds)


def _totals(status: LedgerStatus) -> Iterator[tuple[str, list[str]]]:
    series = status.series
    states = {
        name: sum(getattr(spider_status, name) for spider_status in series)
        for name in ("done", "pending", "leased", "failed", "excluded")
    }
    known = sum(spider_status.addresses for spider_status in series)
    shown_states = {name: count for name, count in states.items() if count}
    yield "addresses", wrapped([f"{known:,} known{in_brackets(shown_states)}"])
    yield "articles", wrapped([f"{status.articles:,}{in_brackets(_marks(status))}"])
    yield "revisions", [f"{status.revisions:,}"]
    lines = sum(spider_status.lines for spider_status in series)
    count = sum(len(spider_status.dumps) for spider_status in series)
    yield "lines", [f"{lines:,} in {count:,} dump{'' if count == 1 else 's'}"]


def minute(time: str) -> str:
    """Return a time to the minute, in UTC.

    >>> minute("2026-11-24T04:22:11Z")
    '2026-11-24 04:22Z'
    """
    return f"{time[:10]} {time[11:16]}Z"
