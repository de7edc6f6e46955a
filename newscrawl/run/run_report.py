"""Writes the report of a run that has ended, runs the monitors and sends alerts.

See decisions 49 and 51 in docs/decisions.md.
"""

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

from newscrawl.arguments import PAGE
from newscrawl.context import of as context_of
from newscrawl.dumps.paths import RUN_REPORT
from newscrawl.ledger import client, location
from newscrawl.outcomes import (
    archive_figures,
    audit_figures,
    counters,
    finish_reasons,
    rights_figures,
)
from newscrawl.outcomes.completeness import is_complete
from newscrawl.run import alerts, logs, report_files
from newscrawl.run.article_stats import ArticleStatsExtension
from newscrawl.run.monitors import drift, spidermon_suite
from newscrawl.run.monitors.checks import Limits
from newscrawl.run.summary import collect
from newscrawl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Self

    from scrapy.crawler import Crawler

    from newscrawl.context import RunContext
    from newscrawl.sites import Site

logger = logging.getLogger(__name__)


class RunReportExtension:
    """Writes `<start time>.run.json` beside the dump, however the run ended.

    Settings: MONITORS, MONITOR_HISTORY, those of `newscrawl.run.monitors.checks.Limits`, and
    ALERTS. The monitors do not run for a run that ended because another one was active.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context: RunContext | None = None
        self._suites = [load_object(name) for name in crawler.settings.getlist("MONITORS")]
        self._actions = set(crawler.settings.getlist("ALERTS"))
        self._report: dict[str, Any] = {}
        self._history: list[dict[str, Any]] = []
        self._path: Path | None = None
        self._is_alerted = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, connected to a crawler's signals."""
        extension = cls(crawler)
        connect = crawler.signals.connect
        connect(extension.spider_opened, signals.spider_opened)
        connect(extension.spider_closed, signals.spider_closed)
        connect(extension.engine_stopped, signals.engine_stopped)
        # After the report, and asynchronously: by then all that matters is on disk.
        connect(extension.alert, signals.engine_stopped)
        return extension

    def spider_opened(self) -> None:
        """Keep the run's context; `scrapy fetch` and `scrapy shell` have none."""
        self._context = context_of(self._crawler)
        if self._context is not None:
            logs.set_run_id(self._context.paths.run_id)

    async def spider_closed(self) -> None:
        """Report a run that the ledger refused: its engine never starts, so it never stops."""
        if self._context is not None and self._is_refused():
            self.engine_stopped()
            await self.alert()

    def engine_stopped(self) -> None:
        """Run the monitors and write the report."""
        if self._context is None or self._report:
            return
        path = report_files.unused_path(self._report_path(self._context))
        self._report = build(self._facts(self._context, path), self._stats())
        newest = report_files.latest(
            [path.parent], self._crawler.settings.getint("MONITOR_HISTORY")
        )
        site = self._context.site
        origin = _origin_of(self._report, site)
        self._history = [
            report
            for report in report_files.read_all(newest)
            if isinstance(report, dict) and _origin_of(report, site) == origin
        ]
        if self._report["reason"] != finish_reasons.LOCKED:
            for step in (self._note_drift, self._run_monitors):
                try:
                    step()
                except Exception:
                    self._crawler.stats.inc_value(counters.MONITORS_CRASHED)
                    # A project's own suite may raise anything, and so may another's reports.
                    logger.exception("The monitors crashed")
            self._conclude()
        report = self._report
        detail = f": {report['detail']}" if report["detail"] else ""
        logger.info("Run ended: %s (exit code %d)%s", report["reason"], report["exit_code"], detail)
        try:
            self._path = report_files.write(self._report, path)
        except OSError as error:
            self._crawler.stats.inc_value(counters.RUN_REPORT_FAILED)
            logger.error("Run report not written: cannot write %s: %s", path, error.strerror)  # noqa: TRY400 - without a traceback

    async def alert(self) -> None:
        """Send the alerts that are due, and add the result to the report."""
        if self._is_alerted or not self._report.get("monitors"):
            return
        self._is_alerted = True
        settings, stats = self._crawler.settings, self._crawler.stats
        due = alerts.due(self._report, self._history, settings)
        if not due:
            return
        # A slow mail server must not block the event loop.
        for name, error in await asyncio.to_thread(alerts.send, due, settings):
            if error is None:
                stats.inc_value(f"{counters.ALERTS_SENT}{name}")
            else:
                stats.inc_value(f"{counters.ALERTS_FAILED}{name}")
                logger.error("Alert not sent by %s: %s", name, error)
        self._report["stats"] = as_json(dict(sorted(stats.get_stats().items())))
        if self._path is not None:
            try:
                report_files.write(self._report, self._path, is_new=False)
            except OSError as error:
                logger.error("Run report not completed: %s", error.strerror)  # noqa: TRY400 - without a traceback

    def _note_drift(self) -> None:
        """Add what the site no longer gives to the report and, for the summary, to the stats."""
        limits = Limits.of(self._crawler.settings)
        self._report["drift"] = drift.found(self._report, self._history, limits)
        texts = [entry["message"] for entry in self._report["drift"]]
        if texts:
            self._crawler.stats.set_value(counters.DRIFT, texts)

    def _run_monitors(self) -> None:
        assert self._context is not None
        outcomes = spidermon_suite.run(
            self._suites,
            self._report,
            self._history,
            Limits.of(self._crawler.settings),
            stats=self._stats(),
            crawler=self._crawler,
            spider=self._crawler.spider,
        )
        self._report["monitors"] = outcomes
        failures = [outcome for outcome in outcomes if outcome["status"] != "passed"]
        stats = self._crawler.stats
        for failure in failures:
            stats.inc_value(f"{counters.MONITORS}{failure['status']}/{failure['name']}")
            logger.warning("Monitor %s: %s", failure["name"], failure["message"])

    def _conclude(self) -> None:
        """Let drift and failed monitors decide how a run ended that was successful otherwise."""
        stats, reason = self._crawler.stats, finish_reasons.of(self._stats())[0]
        failures = [
            f"{outcome['name']}: {outcome['message']}"
            for outcome in self._report["monitors"]
            if outcome["status"] != "passed" and outcome["name"] != drift.MONITOR
        ]
        texts = [entry["message"] for entry in self._report["drift"]]
        ending = None
        if texts and self._crawler.settings.getbool("FAIL_ON_DRIFT"):
            ending = finish_reasons.DRIFT, "; ".join([*texts, *failures])
        elif failures and "exit_code" in self._actions:
            ending = finish_reasons.MONITORS_FAILED, "; ".join(failures)
        # What is missing from a partial run is often what its monitors complain of.
        if ending and finish_reasons.is_good(reason):
            reason, detail = ending
            stats.set_value(counters.FINISH_REASON, reason)
            stats.set_value(counters.FINISH_DETAIL, detail)
            self._report.update(reason=reason, exit_code=finish_reasons.code(reason), detail=detail)
        self._report["stats"] = as_json(dict(sorted(stats.get_stats().items())))

    def _stats(self) -> dict[str, Any]:
        return self._crawler.stats.get_stats()

    def _report_path(self, context: RunContext) -> Path:
        """Return the report's path; a run that the ledger refused has no output paths."""
        stem = context.paths.stem
        if self._is_refused():
            return stem.with_name(f"{stem.name}-refused{RUN_REPORT}")
        return context.paths.report

    def _is_refused(self) -> bool:
        return client.of(self._crawler) is None and counters.LEDGER_REASON in self._stats()

    def _first_complete(self, folder: Path) -> float | None:
        """Return when the series' first complete run began: what is older was found late."""
        assert self._context is not None
        site, server = self._context.site, self._context.addresses.base_url
        for report in report_files.read_all(report_files.all_of(folder)):
            if (
                isinstance(report, dict)
                and is_complete(report["reason"], report["arguments"])
                and _server_of(report, site) == location.site_at(server, site)
            ):
                return datetime.fromisoformat(report["started_at"]).timestamp()
        return None

    def _facts(self, context: RunContext, path: Path) -> Facts:
        settings = self._crawler.settings
        article_stats = self._crawler.get_extension(ArticleStatsExtension)
        folder = Path(settings["OUTPUT_DIR"]).absolute()
        archive = context.archive
        files = {
            "dump": context.paths.dump,
            "rejected": context.paths.rejected,
            "audit": context.paths.audit,
            "log": settings["LOG_FILE"] or context.paths.log,
        }
        return Facts(
            run_id=f"{path.parent.name}/{path.name.removesuffix(RUN_REPORT)}",
            spider=context.series,
            job=settings["JOB"] or None,
            arguments=context.given,
            sources=context.source_readings.as_json(
                {section.slug: section.label for section in context.site.sections}
            ),
            readers=_readers(context.site),
            rights_policy=context.rights.policy,
            lags=_lags_since(
                self._first_complete(path.parent), article_stats.lags if article_stats else ()
            ),
            files={name: _relative(Path(file), folder) for name, file in files.items()},
            archive=[_relative(path, folder) for path in archive.paths] if archive else (),
        )


