"""How far what was read from pages agrees with the second witness, field by field, over runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.formatting import counted
from newscrawl.outcomes import audit_figures
from newscrawl.report import charts
from newscrawl.report.charts import Box
from newscrawl.report.collection import parse_time
from newscrawl.report.edits import when
from newscrawl.report.html_elements import Cell, Chart, Part, Row, Table, limited
from newscrawl.report.periods import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, tzinfo

    from newscrawl.report.run_reports import Run, Runs

SHADES = ("all agree", "up to 1% disagree", "up to 2%", "up to 5%", "up to 20%", "more disagree")
_STEPS = (0, 0.01, 0.02, 0.05, 0.2)
_RUNS = 50


def part(runs: Runs, zone: tzinfo) -> Part:
    """Return this part of the page; times are in `zone`."""
    page_part = Part(
        "agreement",
        "Agreement with the second witness",
        "What runs read from pages is compared with WordPress's REST record of the same post, or "
        "with the feed. The share of values that agree, of those that both state, as counted in "
        "run reports; the disagreements are named in the files .audit.jsonl.",
    )
    audited = [run for run in runs.reports if run.audit.get("articles")]
    if not audited:
        page_part.notes.append("No run has compared articles.")
        return page_part
    articles, fields = audit_figures.total(run.audit for run in audited)
    rows: list[Row] = [
        [Cell(name, code=True), compared, compared - agreed, _percent(agreed, compared)]
        for name, (compared, agreed) in sorted(fields.items())
    ]
    caption = f"Agreement in {counted(articles, 'article')}"
    page_part.tables.append(Table(caption, ["Field", "Compared", "Disagree", "Agree"], rows))
    page_part.charts += _chart(audited, [*sorted(fields)], zone)
    shown, note = limited(audited, _RUNS, "runs with an audit")
    page_part.notes += note
    page_part.tables.append(
        Table(
            "Agreement by run, the latest first",
            ["Run", "Started", "Witness", "Articles", *sorted(fields)],
            [_row(run, [*sorted(fields)], zone) for run in shown],
        )
    )
    return page_part


def _row(run: Run, names: list[str], zone: tzinfo) -> Row:
    articles, fields = audit_figures.total([run.audit])
    started, witness = when(run.started_at or "", zone), str(run.audit.get("witness") or "")
    return [Cell(run.run_id, code=True), started, witness, articles, *_shares(fields, names)]


def _shares(fields: Mapping[str, tuple[int, int]], names: Sequence[str]) -> list[str]:
    counts = (fields.get(name, (0, 0)) for name in names)
    return [_percent(agreed, compared) for compared, agreed in counts]


def _percent(agreed: int, compared: int) -> str:
    return audit_figures.exact_percent(agreed, compared) if compared else ""


def _chart(audited: list[Run], names: list[str], zone: tzinfo) -> list[Chart]:
    """Return a chart of disagreements; none if all runs are of one period."""
    times = ((run, parse_time(run.started_at or "", zone)) for run in audited)
    days = [(run, time.date()) for run, time in times if time]
    span = Span.of([day for _, day in days])
    if span is None or span.first == span.scale.start(span.last):
        return []
    periods: dict[date, list[Run]] = {}
    for run, day in days:
        if span.holds(day):
            periods.setdefault(span.scale.start(day), []).append(run)
    totals = {start: audit_figures.total(run.audit for run in of) for start, of in periods.items()}
    boxes = [
        Box(start, span.scale.end(start), name, _shade(*fields[name]))
        for start, (_, fields) in totals.items()
        for name in names
        if fields.get(name, (0, 0))[0]
    ]
    rows: list[Row] = [
        [span.scale.label(start), articles, *_shares(fields, names)]
        for start, (articles, fields) in sorted(totals.items(), reverse=True)
    ]
    return [
        Chart(
            f"Disagreements by {span.scale.word} of the run",
            f"A row for each field, a box for each {span.scale.word}; the stronger its colour, the "
            "more values disagree with the second witness.",
            lambda width: charts.grid(boxes, names, SHADES, width),
            Table(
                f"Agreement by {span.scale.word} of the run",
                [span.scale.word.capitalize(), "Articles", *names],
                rows,
            ),
        )
    ]


def _shade(compared: int, agreed: int) -> int:
    """Return the index in SHADES for the values of a field."""
    share = (compared - agreed) / compared
    return next((index for index, most in enumerate(_STEPS) if share <= most), len(_STEPS))
