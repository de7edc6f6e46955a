"""`scrapy ledger`: what the ledger holds, and what a person may do with it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.log import configure_logging

from newscrawl import finish_reasons
from newscrawl.arguments import ArgumentError, Arguments
from newscrawl.cli import ProjectCommand, check_choice, say, stop
from newscrawl.commands import ledger_text, project_sites
from newscrawl.formatting import in_bytes
from newscrawl.ledger.errors import LedgerError, NoLedgerError
from newscrawl.urls import Kind, SiteUrls

if TYPE_CHECKING:
    import argparse

    from newscrawl.sites import Site

ACTIONS = ("status", "retry", "forget", "vacuum")
_ONLY_OF = {"reason": "retry", "json": "status"}


class Command(ProjectCommand):
    """Tells what the ledger holds, and mends it. Exit codes are those of docs/running.md."""

    def syntax(self) -> str:
        """Return how it is typed."""
        return "[status | retry | forget <url> | vacuum] [options]"

    def short_desc(self) -> str:
        """Return what it does, in a line."""
        return "Tell what the ledger holds; retry, forget, vacuum"

    def long_desc(self) -> str:
        """Return what it does."""
        return (
            "status: addresses, articles, lines, dumps and runs of each spider. "
            "retry: make failed addresses pending again. "
            "forget URL: fetch an address and write its article as if never seen. "
            "vacuum: give disk space back."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add what may be typed."""
        super().add_options(parser)
        add = parser.add_argument
        add("--spider", metavar="NAME", help="only this spider (status, retry)")
        add("--reason", metavar="TEXT", help="only what failed for this reason (retry)")
        add("--json", action="store_true", help="for machines (status)")
        add("--site", metavar="KEY", help="whose ledger, where the spiders are of several sites")
        add("--site-url", metavar="URL", help="the ledger of another base URL: the twin's")
        add("-a", dest="spargs", action="append", default=[], metavar="site_url=URL",
            help="the same, as `scrapy crawl` has it")  # fmt: skip

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was typed before anything is opened."""
        super().process_options(args, opts)
        assert self.settings is not None
        action = opts.action = args[0] if args else "status"
        check_choice(action, ACTIONS, "action")
        if action == "forget" and len(args) != 2:
            own = next(iter(project_sites.of_spiders(self.settings).values()), None)
            stop(f"say which address: scrapy ledger forget {f'{own.origin}/…/' if own else 'URL'}")
        if action != "forget" and len(args) > 1:
            stop(f"scrapy ledger {action} takes no {args[1][:80]!r}")
        for name, owner in _ONLY_OF.items():
            if getattr(opts, name) and action != owner:
                stop(f"--{name} belongs to scrapy ledger {owner}")
        self._check_spider(opts)
        try:
            given = dict(word.split("=", 1) for word in opts.spargs)
        except ValueError:
            stop("-a is followed by site_url=URL")
        if given.keys() - {"site_url"}:
            stop("scrapy ledger knows -a site_url=URL only")
        try:
            arguments = Arguments.parse({"site_url": opts.site_url or "", **given})
        except ArgumentError as error:
            stop(str(error))
        opts.addresses = SiteUrls(self._site(args, opts), arguments.site_url)

    def _site(self, args: list[str], opts: argparse.Namespace) -> Site:
        """Return the site whose ledger is meant."""
        assert self.settings is not None
        choices = project_sites.of_spiders(self.settings, [opts.spider] if opts.spider else [])
        if opts.site is not None:
            check_choice(opts.site, choices, "site")
            return choices[opts.site]
        if opts.action == "forget":
            host = _host(args[1])
            choices = {key: site for key, site in choices.items() if host in site.hosts} or choices
        if len(choices) != 1:
            keys = ", ".join(f"--site {key}" for key in choices)
            stop(f"say whose ledger: {keys}" if keys else "no spider here crawls a site")
        return next(iter(choices.values()))

    def _check_spider(self, opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if opts.spider is None:
            return
        if opts.action not in {"status", "retry"}:
            stop("--spider belongs to scrapy ledger status and retry")
        check_choice(opts.spider, SpiderLoader.from_settings(self.settings).list(), "spider")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do it and set the exit code."""
        from newscrawl.ledger import location
        from newscrawl.ledger.store import database

        assert self.settings is not None
        configure_logging(self.settings)
        try:
            url, site = location.of_run(self.settings, opts.addresses.base_url, opts.addresses.site)
            with database.opened(url, site) as engine:
                self.exitcode = getattr(self, f"_{opts.action}")(engine, args, opts)
        except NoLedgerError as error:
            say(str(error))
            self.exitcode = finish_reasons.OTHERWISE
        except LedgerError as error:
            say(str(error))
            self.exitcode = finish_reasons.code(error.reason)

    def _status(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import status

        found = status.read(engine, opts.spider and {opts.spider})
        if opts.spider and not found.series:
            say(f"the ledger {found.place} knows nothing of {opts.spider} yet")
            return finish_reasons.OTHERWISE
        if opts.json:
            sys.stdout.write(f"{json.dumps(asdict(found), ensure_ascii=False, indent=2)}\n")
        elif sys.stdout.isatty():
            from rich.console import Console

            text = ledger_text.styled(found, is_all=not opts.spider)
            Console().print(text, soft_wrap=True, highlight=False, end="")
        else:
            encoding = sys.stdout.encoding or "utf-8"
            plain = ledger_text.render(found, is_all=not opts.spider)
            sys.stdout.write(plain.encode(encoding, "replace").decode(encoding))
        return 0

    def _retry(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import maintenance

        found = maintenance.retry(engine, opts.spider and {opts.spider}, opts.reason)
        count = sum(found.series.values())
        where = ", ".join(f"{name} {number:,}" for name, number in found.series.items())
        _tell(f"{_addresses(count)} pending again{f' ({where})' if where else ''}")
        if found.left and not count:
            reasons = ", ".join(f"{reason} {number:,}" for reason, number in found.left.items())
            _tell(f"failed for other reasons: {reasons}")
        return 0

    def _forget(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import maintenance

        address = opts.addresses.understand(args[1])
        if address.kind is Kind.FOREIGN:
            say(f"{args[1][:200]!r} is no address of {opts.addresses.base_url}: is it whole? "
                "--site-url names another server")  # fmt: skip
            return finish_reasons.USAGE
        found = maintenance.forget(engine, address.url)
        if found is None:
            say(f"the ledger knows nothing of {address.url}")
            return finish_reasons.OTHERWISE
        names = ", ".join(found.series) or "no spider"
        _tell(f"forgotten: {found.url}, to be fetched again by {names}")
        for article, number in found.articles.items():
            revisions = "1 revision" if number == 1 else f"{number:,} revisions"
            lines = "1 line" if found.lines == 1 else f"{found.lines:,} lines"
            _tell(f"forgotten: article {article}, {revisions}, {lines}; the dumps keep theirs")
        return 0

    def _vacuum(self, engine: Any, args: list[str], opts: argparse.Namespace) -> int:
        from newscrawl.ledger.admin import maintenance

        before, after, is_whole = maintenance.vacuum(engine)
        _tell(f"{in_bytes(before)} before, {in_bytes(after)} after")
        if not is_whole:
            _tell("runs are at work: the space that was found free is kept for what comes")
        return 0


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _addresses(count: int) -> str:
    return "1 failed address is" if count == 1 else f"{count:,} failed addresses are"


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
