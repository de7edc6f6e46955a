"""Rows as Arrow batches, nested fields included, from which Parquet and DuckDB are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from newscrawl.export.columns import COLUMNS, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROWS, CHARACTERS = 1000, 8_000_000
"""Limits of a batch: rows, and characters of text. Few articles are longer than 10,000."""

_SCALARS = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "map": pa.map_(pa.string(), pa.string()),
    "day": pa.date32(),
    "instant": pa.timestamp("us", tz="UTC"),
}
_MAPS = [column.name for column in COLUMNS if column.type.kind == "map"]


def schema() -> pa.Schema:
    """Return the columns as an Arrow schema; each field's metadata has its `description`."""
    return pa.schema(
        [
            pa.field(column.name, _arrow(column.type), metadata={"description": column.doc})
            for column in COLUMNS
        ]
    )


def batches(rows: Iterable[dict[str, Any]], target: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches of `ROWS`, fewer if they are long."""
    for batch in _row_batches(rows):
        for row in batch:
            for name in _MAPS:
                # Arrow takes a map as its pairs.
                row[name] = list(row[name].items())
        yield pa.RecordBatch.from_pylist(batch, schema=target)


def _row_batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row["body"])
        if len(batch) == ROWS or size >= CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _arrow(type_: Type) -> pa.DataType:
    if type_.kind == "list":
        assert type_.of is not None
        return pa.list_(_arrow(type_.of))
    if type_.kind == "struct":
        return pa.struct([pa.field(name, _arrow(part)) for name, part in type_.parts.items()])
    return _SCALARS[type_.kind]
