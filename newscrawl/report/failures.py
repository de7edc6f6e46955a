"""What runs could not fetch, read or write, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.formatting import counted, duration
from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, OTHERS, Bar
from newscrawl.report.edits import when
from newscrawl.report.html_elements import Cell, Chart, Part, Table, clipped, limited

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.report.run_reports import Run, Runs

GROUPS = {
    "rejected": "article not written",
    "failed": "page not read",
    "not_fetched": "page not fetched",
    "blocks": "page blocked",
}
"""Groups of failures to their names in the page."""
LEFT_OUT = {
    "not_articles": "not an article",
    "outside": "outside of the section or days",
    "reserved": "reserved by its publisher",
}
"""Groups that runs left out correctly."""
_DRAWN, _RUNS, _LISTED = 20, 100, 200


def part(runs: Runs, skipped: int, zone: tzinfo) -> Part:
    """Return this part of the page; times are in `zone`."""
    page_part = Part(
        "failures",
        "Failures",
        "What runs could not fetch, read or write, with the reasons, as counted in run reports. "
        "For a run without a report, the file of rejected articles is counted.",
    )
    if runs.without_report:
        page_part.notes.append(
            f"{counted(runs.without_report, 'dump')} without a report of the run: of "
            f"{'its' if runs.without_report == 1 else 'their'} failures only rejected articles are "
            "known."
        )
    if skipped:
        page_part.notes.append(
            f"{counted(skipped, 'line')} of the files could not be read (see above)."
        )
    rows = _rows(runs, GROUPS)
    if rows:
        page_part.charts.append(_chart(rows, runs))
    else:
        page_part.notes.append("No failures are known.")
    if runs.reports:
        page_part.tables.append(_reports(runs, page_part.notes, zone))
        page_part.tables += _failed_monitors(runs, page_part.notes)
    if runs.rejected:
        shown, note = limited(runs.rejected, _LISTED, "rejected articles")
        page_part.notes += note
        page_part.tables.append(
            Table(
                "Articles not written, the latest first",
                ["Address", "Reasons", "When"],
                [
                    [
                        Cell(line.url or "(no address)", line.url, code=True),
                        clipped(", ".join(line.reasons)),
                        when(line.rejected_at or "", zone),
                    ]
                    for line in shown
                ],
            )
        )
    addresses = [*dict.fromkeys(url for run in runs.reports for url in run.failed_urls)]
    if addresses:
        shown, note = limited(addresses, _LISTED, "addresses")
        page_part.notes += note
        cells = [[Cell(url, url, code=True)] for url in shown]
        page_part.tables.append(Table("Pages that could not be read", ["Address"], cells))
    if left_out := _rows(runs, LEFT_OUT):
        page_part.tables.append(
            Table(
                "Left out correctly",
                ["Reason", "What", "Pages"],
                [[Cell(reason, code=True), what, count] for what, reason, count in left_out],
            )
        )
    return page_part


def total(runs: Runs) -> int:
    """Return how many failures are known."""
    return sum(count for _, _, count in _rows(runs, GROUPS))


def _rows(runs: Runs, groups: dict[str, str]) -> list[tuple[str, str, int]]:
    """Return what failed, the reason and the count, the most frequent first."""
    rows = []
    for group, what in groups.items():
        counts = runs.total(group).items()
        rows += [(what, clipped(reason, 80), count) for reason, count in counts if count]
    return sorted(rows, key=lambda row: (-row[2], row))


def _chart(rows: list[tuple[str, str, int]], runs: Runs) -> Chart:
    drawn = rows[:_DRAWN]
    bars = [Bar(reason, what, count) for what, reason, count in drawn]
    named = zip(GROUPS.values(), (*COLOURS[:3], OTHERS), strict=True)
    colours = {what: colour for what, colour in named if any(what == row[0] for row in drawn)}
    what, reason, most = rows[0]
    return Chart(
        "Failures by reason",
        f"{counted(total(runs), 'failure')}; most often: {what}, {reason}, {most:,}.",
        lambda width: charts.bars(bars, colours, width, "failures"),
        Table(
            "Failures by reason",
            ["Reason", "What", "Count"],
            [[Cell(reason, code=True), what, count] for what, reason, count in rows],
        ),
    )


def _reports(runs: Runs, notes: list[str], zone: tzinfo) -> Table:
    shown, note = limited(runs.reports, _RUNS, "runs")
    notes += note
    return Table(
        "Runs, the latest first",
        ["Run", "Started", "Took", "Ended", "Exit code", "Written", "Revised", "Removed",
         "Failures"],
        [
            [
                Cell(run.run_id, code=True), when(run.started_at or "", zone),
                duration(run.seconds),
                Cell(_ended(run), code=True), run.exit_code, run.articles.written,
                run.articles.revised, run.articles.gone,
                run.failures,
            ]
            for run in shown
        ],
    )  # fmt: skip


def _failed_monitors(runs: Runs, notes: list[str]) -> list[Table]:
    monitors = [
        [run.run_id, monitor.name, monitor.status, Cell(monitor.message or "", code=True)]
        for run in runs.reports
        for monitor in run.monitors
        if monitor.status != "passed"
    ]
    if not monitors:
        return []
    shown, note = limited(monitors, _LISTED, "failed monitors")
    notes += note
    columns = ["Run", "Monitor", "Status", "Message"]
    return [Table("Monitors that did not pass", columns, shown)]


def _ended(run: Run) -> str:
    return f"{run.reason}: {run.detail}" if run.detail else run.reason
