"""Writes a Parquet file: one row for each line, with nested fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyarrow.parquet import ParquetWriter

from newscrawl.export import arrow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """Write rows to a new file, compressed with Zstandard, a row group for each batch.

    Raises:
        OSError: the file cannot be written.
    """
    target = arrow.schema()
    with ParquetWriter(path, target, compression="zstd") as writer:
        for batch in arrow.batches(rows, target):
            writer.write_batch(batch)
