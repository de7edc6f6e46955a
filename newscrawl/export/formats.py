"""The shapes that there are, and the libraries they need."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import newscrawl
from newscrawl.formatting import display_path

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[..., None]


class Shape(NamedTuple):
    """A shape that dumps can be exported to."""

    module: str
    """Of newscrawl.export: has `write`."""
    libraries: tuple[str, ...]
    """Modules that it imports and a crawl does not need."""


SHAPES = {
    "parquet": Shape("parquet_file", ("pyarrow",)),
    "csv": Shape("csv_text", ()),
    "sqlite": Shape("sqlite_file", ("sqlite_utils",)),
    "duckdb": Shape("duckdb_file", ("duckdb", "pyarrow")),
}
"""By the name that `--to` has."""

_REQUIREMENTS = "requirements-export.txt"


def load(name: str) -> Write:
    """Return the function that writes a shape: of rows and a path, which is not there yet.

    It raises OSError when the file cannot be written.

    Raises:
        ExportError: a library that it needs is not installed.
    """
    shape = SHAPES[name]
    try:
        module = import_module(f"newscrawl.export.{shape.module}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in shape.libraries:
            raise
        library = missing.replace("_", "-")
        raise ExportError(
            f"{name} needs {library}, which is not installed: python -m pip install {_extra()}"
        ) from None
    found: Write = module.write
    return found


def _extra() -> str:
    """Return what to install: the file of a checkout, the extra of an installed package."""
    path = Path(newscrawl.__file__).parents[1] / _REQUIREMENTS
    return f"-r {display_path(path)}" if path.is_file() else "'newscrawl[export]'"


class ExportError(Exception):
    """An export that was not made; the text is one line that says what to do."""
