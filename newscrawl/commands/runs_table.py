"""The last runs as a table, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.formatting import duration
from newscrawl.outcomes import audit_figures, finish_reasons
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

_HEAD = (
    "started", "series", "reason", "written", "missing", "requests", "took", "lag", "audit",
    "monitors",
)  # fmt: skip
_NUMBERS = frozenset({"written", "requests", "missing"})


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one run."""

    cells: tuple[str, ...]
    is_good: bool
    """Whether it ended well."""
    has_site: bool = False
    """Whether the first cell is the key of the site."""


def severity(report: dict[str, Any]) -> tuple[bool, bool, str]:
    """Return a key that sorts reports: bad ends first, then failed monitors, then by series."""
    failed = any(monitor["status"] != "passed" for monitor in report.get("monitors") or ())
    return finish_reasons.is_good(str(report["reason"])), not failed, str(report["spider"])


def build_row(report: dict[str, Any], site: str | None = None) -> Row:
    """Return the row of a run report, with its site if that is given.

    A dash stands for a missing value.
    """
    lag = (report.get("lag") or {}).get("median")
    missing = (report.get("completeness") or {}).get("missing")
    failed = [
        monitor["name"] for monitor in report.get("monitors") or () if monitor["status"] != "passed"
    ]
    monitors = ", ".join(failed) or ("passed" if report.get("monitors") else "-")
    started, reason = str(report["started_at"]), str(report["reason"])
    cells: tuple[str, ...] = (
        f"{started[:10]} {started[11:19]}Z",
        report["spider"],
        reason,
        f"{_number(report['articles'].get('written')):,}",
        "-" if missing is None else f"{_number(missing):,}",
        f"{_number((report.get('requests') or {}).get('total')):,}",
        duration(float(_number(report.get("seconds")))),
        "-" if lag is None else duration(float(_number(lag))),
        _agreement(report.get("audit") or {}),
        monitors,
    )
    if site is not None:
        cells = (site, *cells)
    is_good = finish_reasons.is_good(reason)
    return Row(tuple(fold(cell) for cell in cells), is_good, site is not None)


def _agreement(audit: dict[str, Any]) -> str:
    """Return the share of values that agree with the second witness."""
    _, fields = audit_figures.total([audit])
    compared = sum(count for count, _ in fields.values())
    agreed = sum(count for _, count in fields.values())
    return audit_figures.exact_percent(agreed, compared) if compared else "-"


def _head(rows: Sequence[Row]) -> tuple[str, ...]:
    return ("site", *_HEAD) if rows and rows[0].has_site else _HEAD


def plain(rows: Sequence[Row]) -> Iterable[str]:
    """Yield the table's lines, aligned."""
    head = _head(rows)
    table = [head, *(row.cells for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for cells in table:
        aligned = (
            cell.rjust(width) if name in _NUMBERS else cell.ljust(width)
            for name, cell, width in zip(head, cells, widths, strict=True)
        )
        yield "  ".join(aligned).rstrip()


def styled(rows: Sequence[Row]) -> Table:
    """Return the table for a terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in _head(rows):
        table.add_column(name, justify="right" if name in _NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row.cells), style=None if row.is_good else "yellow")
    return table


def _number(value: Any) -> float:
    return value if isinstance(value, (int, float)) else 0
