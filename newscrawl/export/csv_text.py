"""CSV as RFC 4180 has it, safe to open in a spreadsheet."""

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

# A cell that begins so is calculated; apostrophes before it are counted in, so that the one put
# before them can be taken away again.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def write(rows: Iterable[dict[str, Any]], path: Path, *, encoding: str = "utf-8") -> None:
    """Write rows to a new file, a line of column names first.

    Args:
        rows: what to write.
        path: where to.
        encoding: `utf-8`, or `utf-8-sig` with the mark that Excel asks for.

    Raises:
        OSError: the file cannot be written.
    """
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column.name for column in COLUMNS])
        lines.writerows(map(cell, row.values()) for row in rows)


def cell(value: Any) -> str:
    r"""Return a value as the text of its cell.

    Null is an empty cell, what is nested is JSON. A text that a spreadsheet would take for a
    formula gets an apostrophe before it; all others stay as they are.

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
