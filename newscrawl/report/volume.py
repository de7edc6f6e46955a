"""Numbers of articles by day of publication and section."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from newscrawl.formatting import counted
from newscrawl.report import charts
from newscrawl.report.charts import Box
from newscrawl.report.html_elements import Chart, Part, Row, Table
from newscrawl.report.periods import Span

if TYPE_CHECKING:
    from datetime import date

    from newscrawl.report.collection import Archive
    from newscrawl.report.palette import Palette

_GAPS = 10


def part(archive: Archive, palette: Palette) -> Part:
    """Return this part of the page."""
    counts: Counter[tuple[date, str]] = Counter()
    undated = 0
    for entry in archive.entries.values():
        if entry.published:
            counts[entry.published, entry.section] += 1
        else:
            undated += 1
    page_part = Part(
        "volume",
        "Articles per day and section",
        "By day of publication in the site's time zone. Each article counts once, in its main "
        "section.",
    )
    if undated:
        page_part.notes.append(f"{counted(undated, 'article')} without a date of publication.")
    days = [day for (day, _), count in counts.items() for _ in range(count)]
    span = Span.of(days)
    if span is None:
        return page_part
    page_part.charts.append(_chart(counts, palette, span))
    if outside := sum(not span.holds(day) for day in days):
        page_part.notes.append(
            f"{counted(outside, 'article')} published before {span.first} or after {span.last}: "
            "in the table, but not drawn."
        )
    page_part.notes += _gaps({*days}, span)
    return page_part


def _chart(counts: Counter[tuple[date, str]], palette: Palette, span: Span) -> Chart:
    drawn: Counter[tuple[date, str]] = Counter()
    for (day, section), count in counts.items():
        if span.holds(day):
            drawn[span.scale.start(day), palette.name(section)] += count
    end = span.scale.end
    boxes = [Box(start, end(start), name, count) for (start, name), count in drawn.items()]
    totals: Counter[date] = Counter()
    for (start, _), count in drawn.items():
        totals[start] += count
    word, most = span.scale.word, max(totals, key=lambda start: (totals[start], start))
    return Chart(
        f"Articles by {word} of publication",
        f"Bars by {word} from {span.first} to {span.last}, in pieces by section. The largest is "
        f"{span.scale.label(most)} with {counted(totals[most], 'article')}.",
        lambda width: charts.stacked(boxes, palette.colours, width, f"articles a {word}"),
        _table(counts, palette),
    )


def _table(counts: Counter[tuple[date, str]], palette: Palette) -> Table:
    days = sorted({day for day, _ in counts}, reverse=True)
    rows: list[Row] = []
    for day in days:
        numbers = [counts.get((day, section), 0) for section in palette.order]
        rows.append([day.isoformat(), sum(numbers), *numbers])
    return Table("Articles by day and section", ["Day", "All", *palette.order], rows)


def _gaps(days: set[date], span: Span) -> list[str]:
    """Return a note with the days without articles."""
    first = max(span.first, min(days))
    every = (span.last - timedelta(days=back) for back in range((span.last - first).days))
    gaps = [day.isoformat() for day in every if day not in days]
    if not gaps:
        return []
    end = f" and {len(gaps) - _GAPS:,} earlier ones." if len(gaps) > _GAPS else "."
    listed = ", ".join(gaps[:_GAPS])
    return [f"{counted(len(gaps), 'day')} without any article, the latest first: {listed}{end}"]
