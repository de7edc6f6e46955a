"""The progress bar of an export; nothing without a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_STEP = 100
"""Rows between two looks at the bar."""


class Bar:
    """Counts rows; shows on standard error how much of the dumps was read.

    A context manager. Where nothing tells it of lines (`read`), it moves without an end.
    """

    def __init__(self, paths: list[Path]) -> None:
        self.rows = 0
        """Rows that went by."""
        self._before: dict[Path, int] = {}
        """Bytes of the dumps before each."""
        size = 0
        for path in paths:
            self._before[path] = size
            size += path.stat().st_size
        self._size = size
        self._at: int | None = None
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.fields[rows]:,} rows"),
            BarColumn(),
            TaskProgressColumn(),
            console=console,
            transient=True,
            # rich takes FORCE_COLOR for a terminal.
            disable=not (sys.stderr.isatty() and console.is_interactive),
        )
        self._task = self._progress.add_task("", total=None, rows=0)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._show()
        self._progress.stop()

    def read(self, path: Path, position: int) -> None:
        """Note how far the dumps were read."""
        self._at = self._before[path] + position

    def watch(self, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield rows and count them."""
        for row in rows:
            self.rows += 1
            if self.rows % _STEP == 0:
                self._show()
            yield row

    def _show(self) -> None:
        total = None if self._at is None else self._size
        self._progress.update(self._task, total=total, completed=self._at or 0, rows=self.rows)
