"""Writes CSV as in RFC 4180, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

from newscrawl.export.columns import COLUMNS, iso

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Spreadsheets evaluate a cell that begins so. Leading apostrophes match too, so that the one
# added can be removed again.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write(rows: Iterable[dict[str, Any]], path: Path, *, encoding: str = "utf-8") -> None:
    """Write rows to a new file, after a line of column names.

    Args:
        rows: the rows.
        path: the file.
        encoding: `utf-8`, or `utf-8-sig` with the byte order mark that Excel needs.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in COLUMNS])
        writer.writerows(map(cell, row.values()) for row in rows)


def cell(value: Any) -> str:
    r"""Return a value as the text of its cell.

    Null is an empty cell, nested values are JSON. A text that a spreadsheet would take for a
    formula gets an apostrophe before it; other texts are unchanged.

    >>> [cell(x) for x in (None, 0.5, True, ["È"], "-", "più", "'=1+1")]
    ['', '0.5', 'true', '["È"]', "'-", 'più', "''=1+1"]
    """
    match value:
        case None:
            return ""
        case str():
            return f"'{value}" if _FORMULA.match(value) else value
        case date():
            return iso(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
