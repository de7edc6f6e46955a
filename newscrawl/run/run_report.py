"""Writes a run's report when it is over, has the monitors judge it, and sends alerts."""

from __future__ import annotations

import asyncio
import logging
import platform
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import scrapy
from scrapy import signals
from scrapy.utils.misc import load_object

from newscrawl import finish_reasons
from newscrawl.context import of as context_of
from newscrawl.dumps.paths import RUN_REPORT
from newscrawl.ledger import client, errors, location
from newscrawl.run import alerts, logs, report_files
from newscrawl.run.article_stats import ArticleStatsExtension
from newscrawl.run.monitors import spidermon_suite
from newscrawl.run.monitors.checks import Limits
from newscrawl.run.summary import collect
from newscrawl.sites import ALANEWS
from newscrawl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from scrapy.crawler import Crawler

    from newscrawl.context import RunContext

logger = logging.getLogger(__name__)


class RunReportExtension:
    """Leaves `<start time>.run.json` beside the dump, whatever became of the run.

    Settings: MONITORS, MONITOR_HISTORY, those of `newscrawl.run.monitors.checks.Limits`, and
    ALERTS. A run that only found another one at work is not judged.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context: RunContext | None = None
        self._suites = [load_object(name) for name in crawler.settings.getlist("MONITORS")]
        self._actions = set(crawler.settings.getlist("ALERTS"))
        self._report: dict[str, Any] = {}
        self._history: list[dict[str, Any]] = []
        self._path: Path | None = None
        self._is_told = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, listening to a crawler."""
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.spider_closed, signals.spider_closed)
        connect(extension.engine_stopped, signals.engine_stopped)
        # Second, and in its own time: by then all that matters is on the disk.
        connect(extension.alert, signals.engine_stopped)
        return extension

    def spider_opened(self) -> None:
        """Note the run; `scrapy fetch` and `scrapy shell` have none."""
        self._context = context_of(self._crawler)
        if self._context is not None:
            logs.name_run(self._context.paths.run_id)

    async def spider_closed(self) -> None:
        """Report a run that the ledger refused: its engine was never started, nor stops."""
        if self._context is not None and self._is_refused():
            self.engine_stopped()
            await self.alert()

    def engine_stopped(self) -> None:
        """Judge the run and write its report."""
        if self._context is None or self._report:
            return
        path = report_files.free(self._place(self._context))
        self._report = build(self._facts(self._context, path), self._stats())
        newest = report_files.latest(
            [path.parent], self._crawler.settings.getint("MONITOR_HISTORY")
        )
        place = _place_of(self._report)
        read = (one for one in report_files.read_all(newest) if isinstance(one, dict))
        self._history = [one for one in read if _place_of(one) == place]
        if self._report["reason"] != finish_reasons.LOCKED:
            try:
                self._judge()
            except Exception:
                self._crawler.stats.inc_value("monitors/crashed")
                # A suite of a project's own may do anything.
                logger.exception("The monitors crashed")
        report = self._report
        told = f": {report['detail']}" if report["detail"] else ""
        logger.info("Run ended: %s (exit code %d)%s", report["reason"], report["exit_code"], told)
        try:
            self._path = report_files.write(self._report, path)
        except OSError as error:
            self._crawler.stats.inc_value("run_report/failed")
            logger.error("No run report: cannot write %s: %s", path, error.strerror)  # noqa: TRY400 - one line

    async def alert(self) -> None:
        """Send what is due, and add to the report how that went."""
        if self._is_told or not self._report.get("monitors"):
            return
        self._is_told = True
        settings, stats = self._crawler.settings, self._crawler.stats
        due = alerts.due(self._report, self._history, settings)
        if not due:
            return
        # A slow mail server must not keep others in this loop from their work.
        for name, error in await asyncio.to_thread(alerts.send, due, settings):
            if error is None:
                stats.inc_value(f"alerts/sent/{name}")
            else:
                stats.inc_value(f"alerts/failed/{name}")
                logger.error("Alert not sent by %s: %s", name, error)
        self._report["stats"] = plain(dict(sorted(stats.get_stats().items())))
        if self._path is not None:
            try:
                report_files.write(self._report, self._path, is_new=False)
            except OSError as error:
                logger.error("Run report not completed: %s", error.strerror)  # noqa: TRY400 - one line

    def _judge(self) -> None:
        assert self._context is not None
        found = spidermon_suite.run(
            self._suites,
            self._report,
            self._history,
            Limits.of(self._crawler.settings),
            stats=self._stats(),
            crawler=self._crawler,
            spider=self._crawler.spider,
        )
        self._report["monitors"] = found
        amiss = [one for one in found if one["status"] != "passed"]
        stats = self._crawler.stats
        for one in amiss:
            stats.inc_value(f"monitors/{one['status']}/{one['name']}")
            logger.warning("Monitor %s: %s", one["name"], one["message"])
        reason, _ = finish_reasons.of(self._stats())
        may_yield = finish_reasons.is_good(reason) or reason == finish_reasons.PARTIAL
        if amiss and may_yield and "exit_code" in self._actions:
            detail = "; ".join(f"{one['name']}: {one['message']}" for one in amiss)
            stats.set_value(finish_reasons.REASON, finish_reasons.MONITORS_FAILED)
            stats.set_value(finish_reasons.DETAIL, detail)
            reason = finish_reasons.MONITORS_FAILED
            self._report.update(reason=reason, exit_code=finish_reasons.code(reason), detail=detail)
        self._report["stats"] = plain(dict(sorted(stats.get_stats().items())))

    def _stats(self) -> dict[str, Any]:
        return self._crawler.stats.get_stats()

    def _place(self, context: RunContext) -> Path:
        """Return where the report goes: a run that the ledger refused has no files' name."""
        stem = context.paths.stem
        if self._is_refused():
            return stem.with_name(f"{stem.name}-refused{RUN_REPORT}")
        return context.paths.report

    def _is_refused(self) -> bool:
        return client.of(self._crawler) is None and errors.REASON in self._stats()

    def _facts(self, context: RunContext, path: Path) -> Facts:
        settings, tally = self._crawler.settings, self._crawler.get_extension(ArticleStatsExtension)
        folder = Path(settings["OUTPUT_DIR"]).absolute()
        places = {
            "dump": context.paths.dump,
            "rejected": context.paths.rejected,
            "log": settings["LOG_FILE"] or context.paths.log,
        }
        return Facts(
            run_id=f"{path.parent.name}/{path.name.removesuffix(RUN_REPORT)}",
            spider=context.name,
            job=settings["JOB"] or None,
            arguments=context.given,
            # What the first run of a series meets is as old as the site.
            lags=tally.lags if tally and not context.discovery.is_new else (),
            files={name: _within(Path(place), folder) for name, place in places.items()},
        )


