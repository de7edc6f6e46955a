"""Writes an SQLite database with full-text search, for Datasette or any other program.

The table `articles` has a row for each line, nested fields as JSON. Lists such as authors and
sections are tables as well, with one row for each entry. The view `latest` has the newest
revisions.
"""

from __future__ import annotations

import json
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from newscrawl.export.columns import COLUMNS, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newscrawl.export.columns import Column, Type

SEARCHED = ("headline", "subtitle", "body", "keywords")
"""The columns of full-text search."""
TABLES = ("authors", "sections", "keywords", "links", "related", "flags")
"""Lists that are tables as well, so that they can be counted and joined."""

# Case, accents and apostrophes are ignored; Unicode takes these three apostrophes for letters.
_TOKENIZE = "unicode61 remove_diacritics 2 separators 'ʼʻʹ'"
_TYPES = {"integer": int, "number": float, "flag": int}
# The same order as in newscrawl.dumps.latest across series.
_LATEST = """
SELECT * FROM articles WHERE status <> 'gone' AND "row" = (
    SELECT "row" FROM articles AS other WHERE other.id = articles.id
    ORDER BY coalesce(first_seen_at, '') DESC, coalesce(fetched_at, '') DESC, revision DESC, "row"
    LIMIT 1
)
"""
_BATCH = 500


def write(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """Write rows to a new database.

    Raises:
        OSError: the file cannot be written.
    """
    database = Database(path)
    try:
        _fill(database, rows)
    except database.conn.OperationalError as error:
        raise OSError(str(error)) from error
    finally:
        database.close()


def _fill(database: Database, rows: Iterable[dict[str, Any]]) -> None:
    # An unfinished file is deleted, so a journal would only cost time.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    _make_tables(database)
    numbered = enumerate(rows, 1)
    while batch := list(islice(numbered, _BATCH)):
        with database.atomic():
            database.table("articles").insert_all(
                {"row": number, **{name: _cell(value) for name, value in row.items()}}
                for number, row in batch
            )
            for name in TABLES:
                database.table(name).insert_all(_entries(name, batch))
    database.table("articles").enable_fts(SEARCHED, tokenize=_TOKENIZE)
    for name in TABLES:
        database.table(name).create_index(["row"])
    database.table("articles").create_index(["id", "revision"])
    database.create_view("latest", _LATEST)
    database.analyze()


def _make_tables(database: Database) -> None:
    columns = {column.name: _TYPES.get(column.type.kind, str) for column in COLUMNS}
    required = {column.name for column in COLUMNS if not column.type.is_optional}
    database.table("articles").create({"row": int, **columns}, pk="row", not_null=required)
    for name in TABLES:
        parts = {part: _TYPES.get(type_.kind, str) for part, type_ in _parts(name).items()}
        database.table(name).create(
            {"row": int, "position": int, **parts}, foreign_keys=[("row", "articles", "row")]
        )
    fields = database.table("fields")
    fields.create({"name": str, "type": str, "description": str}, pk="name")
    fields.insert_all(_field_row(column) for column in COLUMNS)


def _field_row(column: Column) -> dict[str, str]:
    return {"name": column.name, "type": str(column.type), "description": column.doc}


def _parts(name: str) -> dict[str, Type]:
    """Return the columns of a list's own table."""
    (entry,) = [column.type.of for column in COLUMNS if column.name == name]
    assert entry is not None
    return {part: type_ for part, type_ in entry.parts.items() if part != "position"} or {
        name.removesuffix("s"): entry
    }


def _entries(name: str, batch: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    single = name.removesuffix("s")
    for number, row in batch:
        for position, entry in enumerate(row[name], 1):
            parts = entry if isinstance(entry, dict) else {single: entry}
            yield {"row": number, "position": position, **parts}


def _cell(value: Any) -> Any:
    """Return a value for SQLite: nested values as JSON, times as text in UTC."""
    match value:
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case date():
            return iso(value)
        case _:
            return value
