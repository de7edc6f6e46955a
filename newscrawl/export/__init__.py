"""Dumps in other shapes: Parquet, CSV, SQLite, DuckDB.

The libraries are an extra, and are imported when a shape that needs them is written.
"""

from newscrawl.export.formats import SHAPES, ExportError, load

__all__ = ["SHAPES", "ExportError", "load"]
