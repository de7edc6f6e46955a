"""Twins in processes that have their modules already; `tests/conftest.py` chooses them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.support.preloaded import PreloadedProcess
from twin.process import Launcher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.process import Running


class PreloadedTwin(PreloadedProcess):
    """A twin, which ends at the latest when this process does."""

    def __init__(self, arguments: Sequence[str]) -> None:
        """Start `python -m twin` with these arguments."""
        given, self._parent = os.pipe()
        read, out = os.pipe()
        self.stdout = os.fdopen(read, encoding="utf-8")
        try:
            super().__init__(arguments, os.environ, module="twin", pipes=(given, out))
        finally:
            os.close(given)
            os.close(out)

    def _close(self) -> None:
        super()._close()
        self.stdout.close()
        os.close(self._parent)


class PreloadedLauncher(Launcher):
    """Starts twins in processes that have their modules already."""

    def start(self, arguments: Sequence[str]) -> Running:
        """Start a twin with these arguments."""
        return PreloadedTwin(arguments)
