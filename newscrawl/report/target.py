"""What a page may replace: an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl import target
from newscrawl.target import TargetError

if TYPE_CHECKING:
    from pathlib import Path

MARK = '<meta name="generator" content="newscrawl report">'
"""By what a page of ours is known."""
_WITHIN = 2000


def check(path: Path, *, force: bool) -> None:
    """Check that a page can be made, before anything is read.

    An earlier report is replaced, any other file only with `force`.

    Raises:
        TargetError: it cannot, or would replace something else.
    """
    target.check(path)
    if not force and path.exists() and not _is_ours(path):
        raise TargetError(f"{path} is there and is no report: --force replaces it")


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARK.encode() in file.read(_WITHIN)
    except OSError:
        return False
