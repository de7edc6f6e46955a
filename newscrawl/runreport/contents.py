"""The run report as data: one JSON object whose keys are always all there."""

from __future__ import annotations

import platform
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import scrapy

from newscrawl import __version__, finish
from newscrawl.runreport import lag
from newscrawl.summary.figures import collect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCHEMA_VERSION = "1.0"
_VERSIONS = {
    "newscrawl": __version__,
    "scrapy": scrapy.__version__,
    "python": platform.python_version(),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a run's stats do not tell."""

    run_id: str
    """`<spider>/<name of its files>`."""
    spider: str
    job: str | None = None
    """Scrapyd's name of the job."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """As typed."""
    lags: Sequence[int] = ()
    """Seconds from publication to capture."""
    files: Mapping[str, str | None] = field(default_factory=dict)
    """`dump`, `rejected`, `log`: relative to OUTPUT_DIR; null where there is none."""


def build(facts: Facts, stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a run that is over, from its final `stats`.

    `monitors` is empty until the monitors have run.
    """
    found = collect(stats, facts.spider)
    reason, detail = finish.of(stats)
    coverage = {name: count for name, count in found.coverage.items() if "/" not in name}
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": facts.run_id,
        "spider": facts.spider,
        "job": facts.job,
        "arguments": dict(facts.arguments),
        "started_at": moment(stats.get("start_time")),
        "ended_at": moment(stats.get("finish_time")),
        "seconds": round(found.seconds, 3),
        "reason": reason,
        "exit_code": finish.code(reason),
        "detail": detail or None,
        "articles": {"written": found.articles, "revised": found.revised, "gone": found.gone},
        "sections": dict(found.sections),
        "coverage": coverage,
        "lag": lag.figures(facts.lags),
        "duplicates": dict(found.duplicates),
        "rejected": dict(found.rejected),
        "outside": dict(found.outside),
        "not_articles": dict(found.not_articles),
        "not_fetched": dict(found.not_fetched),
        "known": dict(found.known),
        "failed": dict(found.failed_kinds),
        "failed_urls": list(found.failed_urls),
        "blocked": sum(found.blocked.values()),
        "requests": {"total": found.requests, **found.statuses},
        "retries": found.retries,
        "browser": {
            "pages": stats.get("browser/pages", 0),
            "skipped": stats.get("browser/skipped", 0),
        },
        "monitors": [],
        "files": {name: facts.files.get(name) for name in ("dump", "rejected", "log")},
        "versions": _VERSIONS,
        "stats": {key: plain(value) for key, value in sorted(stats.items())},
    }


def moment(value: Any) -> str:
    """Return a moment in UTC to the second; now for what is none.

    >>> moment(datetime(2026, 11, 25, 10, 0, 0, 999, UTC))
    '2026-11-25T10:00:00Z'
    """
    found = value if isinstance(value, datetime) else datetime.now(UTC)
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it.

    >>> plain({"at": datetime(2026, 11, 25, tzinfo=UTC), 7: (b"x", float("inf"))})
    {'at': '2026-11-25T00:00:00+00:00', '7': ["b'x'", 'inf']}
    """
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and value - value == 0:
        return value
    return str(value)
