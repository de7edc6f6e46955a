"""Runs `scrapy export` in this process and reads each shape back."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from pyarrow import parquet
from scrapy.cmdline import execute
from sqlite_utils import Database

from newscrawl.export.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KINDS = {column.name: column.type.kind for column in COLUMNS}
"""What each column holds."""
_OPTIONAL = {column.name for column in COLUMNS if column.type.is_optional}


@dataclass(frozen=True)
class Told:
    """What a run of the command came to."""

    code: int
    stdout: str
    stderr: str


def export(*words: object) -> Told:
    """Run `scrapy export` to its end."""
    out, complaints = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(complaints), pytest.raises(SystemExit) as ended:
        execute(["scrapy", "export", *map(str, words)])
    code = ended.value.code or 0
    assert isinstance(code, int)
    return Told(code, out.getvalue(), complaints.getvalue())


def from_parquet(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a Parquet file."""
    assert table == "articles"
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    # Arrow gives a map as its pairs.
    return [{**row, "provenance": dict(row["provenance"])} for row in rows]


def from_duckdb(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table or view of a DuckDB database."""
    with duckdb.connect(path, read_only=True) as database:
        found = database.table(table) if table == "articles" else database.view(table)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def from_sqlite(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table or view of a SQLite database, without their numbers."""
    database = Database(path)
    found = database.table(table) if table == "articles" else database.view(table)
    rows = list(found.rows_where(order_by="row"))
    database.close()
    return [{name: _value(name, row[name]) for name in KINDS} for row in rows]


def from_csv(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a CSV file."""
    assert table == "articles"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return [{name: _typed(name, text) for name, text in row.items()} for row in rows]


READERS: dict[str, Callable[[Path, str], list[dict[str, Any]]]] = {
    "parquet": from_parquet,
    "csv": from_csv,
    "sqlite": from_sqlite,
    "duckdb": from_duckdb,
}
"""By the shape's name."""


def unguarded(text: str) -> str:
    """Return a cell's text without the apostrophe against formulas, as docs/exporting.md says."""
    return re.sub(r"^'('*[=+\-@\t\r\n＝＋－＠])", r"\1", text)


def _typed(name: str, text: str) -> Any:
    if not text:
        return None if name in _OPTIONAL else ""
    if KINDS[name] in {"integer", "number", "flag"}:
        return json.loads(text)
    return _value(name, unguarded(text))


def _value(name: str, stated: Any) -> Any:
    """Return what a value of a shape without such types stands for."""
    if stated is None:
        return None
    match KINDS[name]:
        case "list" | "map" | "struct":
            return json.loads(stated)
        case "flag":
            return bool(stated)
        case "day":
            return date.fromisoformat(stated)
        case "instant":
            assert stated.endswith("Z")
            return datetime.fromisoformat(stated)
    return stated
