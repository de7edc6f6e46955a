"""Dumps in other shapes: Parquet, CSV, SQLite, DuckDB.

The libraries are an extra, and are imported when a shape that needs them is written.
"""

from newscrawl.export.errors import ExportError
from newscrawl.export.shapes import SHAPES, load

__all__ = ["SHAPES", "ExportError", "load"]
