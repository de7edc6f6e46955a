"""Names with `*`, `?` and `[` that the shell has left as they are, as they were quoted."""

from __future__ import annotations

import glob
from pathlib import Path

MAGIC = "*?["


def matching(name: str) -> list[Path] | None:
    """Return what a glob matches, sorted by name (`**` crosses folders); None if it is not one.

    A name may contain "[": that of an existing file is not a glob.
    """
    if not any(character in name for character in MAGIC) or Path(name).exists():
        return None
    return sorted(map(Path, glob.glob(name, recursive=True)))  # noqa: PTH207 - absolute ones too