def _lags_since(began: float | None, lags: Iterable[tuple[float, int]]) -> list[int]:
    """Return the lags of what was published since a time; none without one."""
    return [lag for published, lag in lags if began is not None and published >= began]


def _readers(site: Site) -> list[str]:
    """Return the names of a site's page classes for articles, in the order of `open_page`."""
    names = (site.article_page, site.wordpress_page, site.generic_page)
    return [name.rpartition(".")[2] for name in names]


def _origin_of(report: dict[str, Any], site: Site) -> tuple[str, str]:
    """Return server and source of a run's articles: records of REST state less than pages."""
    return _server_of(report, site), report["arguments"].get("source") or PAGE


def _server_of(report: dict[str, Any], site: Site) -> str:
    """Return which server a run crawled: runs of a twin are not compared with the site's."""
    return location.site_at(report["arguments"].get("site_url") or site.origin, site)


def _relative(path: Path, folder: Path) -> str | None:
    """Return a file's path, relative to a folder if it is inside; None if it does not exist."""
    path = path.absolute()
    if not path.is_file():
        return None
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)


SCHEMA_VERSION = "1.5"
_VERSIONS = {
    "newscrawl": __version__,
    "scrapy": scrapy.__version__,
    "python": platform.python_version(),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report contains besides the stats of its run."""

    run_id: str
    """`<spider>/<name of its files>`."""
    spider: str
    job: str | None = None
    """Scrapyd's job id."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """As typed."""
    sources: Sequence[Mapping[str, Any]] = ()
    """What became of each source: see `SourceReadings.as_json`."""
    readers: Sequence[str] = ()
    """Names of the page classes for articles, the site's own first."""
    rights_policy: str = "record"
    lags: Sequence[int] = ()
    """Seconds from publication to capture."""
    files: Mapping[str, str | None] = field(default_factory=dict)
    """`dump`, `rejected`, `audit`, `log`: relative to OUTPUT_DIR; None if there is no such file."""
    archive: Sequence[str | None] = ()
    """Files of the archive, likewise."""


def build(facts: Facts, stats: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report of a run that has ended, from its final `stats`.

    `drift` and `monitors` are empty until the monitors have run.
    """
    summary = collect(stats, facts.spider)
    reason, detail = finish_reasons.of(stats)
    coverage = {name: count for name, count in summary.coverage.items() if "/" not in name}
    return {
        "schema_version": SCHEMA_VERSION,
        "run_id": facts.run_id,
        "spider": facts.spider,
        "job": facts.job,
        "arguments": dict(facts.arguments),
        "started_at": utc_time(stats.get("start_time")),
        "ended_at": utc_time(stats.get("finish_time")),
        "seconds": round(summary.seconds, 3),
        "reason": reason,
        "exit_code": finish_reasons.code(reason),
        "detail": detail or None,
        "articles": {"written": summary.articles, "revised": summary.revised, "gone": summary.gone},
        "sources": [dict(source) for source in facts.sources],
        "sections": dict(summary.sections),
        "coverage": coverage,
        "readers": reader_figures(stats, facts.readers),
        "audit": audit_figures.of_stats(stats),
        "completeness": summary.completeness,
        "lag": lag_figures(facts.lags),
        "duplicates": dict(summary.duplicates),
        "rejected": dict(summary.rejected),
        "outside": dict(summary.outside),
        "not_articles": dict(summary.not_articles),
        "not_fetched": dict(summary.not_fetched),
        "rights": rights_figures.of_stats(stats, facts.rights_policy),
        "known": dict(summary.known),
        "failed": dict(summary.failed_kinds),
        "failed_urls": list(summary.failed_urls),
        "blocked": sum(summary.blocked.values()),
        "requests": {"total": summary.requests, **summary.statuses},
        "retries": summary.retries,
        "browser": {
            "pages": stats.get(counters.BROWSER_PAGES, 0),
            "skipped": stats.get(counters.BROWSER_SKIPPED, 0),
        },
        "waits": waits(stats),
        "statuses": counters.group(stats, counters.STATUSES),
        "daily": {
            "requests": stats.get(counters.DAILY_REQUESTS, 0),
            "bytes": stats.get(counters.DAILY_BYTES, 0),
        },
        "drift": [],
        "monitors": [],
        "files": {name: facts.files.get(name) for name in ("dump", "rejected", "audit", "log")},
        "archive": archive_figures.of_stats(stats, facts.archive),
        "versions": _VERSIONS,
        "stats": {key: as_json(value) for key, value in sorted(stats.items())},
    }


def waits(stats: Mapping[str, Any]) -> dict[str, float]:
    """Return for how many seconds the run has waited, by cause.

    >>> waits({"wait/retry_after": 2.5, "wait/backoff": 30})
    {'backoff': 30.0, 'retry_after': 2.5}
    """
    return {
        key.removeprefix(counters.WAIT): float(seconds)
        for key, seconds in sorted(stats.items())
        if key.startswith(counters.WAIT)
    }


def reader_figures(stats: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return for each page class how many articles it has read, and how many have each field.

    `names` come first, in their order, also those that have read none.

    >>> reader_figures({"articles/reader/A": 2, "articles/reader_coverage/A/body": 1}, ["B"])
    {'B': {'articles': 0, 'coverage': {}}, 'A': {'articles': 2, 'coverage': {'body': 1}}}
    """
    articles = counters.group(stats, counters.ARTICLES_BY_READER)
    return {
        name: {
            "articles": articles.get(name, 0),
            "coverage": counters.group(stats, f"{counters.COVERAGE_BY_READER}{name}/"),
        }
        for name in dict.fromkeys([*names, *articles])
    }


def utc_time(value: Any) -> str:
    """Return a time in UTC to the second; the current time if the value is not a time.

    >>> utc_time(datetime(2026, 11, 25, 10, 0, 0, 999, UTC))
    '2026-11-25T10:00:00Z'
    """
    time = value if isinstance(value, datetime) else datetime.now(UTC)
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_json(value: Any) -> Any:
    """Return a value in JSON's types.

    >>> as_json({"at": datetime(2026, 11, 25, tzinfo=UTC), 7: (b"x", float("inf"))})
    {'at': '2026-11-25T00:00:00+00:00', '7': ["b'x'", 'inf']}
    """
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [as_json(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float) and value - value == 0:
        return value
    return str(value)


def lag_figures(lags: Sequence[int]) -> dict[str, Any]:
    """Return count, median and 95th percentile of lags in seconds; None if there are none.

    Percentiles are by nearest rank: each is a measured lag.

    >>> lag_figures([60, 600, 300])
    {'count': 3, 'median': 300, 'p95': 600}
    """
    ranked = sorted(lags)
    return {"count": len(ranked), "median": _rank(ranked, 0.5), "p95": _rank(ranked, 0.95)}


def _rank(ranked: Sequence[int], share: float) -> int | None:
    return ranked[ceil(share * len(ranked)) - 1] if ranked else None