def _place_of(report: dict[str, Any]) -> str:
    """Return which server a run crawled; what a twin gives tells nothing of the site."""
    return location.site_at(report["arguments"].get("site_url") or ALANEWS.origin, ALANEWS)


def _within(path: Path, folder: Path) -> str | None:
    """Return a file's place relative to a folder; as it is outside; None where it is not."""
    path = path.absolute()
    if not path.is_file():
        return None
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


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
    reason, detail = finish_reasons.of(stats)
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
        "exit_code": finish_reasons.code(reason),
        "detail": detail or None,
        "articles": {"written": found.articles, "revised": found.revised, "gone": found.gone},
        "sections": dict(found.sections),
        "coverage": coverage,
        "lag": figures(facts.lags),
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


def figures(lags: Sequence[int]) -> dict[str, Any]:
    """Return count, median and 95th percentile of lags in seconds; null where there are none.

    Percentiles are by nearest rank: each is a lag that was measured.

    >>> figures([60, 600, 300])
    {'count': 3, 'median': 300, 'p95': 600}
    """
    ranked = sorted(lags)
    return {"count": len(ranked), "median": _rank(ranked, 0.5), "p95": _rank(ranked, 0.95)}


def _rank(ranked: Sequence[int], share: float) -> int | None:
    return ranked[ceil(share * len(ranked)) - 1] if ranked else None
