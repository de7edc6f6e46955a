"""How long after publication articles were captured."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.formatting import counted
from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, OTHERS, Bar, Point
from newscrawl.report.html_elements import Chart, Part, Row, Table
from newscrawl.report.periods import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from newscrawl.report.collection import Archive
    from newscrawl.report.palette import Palette

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_STEPS = {
    "under 5 min": 5 * _MINUTE,
    "5 to 15 min": 15 * _MINUTE,
    "15 min to 1 h": _HOUR,
    "1 to 3 h": 3 * _HOUR,
    "3 to 12 h": 12 * _HOUR,
    "12 to 24 h": _DAY,
    "1 to 7 d": 7 * _DAY,
    "7 to 30 d": 30 * _DAY,
    "longer": math.inf,
}
_TICKS = {
    1: "1 s", 10: "10 s", 30: "30 s", _MINUTE: "1 min", 3 * _MINUTE: "3 min",
    10 * _MINUTE: "10 min", 30 * _MINUTE: "30 min", _HOUR: "1 h", 3 * _HOUR: "3 h",
    12 * _HOUR: "12 h", _DAY: "1 d", 3 * _DAY: "3 d", 10 * _DAY: "10 d", 30 * _DAY: "30 d",
    365 * _DAY: "1 y",
}  # fmt: skip
FRESH, OLD = "published while crawling", "published before"


class Lag(NamedTuple):
    """The time between an article's publication and its first capture."""

    section: str
    day: date
    """The day of its first capture."""
    seconds: float
    fresh: bool
    """Whether its section was already crawled when it was published."""


def part(archive: Archive, palette: Palette, all_lags: Sequence[Lag]) -> Part:
    """Return this part of the page."""
    page_part = Part(
        "lag",
        "From publication to capture",
        "The time from publication to the first capture, for articles whose time of publication "
        "is known. Articles published before the first complete run of their section (without run "
        "reports: before its first capture in these dumps) are shown separately: their lag says "
        "when crawling began, not how quick it is.",
    )
    timeless = sum(not entry.published_at for entry in archive.entries.values())
    if timeless:
        page_part.notes.append(f"{counted(timeless, 'article')} without a time of publication.")
    if ahead := sum(lag.seconds < 0 for lag in all_lags):
        page_part.notes.append(
            f"{counted(ahead, 'article')} dated later than the capture, not counted here."
        )
    measured = [lag for lag in all_lags if lag.seconds >= 0]
    if not measured:
        return page_part
    page_part.charts += [_distribution(measured)]
    if fresh := [lag for lag in measured if lag.fresh]:
        page_part.charts += [_by_period(fresh)]
    else:
        page_part.notes.append(
            "No article was published since crawling began: a second run will show the lag."
        )
    page_part.tables.append(_sections(measured, palette))
    return page_part


def lags(archive: Archive, first_complete: Mapping[str, str | None] | None = None) -> Iterator[Lag]:
    """Yield the lags of all articles whose times are known.

    Args:
        archive: the articles.
        first_complete: when the first complete run of each series began, None without such a
            run; a series that is not in it counts from its first capture.
    """
    complete = first_complete or {}
    began: dict[str, datetime] = {}
    captures = []
    for entry in archive.entries.values():
        first = entry.first_seen
        if first is not None:
            began[entry.section] = min(first, began.get(entry.section, first))
            captures.append((entry, first))
    for entry, first in captures:
        published = entry.published_at
        if published is not None:
            seconds = (first - published).total_seconds()
            since = _began(archive.series.get(entry.section, ()), complete, began[entry.section])
            fresh = since is not None and published >= since
            yield Lag(entry.section, first.date(), seconds, fresh)


def _began(
    series: Iterable[str], complete: Mapping[str, str | None], captured: datetime
) -> datetime | None:
    """Return since when a section, written by some series, is crawled completely."""
    starts = [captured if name not in complete else _time(complete[name]) for name in series]
    known = [start for start in starts if start is not None]
    return min(known) if known else (None if starts else captured)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def median(lags: Sequence[Lag]) -> float:
    """Return the median of lags, in seconds."""
    return _rank(lags, 0.5)


