"""What the site no longer gives: page classes, fields, channels, sections, agreement.

See decision 137 in docs/decisions.md.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import audit_figures
from newscrawl.run.monitors import run_history, source_history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newscrawl.run.monitors.checks import Limits
    from newscrawl.run.monitors.run_history import Report

MONITOR = "drift"
"""Name of the monitor, which names the same."""
PAGE_CLASS, FIELD, WITNESS = "page_class", "field", "witness"
CHANNEL, SECTION = "channel", "section"
_NO_PAGES = "RestPost"
"""Reader of articles from REST records: it depends on `source` how many these are."""
_NO_SECTION = "(none)"
_ANY_AGE = {"until", "urls"}
"""Arguments of runs whose articles are not the latest ones."""


def found(report: Report, history: Sequence[Report], limits: Limits) -> list[dict[str, Any]]:
    """Return what a run shows that the site no longer gives.

    Args:
        report: of the run.
        history: reports of the series' earlier runs, newest first.
        limits: from the settings.

    Returns:
        For each its `kind`, `name` and `message` in one line; `before` and `since` have a `count`
        of a `total`: articles, of channels and of archives runs.
    """
    reports = [report, *history]
    of_news = [one for one in reports if not _ANY_AGE & one["arguments"].keys()]
    entries = [*_page_class(of_news, limits)]
    lost_class = entries[0]["name"] if entries else None
    entries += _fields(of_news, lost_class)
    sources = source_history.changes(reports)
    entries += [_entry(*change) for change in sources]
    if lost_class is None:
        # Another page class may name the sections otherwise.
        named = {entry["name"] for entry in entries if entry["kind"] == SECTION}
        entries += (entry for entry in _sections(reports) if entry["name"] not in named)
    return [*entries, *_witness(of_news, limits)]


def _entry(
    kind: str, name: str, message: str, before: tuple[int, int], since: tuple[int, int]
) -> dict[str, Any]:
    """Return an entry; `before` and `since` are a count and its total."""
    figures = {"before": before, "since": since}
    return {
        "kind": kind,
        "name": name,
        "message": message,
        **{key: {"count": count, "total": total} for key, (count, total) in figures.items()},
    }


def _is_lower(since: tuple[int, int], before: tuple[int, int], tolerance: float) -> bool:
    """Return whether a share is lower than before by more than a tolerance and than chance."""
    (count, total), (count_before, total_before) = since, before
    if total < run_history.MIN_ARTICLES or not run_history.is_baseline(total_before):
        return False
    is_low = count / total < count_before / total_before - tolerance
    p_value = run_history.p_value(count, total, count_before, total_before)
    return is_low and p_value < run_history.SIGNIFICANCE


def _compared(
    reports: Sequence[Report],
    counts_of: Callable[[Report], tuple[int, int]],
    kind: str,
    name: str,
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return count and total of the latest articles, and of those before them.

    Runs that named the drift are not what is usual.
    """
    recent, earlier = run_history.latest(reports, lambda report: counts_of(report)[1])
    usual = [report for report in earlier if not _names(report, kind, name)]
    return _sum(map(counts_of, recent)), _sum(map(counts_of, usual))


def _sum(counts: Any) -> tuple[int, int]:
    pairs = [*counts]
    return sum(count for count, _ in pairs), sum(total for _, total in pairs)


def _names(report: Report, kind: str, name: str) -> bool:
    entries = report.get("drift") or ()
    return any((entry["kind"], entry["name"]) == (kind, name) for entry in entries)


def _readers(reports: Sequence[Report]) -> list[str]:
    """Return the page classes of the last run, the site's own first."""
    return [*(next(iter(reports), {}).get("readers") or {})]


def _of_reader(report: Report, name: str) -> tuple[int, dict[str, int]]:
    """Return the articles that a page class has read, and how many of them have each field."""
    figures = (report.get("readers") or {}).get(name) or {}
    return int(figures.get("articles", 0)), figures.get("coverage") or {}


def _page_class(reports: Sequence[Report], limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the first page class whose articles are now read by one after it."""
    names = [name for name in _readers(reports) if name != _NO_PAGES]
    for number, name in enumerate(names[:-1], 1):
        first = names[:number]

        def counts_of(report: Report, first: list[str] = first) -> tuple[int, int]:
            total = sum(_of_reader(report, one)[0] for one in names)
            return sum(_of_reader(report, one)[0] for one in first), total

        since, before = _compared(reports, counts_of, PAGE_CLASS, name)
        if _is_lower(since, before, limits.tolerance):
            message = (
                f"page class {name}: reads {_of(since)} articles, {_of(before)} before; "
                "the others are read by those after it"
            )
            yield _entry(PAGE_CLASS, name, message, before, since)
            return


def _fields(reports: Sequence[Report], lost_class: str | None) -> Iterator[dict[str, Any]]:
    """Yield the fields that a page class no longer finds.

    Classes after the lost one read other pages than before.
    """
    for reader in _readers(reports):
        stopped = run_history.stopped(reports, partial(_of_reader, name=reader))
        for field, (total, expected) in sorted(stopped.items()):
            counts = [_of_reader(report, reader) for report in reports]
            with_field = sum(coverage.get(field, 0) for _, coverage in counts)
            total_before = sum(articles for articles, _ in counts) - total
            message = (
                f"field {field} of {reader}: in none of {total:,} articles, {expected:,} expected"
            )
            name = f"{reader}.{field}"
            yield _entry(FIELD, name, message, (with_field, total_before), (0, total))
        if reader == lost_class:
            return


def _sections(reports: Sequence[Report]) -> Iterator[dict[str, Any]]:
    """Yield the sections without articles that had some."""
    stopped = run_history.stopped(reports, run_history.fresh_sections)
    counts = [run_history.fresh_sections(report) for report in reports]
    for name, (total, expected) in sorted(stopped.items()):
        if name != _NO_SECTION:
            having = sum(of_run.get(name, 0) for _, of_run in counts)
            total_before = sum(articles for articles, _ in counts) - total
            message = f"section {name}: none of {total:,} new articles, {expected:,} expected"
            yield _entry(SECTION, name, message, (having, total_before), (0, total))


def _witness(reports: Sequence[Report], limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the fields in which pages and second witness agreed and no longer do."""
    last = next(iter(reports), {}).get("audit") or {}
    for field in sorted(last.get("fields") or {}):

        def counts_of(report: Report, field: str = field) -> tuple[int, int]:
            _, fields = audit_figures.total([report.get("audit") or {}])
            compared, agreed = fields.get(field, (0, 0))
            return agreed, compared

        since, before = _compared(reports, counts_of, WITNESS, field)
        if not _is_lower(since, before, 0.0):
            continue
        if since[0] / since[1] < limits.audit <= before[0] / before[1]:
            message = (
                f"witness {field}: pages agree with the second witness in {_percent(since)} of "
                f"{since[1]:,} articles, {_percent(before)} before"
            )
            yield _entry(WITNESS, field, message, before, since)


def _of(counts: tuple[int, int]) -> str:
    return f"{counts[0]:,} of {counts[1]:,}"


def _percent(counts: tuple[int, int]) -> str:
    return audit_figures.exact_percent(*counts)
