"""`scrapy crawl`: Scrapy's own command with checked arguments, one-line errors and exit codes."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.commands import crawl
from scrapy.spiderloader import SpiderLoader

from newscrawl.arguments import ArgumentError, Arguments
from newscrawl.browser import executable
from newscrawl.cli import check_choice, print_message, usage_error
from newscrawl.commands import handle_signals
from newscrawl.context import series_of
from newscrawl.dumps.paths import STARTED_FORMAT, OutputPaths
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.run import feed_options, logs, secret_settings, setting_values
from newscrawl.scrapy_internals import create_crawler, has_failed_to_start
from newscrawl.sites import is_loopback
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from scrapy.crawler import Crawler

    from newscrawl.sites import Site


_ANONYMOUS_DELAY = 2.0
"""Seconds between two requests to a public site whose administrator cannot reach us."""


class Command(crawl.Command):
    """Runs one spider. docs/running.md lists the exit codes."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add Scrapy's own options."""
        super().add_options(parser)
        handle_signals()
        # argparse would print the usage before the error.
        parser.error = usage_error  # type: ignore[method-assign,assignment]

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is started."""
        super().process_options(args, opts)
        assert self.settings is not None
        if error := setting_values.error_of(self.settings):
            usage_error(error)
        if warning := secret_settings.on_command_line(self.settings):
            print_message(warning)
        names = SpiderLoader.from_settings(self.settings).list()
        if len(args) != 1:
            example = names[0] if names else "NAME"
            usage_error(f"name a section: scrapy crawl {example} (scrapy list lists them)")
        check_choice(args[0], names, "section")
        arguments, site, series = self._arguments(args[0], opts.spargs)
        self._check_feeds(args[0])
        self._check_notifications()
        self._check_browser(arguments.render)
        if self.settings["RUN_STARTED"] is None:
            self.settings.set("RUN_STARTED", datetime.now(UTC).strftime(STARTED_FORMAT), "cmdline")
        self._prepare_output(series)
        host = urlsplit(arguments.site_url or site.origin).hostname if site else None
        is_live = site is not None and host in site.hosts and not is_loopback(host or "")
        if is_live and not self.settings["CONTACT"]:
            delay = max(self.settings.getfloat("DOWNLOAD_DELAY"), _ANONYMOUS_DELAY)
            self.settings.set("DOWNLOAD_DELAY", delay, "cmdline")
            print_message(
                "set NEWSCRAWL_CONTACT to your e-mail or web address: the site can then reach you; "
                f"without it a request is sent every {delay:g} s"
            )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider and set the exit code of its finish reason."""
        assert self.crawler_process is not None
        crawler = create_crawler(self, args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if has_failed_to_start(self.crawler_process):
            self.exitcode = finish_reasons.OTHERWISE
            return
        self.exitcode = _report_end(crawler)
        if self.settings and self.settings["LOG_FILE"]:
            assert crawler.stats is not None
            # They are also in the log, but few read the log of a successful run.
            for text in crawler.stats.get_value(counters.LEDGER_DAMAGED, []):
                print_message(text)

    def _arguments(self, name: str, given: dict[str, str]) -> tuple[Arguments, Site | None, str]:
        """Return a spider's arguments, its site and its series; exit if they cannot be used.

        A spider that is not the project's own has no site.
        """
        from newscrawl.spiders.base import BaseSpider

        assert self.settings is not None
        spider = SpiderLoader.from_settings(self.settings).load(name)
        try:
            if not issubclass(spider, BaseSpider):
                return Arguments.parse(given), None, name
            arguments = Arguments.parse(given, spider.argument_names)
            site = spider.site_of(arguments, self.settings)
            arguments.check_urls(SiteUrls(site, arguments.site_url))
        except ArgumentError as error:
            usage_error(str(error))
        return arguments, site, series_of(name, site, arguments, spider.argument_names)

    def _check_feeds(self, name: str) -> None:
        from scrapy.crawler import Crawler

        assert self.settings is not None
        spider = SpiderLoader.from_settings(self.settings).load(name)
        if error := feed_options.error_of(Crawler(spider, self.settings)):
            usage_error(error)

    def _check_notifications(self) -> None:
        from newscrawl.run import alerts
        from newscrawl.run.monitors import spidermon_suite

        assert self.settings is not None
        error = alerts.settings_error(self.settings) or spidermon_suite.settings_error(
            self.settings
        )
        if error:
            usage_error(error)

    def _check_browser(self, render: str) -> None:
        assert self.settings is not None
        path = self.settings["BROWSER_PATH"]
        if executable.find(path):
            return
        if path and render != "never":
            usage_error(f"NEWSCRAWL_BROWSER={path} is not a program: {executable.ADVICE}")
        if render == "always":
            usage_error(f"render=always needs Chromium, which was not found: {executable.ADVICE}")

    def _prepare_output(self, name: str) -> None:
        assert self.settings is not None
        paths = OutputPaths.of_run(self.settings, name)
        try:
            paths.stem.parent.mkdir(parents=True, exist_ok=True)
            if not os.access(paths.stem.parent, os.W_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            usage_error(
                f"cannot write to {paths.stem.parent}: {error.strerror}; set NEWSCRAWL_OUTPUT"
            )
        if self.settings["RUN_LOG"] == "file" and not self.settings["LOG_FILE"]:
            self.settings.set("LOG_FILE", str(_create_log(paths.log)), "cmdline")
            # On a full disk, logging would print a traceback for each line.
            logging.raiseExceptions = False
        try:
            logs.install(self.settings, paths)
        except OSError as error:
            usage_error(f"cannot write the log {self.settings['LOG_FILE']}: {error.strerror}")


def _create_log(path: Path) -> Path:
    """Create the log; numbered if a worker that started in the same second has the name."""
    log, number = path, 1
    while True:
        try:
            log.touch(exist_ok=False)
        except FileExistsError:
            number += 1
            log = path.with_name(f"{path.stem}-{number}{path.suffix}")
        except OSError:
            # Opening it reports the error.
            return log
        else:
            return log


def _report_end(crawler: Crawler) -> int:
    """Return the exit code of a run that has ended; print the reason if it is not 0."""
    assert crawler.stats is not None
    reason, detail = finish_reasons.of(crawler.stats.get_stats())
    if reason == finish_reasons.UNKNOWN:
        # Only a second signal ends the process before the spider is closed.
        print_message(
            "stopped at once: all committed lines are safe, the next run completes the dump; "
            "run it again to continue"
        )
        return finish_reasons.code(finish_reasons.SHUTDOWN)
    if line := finish_reasons.error_line(reason, detail):
        print_message(line)
    return finish_reasons.code(reason)
