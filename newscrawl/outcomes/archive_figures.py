"""What a run has kept of what it was served, as its report states it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def of_stats(
    stats: Mapping[str, Any], files: Iterable[str | None] = ()
) -> dict[str, list[str] | int | dict[str, int]]:
    """Return the files of a run's archive, how many records they have, and what is left out.

    >>> of_stats({"archive/records": 7, "archive/left_out/withheld": 1})
    {'files': [], 'records': 7, 'left_out': {'withheld': 1}}
    """
    return {
        "files": [file for file in files if file is not None],
        "records": stats.get(counters.ARCHIVE_RECORDS, 0),
        "left_out": counters.group(stats, counters.ARCHIVE_LEFT_OUT),
    }
