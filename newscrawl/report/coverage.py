"""Which fields articles lack, by when they were published and captured."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newscrawl.report import charts
from newscrawl.report.archive import FIELDS
from newscrawl.report.charts import Box
from newscrawl.report.parts import Cell, Chart, Part, Table, counted
from newscrawl.report.periods import Span
from newscrawl.summary.rendering import percent

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from newscrawl.report.archive import Archive, Entry

SHADES = ("all have it", "up to 1% lack it", "up to 5%", "up to 20%", "up to 50%", "more lack it")
_STEPS = (0, 0.01, 0.05, 0.2, 0.5)


def part(archive: Archive) -> Part:
    """Return the part of the page."""
    entries = [*archive.entries.values()]
    found = Part(
        "coverage",
        "Field coverage over time",
        "The share of articles that have a field, each in its newest revision. Headline, address "
        "and body are left out: without them nothing is written to a dump.",
    )
    if not entries:
        return found
    missing = Counter({name: sum(entry.lacks(name) for entry in entries) for name in FIELDS})
    rows = [[Cell(name, code=True), len(entries) - lacking, lacking,
             percent(len(entries) - lacking, len(entries))]
            for name, lacking in sorted(missing.items(), key=lambda pair: pair[1])]  # fmt: skip
    found.tables.append(
        Table("Field coverage of all articles", ["Field", "Have it", "Lack it", "Share"], rows)
    )
    found.charts += [
        *_chart(entries, lambda entry: entry.published, "publication"),
        *_chart(entries, lambda entry: entry.captured, "capture"),
    ]
    return found


def _chart(
    entries: list[Entry], day_of: Callable[[Entry], date | None], word: str
) -> list[Chart]:
    """Return a chart of what is missing; none where all lies in one period."""
    span = Span.of([day for entry in entries if (day := day_of(entry))])
    if span is None or span.first == span.scale.start(span.last):
        return []
    whole: Counter[date] = Counter()
    lacking: dict[date, Counter[str]] = defaultdict(Counter)
    for entry in entries:
        day = day_of(entry)
        if day and span.holds(day):
            start = span.scale.start(day)
            whole[start] += 1
            lacking[start].update(name for name in FIELDS if entry.lacks(name))
    boxes = [
        Box(start, span.scale.end(start), name, _shade(lacking[start][name] / count))
        for start, count in whole.items()
        for name in FIELDS
    ]
    rows = [
        [span.scale.label(start), count]
        + [percent(count - lacking[start][name], count) for name in FIELDS]
        for start, count in sorted(whole.items(), reverse=True)
    ]
    worst = max(boxes, key=lambda box: lacking[box.start][box.name] / whole[box.start])
    lack, of = lacking[worst.start][worst.name], whole[worst.start]
    return [
        Chart(
            f"Missing fields by {span.scale.word} of {word}",
            f"A row for each field, a box for each {span.scale.word}; the stronger its "
            f"colour, the more articles lack the field. Most is missing of {worst.name} in {span.scale.label(worst.start)}: "
            f"{percent(lack, of)} of {counted(of, 'article')}.",
            lambda width: charts.grid(boxes, [*FIELDS], SHADES, width),
            Table(
                f"Field coverage by {span.scale.word} of {word}",
                [span.scale.word.capitalize(), "Articles", *FIELDS],
                rows,
            ),
        )
    ]


def _shade(share: float) -> int:
    """Return the place in SHADES of a share of articles that lack a field."""
    return next((place for place, most in enumerate(_STEPS) if share <= most), len(_STEPS))
