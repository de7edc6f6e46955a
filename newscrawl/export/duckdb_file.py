"""Writes a DuckDB database: the table `articles` with nested fields, and the view `latest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from newscrawl.export import parquet_file
from newscrawl.export.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# The default is most of the machine's memory.
_MEMORY = "512MB"
# The same order as in newscrawl.dumps.latest across series.
_LATEST = """
CREATE VIEW latest AS
SELECT * FROM articles
QUALIFY status <> 'gone' AND row_number() OVER (
    PARTITION BY id
    ORDER BY coalesce(first_seen_at, '') DESC, coalesce(fetched_at, '') DESC, revision DESC, rowid
) = 1
"""


def write(rows: Iterable[dict[str, Any]], path: Path) -> None:
    """Write rows to a new database; each column has its description as a comment.

    Raises:
        OSError: the file cannot be written.
    """
    # Importing a Parquet file takes less time and memory than inserting rows.
    source = path.with_name(f"{path.name}.parquet")
    parquet_file.write(rows, source)
    try:
        with duckdb.connect(path, config={"memory_limit": _MEMORY}) as database:
            database.execute(
                "CREATE TABLE articles AS SELECT * FROM read_parquet(?)", [str(source)]
            )
            database.execute(_LATEST)
            for column in COLUMNS:
                comment = column.doc.replace("'", "''")
                database.execute(f"COMMENT ON COLUMN articles.\"{column.name}\" IS '{comment}'")
    except duckdb.OperationalError as error:
        raise OSError(str(error)) from error
    finally:
        source.unlink()
