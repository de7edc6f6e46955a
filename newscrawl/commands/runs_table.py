"""The last runs as a table, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl import finish_reasons
from newscrawl.formatting import duration
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

_HEAD = ("started", "spider", "reason", "written", "requests", "took", "lag", "monitors")
_NUMBERS = frozenset({"written", "requests"})


@dataclass(frozen=True, slots=True)
class Row:
    """A run in words."""

    cells: tuple[str, ...]
    is_good: bool
    """Whether it ended well."""


def row(report: dict[str, Any]) -> Row:
    """Return the line of a run report; what it lacks is a dash."""
    lag = (report.get("lag") or {}).get("median")
    amiss = [one["name"] for one in report.get("monitors") or () if one["status"] != "passed"]
    monitors = ", ".join(amiss) or ("passed" if report.get("monitors") else "-")
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
    table = [_HEAD, *(one.cells for one in rows)]
    widths = [max(len(cells[at]) for cells in table) for at in range(len(_HEAD))]
    for cells in table:
        words = (
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(_HEAD, cells, widths, strict=True)
        )
        yield "  ".join(words).rstrip()


def styled(rows: Sequence[Row]) -> Table:
    """Return the table for a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in _HEAD:
        table.add_column(name, justify="right" if name in _NUMBERS else "left", overflow="fold")
    for one in rows:
        table.add_row(*map(Text, one.cells), style=None if one.is_good else "yellow")
    return table


def _number(value: Any) -> float:
    return value if isinstance(value, (int, float)) else 0