def percentile(lags: Sequence[Lag]) -> float:
    """Return the 95th percentile of lags, in seconds."""
    return _rank(lags, 0.95)


def _rank(lags: Sequence[Lag], share: float) -> float:
    # By nearest rank, as in run reports: always a lag that was measured.
    return sorted(lag.seconds for lag in lags)[math.ceil(share * len(lags)) - 1]


def duration(seconds: float) -> str:
    """Return a duration in its two largest units.

    >>> duration(42), duration(3 * 60 + 20), duration(3600), duration(90_000), duration(9e7)
    ('42 s', '3 min', '1 h 0 min', '1 d 1 h', '1041 d')
    """
    total = int(seconds)
    if total < _MINUTE:
        return f"{total} s"
    if total < _HOUR:
        return f"{total // _MINUTE} min"
    if total < _DAY:
        return f"{total // _HOUR} h {total % _HOUR // _MINUTE} min"
    hours = f" {total % _DAY // _HOUR} h" if total < 10 * _DAY else ""
    return f"{total // _DAY} d{hours}"


def _distribution(lags: list[Lag]) -> Chart:
    counts: Counter[tuple[str, bool]] = Counter()
    for lag in lags:
        step = next(name for name, below in _STEPS.items() if lag.seconds < below)
        counts[step, lag.fresh] += 1
    bars = [
        Bar(step, FRESH if fresh else OLD, counts[step, fresh])
        for step in _STEPS
        for fresh in (True, False)
    ]
    colours = {FRESH: COLOURS[0], OLD: OTHERS}
    fresh = sum(lag.fresh for lag in lags)
    within_hour = sum(lag.fresh and lag.seconds < _HOUR for lag in lags)
    return Chart(
        "Articles by lag",
        f"{counted(fresh, 'article')} published while crawling, of which {within_hour:,} were "
        f"captured within an hour; {counted(len(lags) - fresh, 'article')} published before.",
        lambda width: charts.bars(bars, colours, width, "articles"),
        Table(
            "Articles by lag",
            ["Lag", "Published while crawling", "Published before"],
            [[step, counts[step, True], counts[step, False]] for step in _STEPS],
        ),
    )


def _by_period(lags: list[Lag]) -> Chart:
    span = Span.of([lag.day for lag in lags])
    assert span is not None
    groups: dict[date, list[Lag]] = defaultdict(list)
    for lag in lags:
        groups[span.scale.start(lag.day)].append(lag)
    points: list[Point] = []
    rows: list[Row] = []
    for start, group in sorted(groups.items()):
        middle, most = median(group), percentile(group)
        if span.holds(start):
            # There is no logarithm of 0.
            points += [Point(start, "median", max(middle, 1))]
            points += [Point(start, "95th percentile", max(most, 1))]
        rows.append([span.scale.label(start), len(group), duration(middle), duration(most)])
    colours = {"median": COLOURS[0], "95th percentile": COLOURS[1]}
    word = span.scale.word
    return Chart(
        f"Lag by {word} of capture",
        f"Two lines over time, for articles published while crawling: the median "
        f"({duration(median(lags))} over all) and the 95th percentile "
        f"({duration(percentile(lags))}).",
        lambda width: charts.lines(points, colours, _TICKS, width),
        Table(
            f"Lag by {word} of capture",
            [word.capitalize(), "Articles", "Median", "95th percentile"],
            rows[::-1],
        ),
    )


def _sections(lags: list[Lag], palette: Palette) -> Table:
    rows: list[Row] = []
    for section in palette.order:
        row: list[str | int | None] = [section]
        for fresh in (True, False):
            group = [lag for lag in lags if lag.section == section and lag.fresh is fresh]
            row += [len(group), duration(median(group)) if group else None]
            row += [duration(percentile(group)) if group else None]
        rows.append(row)
    columns = ["Section"]
    for name in ("while crawling", "before"):
        columns += [f"Published {name}", f"Median ({name})", f"95th percentile ({name})"]
    return Table("Lag by section", columns, rows)
