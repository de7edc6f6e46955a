"""Exports dumps to other formats: Parquet, CSV, SQLite, DuckDB.

The libraries are an extra, and are imported when a format that needs them is written.
"""

from newscrawl.export.formats import FORMATS, ExportError, load

__all__ = ["FORMATS", "ExportError", "load"]
