"""The figures of `scrapy coverage` as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.commands.comparing.site_list import ALL
from newscrawl.outcomes.site_coverage import EXCLUDED, NOT_PUBLISHED, REASONS, headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.commands.comparing.site_list import SiteList
    from newscrawl.outcomes.site_coverage import Figures, SiteCoverage

MAX_ADDRESSES = 100
"""Addresses that are printed; JSON has all."""
_HEAD = ("section", "period", "published", "written", "missing", "not written because")


def lines(series: str, coverage: SiteCoverage, found: SiteList) -> Iterator[str]:
    """Yield the lines: the one figure, the source, the table, what is missing."""
    total = coverage.total
    yield headline(series, total)
    requests = "1 request" if found.requests == 1 else f"{found.requests:,} requests"
    yield f"source: {found.source}, {requests}"
    for note in found.notes:
        yield f"note: {note}"
    if reasons := reasons_text(total):
        yield f"not written: {reasons}"
    if coverage.unlisted:
        is_one = coverage.unlisted == 1
        yield (
            f"note: {coverage.unlisted:,} written {'article is' if is_one else 'articles are'} not "
            "in the site's list: removed since, or not posts"
        )
    if coverage.sections:
        yield ""
        yield from _table(coverage)
    if total.addresses:
        yield ""
        yield "missing:"
        yield from _addresses(coverage)


def reasons_text(figures: Figures) -> str:
    """Return the reasons with their numbers, the rules that exclude in brackets.

    >>> from collections import Counter
    >>> from newscrawl.outcomes.site_coverage import Figures
    >>> reasons_text(Figures(reasons=Counter(excluded=3, gone=1), rules=Counter(robots=3)))
    'excluded 3 (robots 3), gone 1'
    """
    parts = []
    for reason in REASONS:
        if not (count := figures.reasons[reason]):
            continue
        rules = ", ".join(f"{rule} {number:,}" for rule, number in sorted(figures.rules.items()))
        more = f" ({rules})" if reason == EXCLUDED and rules else ""
        parts.append(f"{reason} {count:,}{more}")
    return ", ".join(parts)


def _table(coverage: SiteCoverage) -> Iterator[str]:
    rows = [_HEAD]
    for section, periods in coverage.sections.items():
        for period, figures in periods.items():
            values = figures.as_json()
            numbers = (_number(values[name]) for name in ("published", "written", "missing"))
            rows.append((section, period, *numbers, reasons_text(figures)))  # type: ignore[arg-type]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    is_whole = all(row[1] == ALL for row in rows[1:])
    for row in rows:
        cells = [
            text.rjust(width) if column in {2, 3, 4} else text.ljust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
            if not (is_whole and column == 1)
        ]
        yield "  ".join(cells).rstrip()


def _number(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _addresses(coverage: SiteCoverage) -> Iterator[str]:
    missing = sorted(coverage.total.addresses, key=lambda url: (coverage.explanations[url], url))
    for url in missing[:MAX_ADDRESSES]:
        yield f"  {coverage.explanations[url]}: {url}"
    if len(missing) > MAX_ADDRESSES:
        yield f"  and {len(missing) - MAX_ADDRESSES:,} more: --json lists all"
    hidden = sum(coverage.total.reasons[reason] for reason in NOT_PUBLISHED)
    if hidden:
        yield "protected and removed articles are not missing: the site does not show them"
