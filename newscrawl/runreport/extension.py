"""Writes a run's report when it is over, has the monitors judge it, and sends alerts."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scrapy import signals
from scrapy.utils.misc import load_object
from scrapy.utils.spider import DefaultSpider

from newscrawl import alerts, finish, ledger, logrecords
from newscrawl.ledger import naming, notices
from newscrawl.monitors import suite
from newscrawl.monitors.rules import Limits
from newscrawl.output import RUN_REPORT
from newscrawl.runreport import contents, files
from newscrawl.runreport.contents import Facts
from newscrawl.sites import ALANEWS
from newscrawl.tally import TallyExtension

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Spider
    from scrapy.crawler import Crawler

    from newscrawl.spiders.run import RunSpider

logger = logging.getLogger(__name__)


class RunReportExtension:
    """Leaves `<start time>.run.json` beside the dump, whatever became of the run.

    Settings: MONITORS, MONITOR_HISTORY, those of `newscrawl.monitors.rules.Limits`, and
    ALERTS. A run that only found another one at work is not judged.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._spider: RunSpider | None = None
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

    def spider_opened(self, spider: Spider) -> None:
        """Note the spider; `scrapy fetch` and `scrapy shell` run one that crawls nothing."""
        if not isinstance(spider, DefaultSpider) and hasattr(spider, "output"):
            self._spider = cast("RunSpider", spider)
            logrecords.name_run(self._spider.output.run_id)

    async def spider_closed(self) -> None:
        """Report a run that the ledger refused: its engine was never started, nor stops."""
        if self._spider is not None and self._is_refused():
            self.engine_stopped()
            await self.alert()

    def engine_stopped(self) -> None:
        """Judge the run and write its report."""
        if self._spider is None or self._report:
            return
        path = files.free(self._place(self._spider))
        self._report = contents.build(self._facts(self._spider, path), self._stats())
        newest = files.latest([path.parent], self._crawler.settings.getint("MONITOR_HISTORY"))
        place = _place_of(self._report)
        read = (one for one in files.read_all(newest) if isinstance(one, dict))
        self._history = [one for one in read if _place_of(one) == place]
        if self._report["reason"] != finish.LOCKED:
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
            self._path = files.write(self._report, path)
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
        self._report["stats"] = contents.plain(dict(sorted(stats.get_stats().items())))
        if self._path is not None:
            try:
                files.write(self._report, self._path, is_new=False)
            except OSError as error:
                logger.error("Run report not completed: %s", error.strerror)  # noqa: TRY400 - one line

    def _judge(self) -> None:
        assert self._spider is not None
        found = suite.run(
            self._suites,
            self._report,
            self._history,
            Limits.of(self._crawler.settings),
            stats=self._stats(),
            crawler=self._crawler,
            spider=self._spider,
        )
        self._report["monitors"] = found
        amiss = [one for one in found if one["status"] != "passed"]
        stats = self._crawler.stats
        for one in amiss:
            stats.inc_value(f"monitors/{one['status']}/{one['name']}")
            logger.warning("Monitor %s: %s", one["name"], one["message"])
        reason, _ = finish.of(self._stats())
        may_yield = finish.is_good(reason) or reason == finish.PARTIAL
        if amiss and may_yield and "exit_code" in self._actions:
            detail = "; ".join(f"{one['name']}: {one['message']}" for one in amiss)
            stats.set_value(finish.REASON, finish.MONITORS_FAILED)
            stats.set_value(finish.DETAIL, detail)
            reason = finish.MONITORS_FAILED
            self._report.update(reason=reason, exit_code=finish.code(reason), detail=detail)
        self._report["stats"] = contents.plain(dict(sorted(stats.get_stats().items())))

    def _stats(self) -> dict[str, Any]:
        return self._crawler.stats.get_stats()

    def _place(self, spider: RunSpider) -> Path:
        """Return where the report goes: a run that the ledger refused has no files' name."""
        stem = spider.output.stem
        if self._is_refused():
            return stem.with_name(f"{stem.name}-refused{RUN_REPORT}")
        return spider.output.report

    def _is_refused(self) -> bool:
        return ledger.of(self._crawler) is None and notices.REASON in self._stats()

    def _facts(self, spider: RunSpider, path: Path) -> Facts:
        settings, tally = self._crawler.settings, self._crawler.get_extension(TallyExtension)
        folder = Path(settings["OUTPUT_DIR"]).absolute()
        places = {
            "dump": spider.output.dump,
            "rejected": spider.output.rejected,
            "log": settings["LOG_FILE"] or spider.output.log,
        }
        return Facts(
            run_id=f"{path.parent.name}/{path.name.removesuffix(RUN_REPORT)}",
            spider=spider.name,
            job=settings["JOB"] or None,
            arguments=spider.given,
            # What the first run of a series meets is as old as the site.
            lags=tally.lags if tally and not spider.frontier.is_new else (),
            files={name: _within(Path(place), folder) for name, place in places.items()},
        )


def _place_of(report: dict[str, Any]) -> str:
    """Return which server a run crawled; what a twin gives tells nothing of the site."""
    return naming.site_at(report["arguments"].get("site_url") or ALANEWS.origin, ALANEWS)


def _within(path: Path, folder: Path) -> str | None:
    """Return a file's place relative to a folder; as it is outside; None where it is not."""
    path = path.absolute()
    if not path.is_file():
        return None
    return str(path.relative_to(folder) if path.is_relative_to(folder) else path)
