"""Run reports for tests: what a series of runs would have left."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.run import run_report
from newscrawl.run.run_report import Facts

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def report(
    hours: float = 0, written: int = 0, *, monitors: Any = (), **stats: Any
) -> dict[str, Any]:
    """Return the report of a run that ended so many hours ago.

    Stats are given with `__` for `/`; `monitors` names those that failed.
    """
    ended = NOW - timedelta(hours=hours)
    given = {
        "start_time": ended - timedelta(seconds=10),
        "finish_time": ended,
        "elapsed_time_seconds": 10.0,
        "finish_reason": "finished",
        "articles/written": written,
        **{name.replace("__", "/"): value for name, value in stats.items()},
    }
    found = run_report.build(Facts(f"esteri/{ended:%Y-%m-%dT%H-%M-%SZ}", "esteri"), given)
    names = (
        "ending",
        "coverage",
        "fields",
        "sections",
        "silence",
        "blocked",
        "errors",
        "lag",
        "audit",
        "drift",
    )
    found["monitors"] = [
        {
            "name": name,
            "status": "failed" if name in monitors else "passed",
            "message": f"{name} has failed" if name in monitors else None,
        }
        for name in names
    ]
    return found


def leave(folder: Path, reports: list[dict[str, Any]]) -> None:
    """Write reports as runs would have left them in an output folder."""
    for one in reports:
        path = folder / f"{one['run_id']}.run.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(one), encoding="utf-8")
