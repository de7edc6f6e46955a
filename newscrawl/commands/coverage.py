"""`scrapy coverage`: compares what a site has published with what a series has written."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.spiderloader import SpiderLoader

from newscrawl import sites
from newscrawl.arguments import ArgumentError, Arguments
from newscrawl.cli import ProjectCommand, check_choice, print_line, print_message, usage_error
from newscrawl.commands import ledger_sites, project_sites
from newscrawl.context import section_of, series_of
from newscrawl.ledger.errors import LedgerError
from newscrawl.outcomes.finish_reasons import GOOD, OTHERWISE, USAGE
from newscrawl.run import standard_output
from newscrawl.sites import Section
from newscrawl.text import shown, without_credentials
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    import argparse

    from newscrawl.commands.comparing.site_list import Comparison, SiteList
    from newscrawl.outcomes.series_comparison import SeriesRecord
    from newscrawl.outcomes.site_coverage import SiteCoverage

_NAMES = ("site_url", "site", "section", "since", "until")


class Command(ProjectCommand):
    """Compares site and ledger. Exit code 0, 1 if articles are missing, 2 if it is not possible."""

    requires_crawler_process = True
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012 - Scrapy's interface

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "[<spider>] [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Compare what the site has published with what is written"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "Asks the site's REST interface, else its sitemaps, which articles it has, a hundred "
            "a request, and compares them with the ledger: for each section and month how many "
            "are published, written and missing, why, and the addresses of what is missing. "
            "Without a spider: the whole site's. Exit code 0: all are written; 1: articles are "
            "missing; 2: a mistake in what was typed, or nothing could be compared."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add("--since", metavar="DATE", help="first day of publication, such as 2026-11-23")
        add("--until", metavar="DATE", help="last day of publication")
        add("--days", action="store_true", help="figures for each day, not each month")
        add("--totals", action="store_true", help="figures of sections alone, one request each")
        add("--json", action="store_true", help="print JSON (docs/coverage.md)")
        add("-a", dest="spargs", action="append", default=[], metavar="NAME=VALUE",
            help="site_url=, site=, section=, as in `scrapy crawl`")  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is opened or requested."""
        super().process_options(args, opts)
        assert self.settings is not None
        if len(args) > 1:
            usage_error(f"scrapy coverage takes one spider: {shown(' '.join(args))} are several")
        if opts.totals and opts.days:
            usage_error("--totals gives no figures of days: leave out one of them")
        project_sites.register(self.settings)
        try:
            given = dict(argument.split("=", 1) for argument in opts.spargs)
        except ValueError:
            usage_error("-a is followed by NAME=VALUE, such as site_url=http://127.0.0.1:8000")
        if others := given.keys() - {*_NAMES}:
            usage_error(
                f"scrapy coverage does not take -a {without_credentials(min(others))[:80]}="
            )
        days = {"since": opts.since, "until": opts.until}
        given |= {name: value for name, value in days.items() if value is not None}
        opts.comparison, opts.arguments = self._comparison(args, given, opts)

    def _comparison(
        self, args: list[str], given: dict[str, str], opts: argparse.Namespace
    ) -> tuple[Comparison, Arguments]:
        """Return what is to be compared, and the arguments of the spider; exit on a mistake."""
        from newscrawl.commands.comparing.site_list import Comparison
        from newscrawl.spiders.base import BaseSpider

        assert self.settings is not None
        loader = SpiderLoader.from_settings(self.settings)
        name = args[0] if args else self._default(loader.list(), given)
        check_choice(name, loader.list(), "spider")
        spider = loader.load(name)
        if not issubclass(spider, BaseSpider):
            usage_error(f"{name} is not a spider of newscrawl: it has no site to compare with")
        try:
            arguments = Arguments.parse(given, spider.argument_names)
            site = spider.site_of(arguments, self.settings)
        except ArgumentError as error:
            usage_error(str(error))
        has_site = "site" in spider.argument_names
        section = arguments.section if has_site else name
        comparison = Comparison(
            SiteUrls(site, arguments.site_url),
            series_of(name, site, arguments, spider.argument_names),
            section_of(site, section),
            arguments.since,
            arguments.until,
            opts.days,
            opts.totals,
        )
        return comparison, arguments

    def _default(self, spiders: list[str], given: dict[str, str]) -> str:
        """Return the spider of the whole site; exit if it has to be named."""
        from newscrawl.spiders.wordpress_site import WordPressSpider

        if given.keys() & {"site", "section"} and WordPressSpider.name in spiders:
            return WordPressSpider.name
        assert self.settings is not None
        keys = [sites.DEFAULT.key, *project_sites.of_spiders(self.settings)]
        found = next((key for key in keys if key in spiders), None)
        return found or usage_error(f"name a spider: {', '.join(spiders) or 'none is known'}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Read ledger and site, print the figures and set the exit code."""
        from newscrawl.ledger import location

        assert self.settings is not None
        comparison: Comparison = opts.comparison
        try:
            ledger = location.of_run(self.settings, comparison.urls.base_url, comparison.urls.site)
            comparison, record = _read_ledger(ledger, comparison, opts.arguments.section)
        except LedgerError as error:
            print_message(str(error))
            self.exitcode = USAGE
            return
        found = self._read_site(comparison, record, ledger, opts.arguments.site_url)
        if found.problem is not None:
            print_message(found.problem)
            self.exitcode = USAGE
            return
        coverage = _compare(comparison, record, found)
        _print(comparison, coverage, found, is_json=opts.json)
        is_missing = bool(coverage.total.missing or coverage.total.addresses)
        self.exitcode = OTHERWISE if is_missing else GOOD

    def _read_site(
        self, comparison: Comparison, record: SeriesRecord, ledger: Any, site_url: str | None
    ) -> SiteList:
        from newscrawl.commands.comparing.coverage_spider import CoverageSpider
        from newscrawl.commands.comparing.site_list import SiteList

        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(CoverageSpider)
        self.crawler_process.crawl(
            crawler, comparison=comparison, record=record, ledger=ledger, site_url=site_url
        )
        self.crawler_process.start()
        spider = crawler.spider
        if not isinstance(spider, CoverageSpider):
            return SiteList(problem="the comparison could not start: -L INFO shows why")
        found = spider.reader.found
        if not spider.is_complete and found.problem is None:
            found.problem = "stopped before the site's list was read: run it again"
        return found


def _read_ledger(
    ledger: Any, comparison: Comparison, section: str | None
) -> tuple[Comparison, SeriesRecord]:
    """Return what is compared, with what runs have learned of the site, and the ledger's side.

    Raises:
        LedgerError: in one line, why the ledger cannot be used.
    """
    from dataclasses import replace

    from newscrawl.ledger.admin import series_record
    from newscrawl.ledger.store import database

    url, site = ledger
    with database.opened(url, site) as engine:
        urls = ledger_sites.with_known_facts(engine, comparison.urls)
        record = series_record.read(engine, comparison.series, urls.site.key)
    if record is None:
        raise LedgerError(
            f"the ledger {database.printable(url)} has nothing of {comparison.series} yet: "
            "run its crawl first"
        )
    if section is not None:
        known = section_of(urls.site, section) or Section(section, section)
        comparison = replace(comparison, section=known)
    return replace(comparison, urls=urls), record


def _compare(comparison: Comparison, record: SeriesRecord, found: SiteList) -> SiteCoverage:
    from newscrawl.commands.comparing.site_list import REST
    from newscrawl.outcomes.series_comparison import SeriesComparison
    from newscrawl.outcomes.site_coverage import sections_in_order

    site = comparison.urls.site
    locate = partial(comparison.locate, has_sections=found.has_sections)
    series = SeriesComparison(record, site.origin, locate, comparison.period_of)
    only = comparison.section.slug if comparison.section else None
    if found.totals is not None:
        coverage = series.with_totals(found.totals, only)
    else:
        coverage = series.with_list(found.posts, states_protection=found.source == REST)
        if not found.is_complete:
            coverage.hide_published()
        if only is not None or not found.is_complete:
            # The list of a section does not say where else an article is.
            coverage.unlisted = 0
    order = [section.slug for section in site.sections]
    coverage.sections = sections_in_order(coverage.sections, order)
    return coverage


def _print(
    comparison: Comparison, coverage: SiteCoverage, found: SiteList, *, is_json: bool
) -> None:
    from newscrawl.commands import coverage_text
    from newscrawl.outcomes.site_coverage import headline

    if not is_json:
        for line in coverage_text.lines(comparison.series, coverage, found):
            print_line(line)
        return
    days = (comparison.since, comparison.until)
    data = {
        "site": comparison.urls.site.key,
        "series": comparison.series,
        "headline": headline(comparison.series, coverage.total),
        "source": found.source,
        "since": days[0] and days[0].isoformat(),
        "until": days[1] and days[1].isoformat(),
        "requests": found.requests,
        "notes": found.notes,
        "total": coverage.total.as_json(),
        "unlisted": coverage.unlisted,
        "sections": {
            section: {period: figures.as_json() for period, figures in periods.items()}
            for section, periods in coverage.sections.items()
        },
        "explanations": dict(sorted(coverage.explanations.items())),
    }
    standard_output.write(f"{json.dumps(data, ensure_ascii=False, indent=2)}\n")
