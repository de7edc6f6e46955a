"""The last runs as a table, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.formatting import duration
from newscrawl.outcomes import finish_reasons
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

_HEAD = ("started", "spider", "reason", "written", "requests", "took", "lag", "monitors")
_NUMBERS = frozenset({"written", "requests"})


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one run."""

    cells: tuple[str, ...]
    is_good: bool
    """Whether it ended well."""


def build_row(report: dict[str, Any]) -> Row:
    """Return the row of a run report; a dash stands for a missing value."""
    lag = (report.get("lag") or {}).get("median")
    failed = [
        monitor["name"] for monitor in report.get("monitors") or () if monitor["status"] != "passed"
    ]
    monitors = ", ".join(failed) or ("passed" if report.get("monitors") else "-")
    started, reason = str(report["started_at"]), str(report["reason"])
    cells = (
        f"{started[:10]} {started[11:19]}Z",
        report["spider"],
        reason,
        f"{_number(report['articles'].get('written')):,}",
        f"{_number((report.get('requests') or {}).get('total')):,}",
        duration(float(_number(report.get("seconds")))),
        "-" if lag is None else duration(float(_number(lag))),
        monitors,
    )
    return Row(tuple(fold(cell) for cell in cells), finish_reasons.is_good(reason))


def plain(rows: Sequence[Row]) -> Iterable[str]:
    """Yield the table's lines, aligned."""
    table = [_HEAD, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        aligned = (
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(_HEAD, cells, widths, strict=True)
        )
        yield "  ".join(aligned).rstrip()


def styled(rows: Sequence[Row]) -> Table:
    """Return the table for a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in _HEAD:
        table.add_column(name, justify="right" if name in _NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row.cells), style=None if row.is_good else "yellow")
    return table


def _number(value: Any) -> float:
    return value if isinstance(value, (int, float)) else 0
