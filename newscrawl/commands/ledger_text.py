"""The state of a ledger as aligned text: plain for files, in colours for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.formatting import duration, in_bytes, parts, shown, unfolded, wrapped
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newscrawl.ledger.admin.model import (
        Dump,
        Failures,
        LedgerStatus,
        LiveRun,
        PastRun,
        SeriesStatus,
    )

_DUMPS = 3
"""So many complete dumps are named, the newest."""
_FILES = 5
"""So many others."""
_REASONS = 8
_STYLES = {"damaged": "red", "failed": "yellow", "at work": "green"}


def styled(status: LedgerStatus, *, is_all: bool = True) -> Text:
    """Return the state of a ledger in colours; print it with `soft_wrap`.

    Args:
        status: the figures.
        is_all: whether to tell the sums of all spiders.
    """
    text = Text()
    place = unfolded(status.place if "://" in status.place else shown(status.place))
    text.append(f"{place}\n", "bold")
    _append(text, _ledger_rows(status))
    for series in status.series:
        text.append(f"{fold(series.name)}\n", "bold")
        _append(text, _rows(series))
    if is_all:
        text.append("in all\n", "bold")
        _append(text, _sums(status))
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
    yield from _failed(series.failures)
    if series.excluded:
        yield "excluded", wrapped([f"{series.excluded:,}{parts(series.exclusions)}"])
    yield "articles", wrapped([f"{series.articles:,}{parts(_marks(series))}"])
    lines = [f"{series.lines:,} written"]
    lines += [f"edition {series.edition}"] if series.edition > 1 else []
    yield "lines", [", ".join(lines)]
    yield from _dumps(series.dumps)
    if series.live:
        yield "at work", [_live(run) for run in series.live]
    if series.runs:
        yield "last runs", [line for run in series.runs for line in _past(run)]


def _address_rows(series: SeriesStatus) -> Iterator[tuple[str, list[str]]]:
    states = {
        "done": series.done,
        # Home pages and archives that a run had still to read are no addresses of articles.
        "pending": series.pending,
        "leased": series.leased,
        "failed": series.failed,
        "excluded": series.excluded,
    }
    shown_states = {name: count for name, count in states.items() if count}
    yield "addresses", wrapped([f"{series.addresses:,} known{parts(shown_states)}"])
    if series.sources:
        yield "", [f"lists to be read, not articles: {series.sources:,}"]
    if series.stranded:
        yield "", [f"{series.stranded:,} leased by a run that died: the next one goes on"]
    if series.due:
        yield "look again", wrapped([f"{name} {count:,}" for name, count in series.due.items()])


def _failed(failures: Sequence[Failures]) -> Iterator[tuple[str, list[str]]]:
    if not failures:
        return
    lines = []
    for one in failures[:_REASONS]:
        when = [f"{one.now:,} tried again by the next run"] if one.now else []
        if one.next_at:
            waiting = one.count - one.now - one.never
            when.append(f"{waiting:,} later, first {minute(one.next_at)}")
        when += [f"{one.never:,} given up"] if one.never else []
        lines += wrapped([f"{fold(one.reason) or '(none)'} {one.count:,}: {', '.join(when)}"])
    more = sum(one.count for one in failures[_REASONS:])
    yield "failed", [*lines, *([f"and {more:,} for other reasons"] if more else [])]


def _marks(found: SeriesStatus | LedgerStatus) -> dict[str, int]:
    marks = {
        "gone": found.gone,
        "exact duplicates": found.exact_duplicates,
        "near duplicates": found.near_duplicates,
    }
    revised = getattr(found, "revised", 0)
    return {name: count for name, count in {"revisions": revised, **marks}.items() if count}


def _dumps(dumps: Sequence[Dump]) -> Iterator[tuple[str, list[str]]]:
    groups: dict[str, list[Dump]] = {}
    for one in dumps:
        groups.setdefault(one.state, []).append(one)
    for state, label, most in (
        ("complete", "dumps", _DUMPS),
        ("growing", "growing", _FILES),
        ("unfinished", "unfinished", _FILES),
        ("damaged", "damaged", _FILES),
    ):
        found = groups.get(state, [])
        if not found:
            continue
        latest = found[-most:]
        earlier = len(found) - len(latest)
        whole = sum(one.lines for one in found)
        head = [f"{len(found):,} with {whole:,} lines, the latest:"] if earlier else []
        yield label, [*head, *(_dump(one) for one in latest)]


def _dump(dump: Dump) -> str:
    lines = "1 line" if dump.lines == 1 else f"{dump.lines:,} lines"
    where = unfolded(shown(dump.path))
    return f"{where}: {lines}{f', {fold(dump.problem)}' if dump.problem else ''}"


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
    told = [f"{count:,} {name}" for name, count in figures.items() if count]
    if told:
        yield f"{'':18}{', '.join(told)}"


def _length(seconds: int) -> str:
    """Return whole seconds in words; the ledger knows no tenths."""
    return f"{seconds} s" if seconds < 60 else duration(seconds)


def _sums(status: LedgerStatus) -> Iterator[tuple[str, list[str]]]:
    series = status.series
    states = {
        name: sum(getattr(one, name) for one in series)
        for name in ("done", "pending", "leased", "failed", "excluded")
    }
    known = sum(one.addresses for one in series)
    told = {name: count for name, count in states.items() if count}
    yield "addresses", wrapped([f"{known:,} known{parts(told)}"])
    yield "articles", wrapped([f"{status.articles:,}{parts(_marks(status))}"])
    yield "revisions", [f"{status.revisions:,}"]
    lines = sum(one.lines for one in series)
    count = sum(len(one.dumps) for one in series)
    yield "lines", [f"{lines:,} in {count:,} dump{'' if count == 1 else 's'}"]


def minute(moment: str) -> str:
    """Return a moment as people write it, in UTC.

    >>> minute("2026-11-24T04:22:11Z")
    '2026-11-24 04:22Z'
    """
    return f"{moment[:10]} {moment[11:16]}Z"
