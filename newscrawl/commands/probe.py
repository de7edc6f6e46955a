"""`scrapy probe`: says what will work on a site before its first crawl."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.arguments import ArgumentError, Arguments
from newscrawl.cli import ProjectCommand, print_line, print_message, usage_error
from newscrawl.formatting import display_path
from newscrawl.outcomes.finish_reasons import GOOD, OTHERWISE
from newscrawl.run import standard_output
from newscrawl.sites.definition_folder import ENDING
from newscrawl.text import shown

if TYPE_CHECKING:
    import argparse

    from newscrawl.commands.probing.site_report import SiteReport
    from newscrawl.sites import Site

_EXAMPLE = "scrapy probe https://www.example.it"


class Command(ProjectCommand):
    """Looks at a site. Exit code 0 if a crawl will work, 1 if not, 2 for a mistake in typing."""

    requires_crawler_process = True
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's interface

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "<url> [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Look at a site with a few requests and say what will work"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "Looks at a WordPress site with at most 25 polite requests: robots.txt, platform, "
            "sections, archives, sitemaps, feeds, REST, dates, two articles, and the size of a "
            "first crawl. Nothing is written to output/ or a ledger. Exit code 0: a crawl will "
            "work; 1: it will not; 2: a mistake in what was typed."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print JSON (docs/probe.md)")
        parser.add_argument(
            "--write", metavar="FILE", help="write the site's definition: sites/NAME.toml"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is requested."""
        super().process_options(args, opts)
        assert self.settings is not None
        if len(args) != 1:
            usage_error(f"name one site: {_EXAMPLE}")
        try:
            opts.site_url = Arguments.parse({"site_url": args[0]}).site_url
        except ArgumentError as error:
            text = str(error).replace("site_url= has", "the address has")
            usage_error(text.removeprefix("site_url="))
        opts.path = None if opts.write is None else _path(opts.write)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Look at the site, print the report and set the exit code."""
        from newscrawl.commands.probing import judgement
        from newscrawl.commands.probing.probe_spider import ProbeSpider

        assert self.crawler_process is not None
        assert self.settings is not None
        crawler = self.crawler_process.create_crawler(ProbeSpider)
        self.crawler_process.crawl(crawler, site_url=opts.site_url)
        self.crawler_process.start()
        spider = crawler.spider
        if not isinstance(spider, ProbeSpider):
            print_message("the probe could not start: -L INFO shows why")
            self.exitcode = OTHERWISE
            return
        report = spider.report
        if report.problem is None and not spider.is_complete:
            report.problem = "the probe ended before its end: run it again, -L INFO shows why"
        report.estimate = judgement.estimate(report, self.settings.getfloat("DOWNLOAD_DELAY"))
        judgement.judge(report)
        self._print(report, opts)
        if opts.path is not None and report.will_work:
            _write(spider.probe.site, opts.path)
        self.exitcode = GOOD if report.will_work else OTHERWISE

    def _print(self, report: SiteReport, opts: argparse.Namespace) -> None:
        from newscrawl.commands import probe_text

        if opts.json:
            standard_output.write(f"{json.dumps(report.as_json(), ensure_ascii=False, indent=2)}\n")
        else:
            for line in probe_text.lines(report):
                print_line(line)
        if report.problem is not None:
            print_message(report.problem)


def _path(text: str) -> Path:
    """Return where the definition is written to; exit if that cannot be done."""
    path = Path(text)
    if path.suffix != ENDING or path.stem.startswith("."):
        usage_error(f"--write {shown(text)} is not the name of a definition: sites/NAME{ENDING}")
    if path.exists() or path.is_symlink():
        usage_error(f"{display_path(path)} is already there: name another file, or remove it")
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        usage_error(f"cannot write to {display_path(folder)}: name another folder")
    return path


def _write(site: Site, path: Path) -> None:
    """Write the definition of a site; exit if that fails."""
    from newscrawl.sites.definition_text import dumps

    try:
        text = dumps(site)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        usage_error(f"{display_path(path)} is already there: name another file, or remove it")
    except (OSError, ValueError) as error:
        print_message(f"the definition was not written: {error}")
        raise SystemExit(OTHERWISE) from None
    print_message(f"wrote {display_path(path)}: read it and correct what is wrong")
