"""`scrapy crawl`: Scrapy's own, with checked arguments, one-line errors and exit codes."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.commands import crawl
from scrapy.spiderloader import SpiderLoader

from newscrawl import finish_reasons
from newscrawl.arguments import ArgumentError, Arguments
from newscrawl.browser import executable
from newscrawl.cli import check_choice, say, stop
from newscrawl.commands import project_sites
from newscrawl.dumps.paths import STARTED_FORMAT, OutputPaths
from newscrawl.run import alerts, logs
from newscrawl.run.monitors import spidermon_suite
from newscrawl.scrapy_internals import create_crawler, has_failed_to_start

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from scrapy.crawler import Crawler


class Command(crawl.Command):
    """Runs one spider. Exit codes are those of docs/running.md."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was typed before anything is started."""
        super().process_options(args, opts)
        assert self.settings is not None
        names = SpiderLoader.from_settings(self.settings).list()
        if len(args) != 1:
            example = names[0] if names else "NAME"
            stop(f"say which section: scrapy crawl {example} (scrapy list names them all)")
        check_choice(args[0], names, "section")
        try:
            arguments = Arguments.parse(opts.spargs)
        except ArgumentError as error:
            stop(str(error))
        if wrong := alerts.complaint(self.settings) or spidermon_suite.complaint(self.settings):
            stop(wrong)
        self._check_browser(arguments.render)
        if self.settings["RUN_STARTED"] is None:
            self.settings.set("RUN_STARTED", datetime.now(UTC).strftime(STARTED_FORMAT), "cmdline")
        self._prepare_output(args[0])
        sites = project_sites.of_spiders(self.settings, args).values()
        is_live = any(
            urlsplit(arguments.site_url or site.origin).hostname in site.hosts for site in sites
        )
        if is_live and not self.settings["CONTACT"]:
            say("set NEWSCRAWL_CONTACT to your e-mail or web address: the site can then reach you")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider and set the exit code by how it ended."""
        assert self.crawler_process is not None
        crawler = create_crawler(self, args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        if has_failed_to_start(self.crawler_process):
            self.exitcode = finish_reasons.OTHERWISE
            return
        self.exitcode = _judge(crawler)
        if self.settings and self.settings["LOG_FILE"]:
            assert crawler.stats is not None
            # They are in the log, which nobody reads after a run that went well.
            for text in crawler.stats.get_value("ledger/damaged", []):
                say(text)

    def _check_browser(self, render: str) -> None:
        assert self.settings is not None
        path = self.settings["BROWSER_PATH"]
        if executable.find(path):
            return
        if path and render != "never":
            stop(f"NEWSCRAWL_BROWSER={path} is no program: {executable.ADVICE}")
        if render == "always":
            stop(f"render=always needs Chromium, and none was found: {executable.ADVICE}")

    def _prepare_output(self, name: str) -> None:
        assert self.settings is not None
        paths = OutputPaths.of_run(self.settings, name)
        try:
            paths.stem.parent.mkdir(parents=True, exist_ok=True)
            if not os.access(paths.stem.parent, os.W_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            stop(f"cannot write to {paths.stem.parent}: {error.strerror}; set NEWSCRAWL_OUTPUT")
        if self.settings["RUN_LOG"] == "file" and not self.settings["LOG_FILE"]:
            self.settings.set("LOG_FILE", str(_own_log(paths.log)), "cmdline")
            # A disk that is full would have it print a traceback for each line of the log.
            logging.raiseExceptions = False
        try:
            logs.install(self.settings, paths)
        except OSError as error:
            stop(f"cannot write the log {self.settings['LOG_FILE']}: {error.strerror}")


def _own_log(path: Path) -> Path:
    """Make the log; with a number where a worker that starts in the same second has the name."""
    own, number = path, 1
    while True:
        try:
            own.touch(exist_ok=False)
        except FileExistsError:
            number += 1
            own = path.with_name(f"{path.stem}-{number}{path.suffix}")
        except OSError:
            # Whoever opens it says what is wrong.
            return own
        else:
            return own


def _judge(crawler: Crawler) -> int:
    """Return the exit code of a run that is over, having said why it is not 0."""
    assert crawler.stats is not None
    reason, detail = finish_reasons.of(crawler.stats.get_stats())
    if line := finish_reasons.told(reason, detail):
        say(line)
    return finish_reasons.code(reason)
