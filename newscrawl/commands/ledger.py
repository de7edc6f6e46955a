"""`scrapy ledger`: shows the status of a ledger and maintains it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.log import configure_logging

from newscrawl.arguments import ArgumentError, Arguments
from newscrawl.cli import ProjectCommand, check_choice, print_message, usage_error
from newscrawl.commands import ledger_sites, ledger_text, project_sites
from newscrawl.formatting import in_bytes
from newscrawl.ledger.errors import LedgerError, NoLedgerError, OtherSiteError
from newscrawl.outcomes import finish_reasons
from newscrawl.run import standard_output
from newscrawl.text import shown
from newscrawl.urls import Kind

if TYPE_CHECKING:
    import argparse

    from newscrawl.urls import SiteUrls

ACTIONS = ("status", "why", "retry", "forget", "rebuild", "vacuum")
_OF_ADDRESS = frozenset({"why", "forget"})
_OWNERS = {
    "reason": ("retry",),
    "json": ("status", "why", "rebuild"),
    "spider": ("status", "why", "retry", "rebuild"),
}
"""Option to the actions that take it."""


class Command(ProjectCommand):
    """Shows and maintains a ledger. docs/running.md lists the exit codes."""

    def syntax(self) -> str:
        """Return the arguments, for the usage line."""
        return "[status | why <url> | retry | forget <url> | rebuild <dumps> | vacuum] [options]"

    def short_desc(self) -> str:
        """Return the description for the list of commands."""
        return "Show the status of the ledger; why, retry, forget, rebuild, vacuum"

    def long_desc(self) -> str:
        """Return the description for the help."""
        return (
            "status: addresses, articles, lines, dumps and runs of each spider. "
            "why URL: all that is known of an address or an article's id: where it was found, "
            "each request, its lines. "
            "retry: make addresses pending again that failed or answered with something else "
            "than an article. "
            "forget URL: have an address fetched and its article written as if never seen. "
            "rebuild DUMPS: make a ledger that was lost from dumps (files, folders, globs), or add "
            "what one that is older than its dumps does not know. "
            "vacuum: free disk space."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's options."""
        super().add_options(parser)
        add = parser.add_argument
        add(
            "--spider",
            metavar="NAME",
            help="only this spider, or series of a site such as example.it.sport "
            "(status, why, retry); that of the dumps (rebuild)",
        )
        add("--reason", metavar="TEXT", help="only what has this reason (retry)")
        add("--json", action="store_true", help="print JSON (status, why, rebuild)")
        add("--site", metavar="KEY", help="the site, such as example.it")
        add("--site-url", metavar="URL", help="the site at this address, or the twin there")
        add("-a", dest="spargs", action="append", default=[], metavar="site_url=URL",
            help="as in `scrapy crawl`; or site=NAME, a definition")  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check the arguments before anything is opened."""
        super().process_options(args, opts)
        assert self.settings is not None
        action = opts.action = args[0] if args else "status"
        check_choice(action, ACTIONS, "action")
        self._check_operands(action, args)
        for option, owners in _OWNERS.items():
            if getattr(opts, option) and action not in owners:
                usage_error(f"--{option} is an option of scrapy ledger {', '.join(owners)}")
        project_sites.register(self.settings)
        if opts.spider is not None and not ledger_sites.is_series(opts.spider):
            check_choice(opts.spider, self._spiders(), "spider")
        try:
            given = dict(argument.split("=", 1) for argument in opts.spargs)
        except ValueError:
            usage_error("-a is followed by site_url=URL or site=NAME")
        if given.keys() - {"site_url", "site"}:
            usage_error("scrapy ledger takes -a site_url=URL and -a site=NAME only")
        if "site" in given and opts.site is not None:
            usage_error("--site and -a site= name the site twice: leave out one of them")
        try:
            stated = {} if opts.site_url is None else {"site_url": opts.site_url}
            name = given.pop("site", None)
            arguments = Arguments.parse({**stated, **given})
            if name is not None:
                opts.site = ledger_sites.key_of_definition(name, self.settings)
        except ArgumentError as error:
            usage_error(str(error))
        address = args[1] if action in _OF_ADDRESS else None
        typed = ledger_sites.Typed(opts.site, arguments.site_url, opts.spider, address)
        if action != "rebuild":
            opts.choices = ledger_sites.choices(self.settings, typed)
            return
        from newscrawl.commands import ledger_rebuild

        dumps = ledger_rebuild.dumps_of(args[1:], self._spiders(), opts.spider)
        site, opts.dumps = ledger_rebuild.of_one_site(self.settings, dumps, typed)
        opts.choices = [site]

    def _check_operands(self, action: str, args: list[str]) -> None:
        assert self.settings is not None
        if action in _OF_ADDRESS and len(args) != 2:
            site = next(iter(project_sites.of_spiders(self.settings).values()), None)
            example = f"{site.origin}/…/" if site else "URL"
            usage_error(f"name an address: scrapy ledger {action} {example}")
        if action == "rebuild" and len(args) < 2:
            usage_error("name the dumps: scrapy ledger rebuild output/<spider>")
        if action not in {*_OF_ADDRESS, "rebuild"} and len(args) > 1:
            usage_error(f"scrapy ledger {action} does not take {shown(args[1])}")

    def _spiders(self) -> list[str]:
        assert self.settings is not None
        return SpiderLoader.from_settings(self.settings).list()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the action and set the exit code."""
        assert self.settings is not None
        configure_logging(self.settings)
        absent: LedgerError | None = None
        try:
            for addresses in opts.choices:
                try:
                    self._run_on_ledger(addresses, args, opts)
                except (NoLedgerError, OtherSiteError) as error:
                    absent = absent or error
                else:
                    return
            assert absent is not None
            print_message(str(absent))
            is_missing = isinstance(absent, NoLedgerError)
            self.exitcode = (
                finish_reasons.OTHERWISE if is_missing else finish_reasons.code(absent.reason)
            )
        except LedgerError as error:
            print_message(str(error))
            self.exitcode = finish_reasons.code(error.reason)

    def _run_on_ledger(
        self, addresses: SiteUrls, args: list[str], opts: argparse.Namespace
    ) -> None:
        """Run the action on the ledger of a site."""
        from newscrawl.ledger import location
        from newscrawl.ledger.store import database

        assert self.settings is not None
        url, site = location.of_run(self.settings, addresses.base_url, addresses.site)
        with database.opened(url, site, create=opts.action == "rebuild") as engine:
            opts.addresses = ledger_sites.with_known_facts(engine, addresses)
            self.exitcode = getattr(self, f"_{opts.action}")(engine, args, opts)

    def _status(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import status

        ledger = status.read(engine, opts.spider and {opts.spider})
        if opts.spider and not ledger.series:
            print_message(f"the ledger {ledger.place} has nothing of {opts.spider} yet")
            return finish_reasons.OTHERWISE
        if opts.json:
            standard_output.write(f"{json.dumps(asdict(ledger), ensure_ascii=False, indent=2)}\n")
        elif sys.stdout.isatty():
            from rich.console import Console

            text = ledger_text.styled(ledger, is_all=not opts.spider)
            Console().print(text, soft_wrap=True, highlight=False, end="")
        else:
            standard_output.write(ledger_text.render(ledger, is_all=not opts.spider))
        return 0

    def _why(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.commands import ledger_why

        assert self.settings is not None
        return ledger_why.run(
            engine,
            opts.addresses,
            args[1],
            spiders=self._spiders(),
            spider=opts.spider,
            is_json=opts.json,
        )

    def _retry(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import maintenance

        result = maintenance.retry(engine, opts.spider and {opts.spider}, opts.reason)
        count = sum(result.series.values())
        spiders = ", ".join(f"{name} {number:,}" for name, number in result.series.items())
        _print(f"{_addresses(count)} pending again{f' ({spiders})' if spiders else ''}")
        if result.left and not count:
            reasons = ", ".join(f"{reason} {number:,}" for reason, number in result.left.items())
            _print(f"left as they are, for other reasons: {reasons}")
        return 0

    def _forget(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import maintenance

        address = opts.addresses.understand(args[1])
        if address.kind is Kind.FOREIGN:
            if args[1].partition(":")[0] == opts.addresses.site.key:
                print_message(
                    f"forget takes an address; scrapy ledger why {shown(args[1])} prints that one"
                )
                return finish_reasons.USAGE
            print_message(
                f"{shown(args[1])} is not an address of {opts.addresses.base_url}: "
                "is it complete? --site-url names another server"
            )
            return finish_reasons.USAGE
        forgotten = maintenance.forget(engine, address.url)
        if forgotten is None:
            print_message(f"the ledger has nothing of {address.url}")
            return finish_reasons.OTHERWISE
        names = ", ".join(forgotten.series) or "no spider"
        _print(f"forgotten: {forgotten.url}, to be fetched again by {names}")
        for article, number in forgotten.articles.items():
            revisions = "1 revision" if number == 1 else f"{number:,} revisions"
            lines = "1 line" if forgotten.lines == 1 else f"{forgotten.lines:,} lines"
            _print(f"forgotten: article {article}, {revisions}, {lines}; the dumps keep theirs")
        return 0

    def _rebuild(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.commands import ledger_rebuild
        from newscrawl.ledger import location

        assert self.settings is not None
        return ledger_rebuild.run(
            engine,
            self.settings,
            opts.addresses.site,
            opts.dumps,
            spiders=self._spiders(),
            is_twin=location.is_twin(
                location.site_at(opts.addresses.base_url, opts.addresses.site)
            ),
            is_json=opts.json,
        )

    def _vacuum(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import maintenance

        before, after, is_whole = maintenance.vacuum(engine)
        _print(f"{in_bytes(before)} before, {in_bytes(after)} after")
        if not is_whole:
            _print("runs are active: the free space stays in the file, for new rows")
        return 0


def _addresses(count: int) -> str:
    return "1 address is" if count == 1 else f"{count:,} addresses are"


def _print(text: str) -> None:
    standard_output.write(f"{text}\n")
