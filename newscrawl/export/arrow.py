"""Rows as Arrow batches: what Parquet and DuckDB are made of, nested fields and all."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from newscrawl.export.columns import COLUMNS, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BATCH = 1000
"""Rows held at a time: some 15 MB of articles."""

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
    """Return the columns as Arrow has them; each field's metadata has its `description`."""
    return pa.schema(
        [
            pa.field(column.name, _arrow(column.type), metadata={"description": column.doc})
            for column in COLUMNS
        ]
    )


def batches(rows: Iterable[dict[str, Any]], target: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Yield rows in batches of `BATCH`."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        for row in batch:
            for name in _MAPS:
                # Arrow takes a map as its pairs.
                row[name] = list(row[name].items())
        yield pa.RecordBatch.from_pylist(batch, schema=target)


def _arrow(found: Type) -> pa.DataType:
    if found.kind == "list":
        assert found.of is not None
        return pa.list_(_arrow(found.of))
    if found.kind == "struct":
        return pa.struct([pa.field(name, _arrow(part)) for name, part in found.parts.items()])
    return _SCALARS[found.kind]
