"""The export formats and the libraries they need."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.formatting import install_command

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., None]


class Format(NamedTuple):
    """A format that dumps can be exported to."""

    module: str
    """The module of newscrawl.export that has its `write`."""
    libraries: tuple[str, ...]
    """Modules that it imports and a crawl does not need."""


FORMATS = {
    "parquet": Format("parquet_file", ("pyarrow",)),
    "csv": Format("csv_text", ()),
    "sqlite": Format("sqlite_file", ("sqlite_utils",)),
    "duckdb": Format("duckdb_file", ("duckdb", "pyarrow")),
}
"""By their names in `--to`."""


def load(name: str) -> Write:
    """Return the function that writes a format; its arguments are rows and the path of a new file.

    The function raises OSError if the file cannot be written.

    Raises:
        ExportError: a library that it needs is not installed.
    """
    export_format = FORMATS[name]
    try:
        module = import_module(f"newscrawl.export.{export_format.module}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in export_format.libraries:
            raise
        library = missing.replace("_", "-")
        raise ExportError(
            f"{name} needs {library}, which is not installed: {install_command('export')}"
        ) from None
    write: Write = module.write
    return write


class ExportError(Exception):
    """An export failed; the text is one line that says what to do."""
