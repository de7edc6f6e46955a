"""Which fields articles lack, by when they were published and captured."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.formatting import counted, percent
from newscrawl.report import charts
from newscrawl.report.charts import Box
from newscrawl.report.collection import BITS, FIELDS
from newscrawl.report.html_elements import Cell, Chart, Part, Row, Table
from newscrawl.report.periods import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from newscrawl.report.collection import Archive, Entry

SHADES = ("all have it", "up to 1% lack it", "up to 5%", "up to 20%", "up to 50%", "more lack it")
_STEPS = (0, 0.01, 0.05, 0.2, 0.5)


def part(archive: Archive) -> Part:
    """Return this part of the page."""
    entries = [*archive.entries.values()]
    page_part = Part(
        "coverage",
        "Field coverage over time",
        "The share of articles that have a field, each in its newest revision. Headline, address "
        "and body are left out: no article is written to a dump without them.",
    )
    if not entries:
        return page_part
    missing = _lacking(Counter(entry.has for entry in entries))
    ranked = sorted(missing.items(), key=lambda pair: (pair[1], pair[0]))
    total = len(entries)
    rows: list[Row] = [
        [Cell(name, code=True), total - lacking, lacking, percent(total - lacking, total)]
        for name, lacking in ranked
    ]
    page_part.tables.append(
        Table("Field coverage of all articles", ["Field", "Have it", "Lack it", "Share"], rows)
    )
    page_part.charts += [
        *_chart(entries, lambda entry: entry.published, "publication"),
        *_chart(entries, lambda entry: entry.captured, "capture"),
    ]
    return page_part


def _chart(entries: list[Entry], day_of: Callable[[Entry], date | None], word: str) -> list[Chart]:
    """Return a chart of missing fields; none if all articles are of one period."""
    span = Span.of([day for entry in entries if (day := day_of(entry))])
    if span is None or span.first == span.scale.start(span.last):
        return []
    having: dict[date, Counter[int]] = {}
    for entry in entries:
        day = day_of(entry)
        if day and span.holds(day):
            having.setdefault(span.scale.start(day), Counter())[entry.has] += 1
    totals = {start: counts.total() for start, counts in having.items()}
    lacking = {start: _lacking(counts) for start, counts in having.items()}
    boxes = [
        Box(start, span.scale.end(start), name, _shade(lacking[start][name] / count))
        for start, count in totals.items()
        for name in FIELDS
    ]
    rows: list[Row] = []
    for start, count in sorted(totals.items(), reverse=True):
        shares = [percent(count - lacking[start][name], count) for name in FIELDS]
        rows.append([span.scale.label(start), count, *shares])
    worst = max(boxes, key=lambda box: lacking[box.start][box.name] / totals[box.start])
    lack, count = lacking[worst.start][worst.name], totals[worst.start]
    return [
        Chart(
            f"Missing fields by {span.scale.word} of {word}",
            f"A row for each field, a box for each {span.scale.word}; the stronger its colour, the "
            f"more articles lack the field. The field most often missing is {worst.name}, in "
            f"{span.scale.label(worst.start)}: {percent(lack, count)} of "
            f"{counted(count, 'article')}.",
            lambda width: charts.grid(boxes, [*FIELDS], SHADES, width),
            Table(
                f"Field coverage by {span.scale.word} of {word}",
                [span.scale.word.capitalize(), "Articles", *FIELDS],
                rows,
            ),
        )
    ]


def _lacking(having: Counter[int]) -> dict[str, int]:
    """Return how many articles lack each field, given the counts of `Entry.has`."""
    return {
        name: sum(count for has, count in having.items() if not has & bit)
        for name, bit in BITS.items()
    }


def _shade(share: float) -> int:
    """Return the index in SHADES for a share of articles that lack a field."""
    return next((index for index, most in enumerate(_STEPS) if share <= most), len(_STEPS))
