"""Looks at a site: home page, REST, sitemaps, feeds, archives and two articles, in this order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.commands.probing import archive_look, article_look, rights_look, source_look
from newscrawl.commands.probing.article_look import DateComparison
from newscrawl.commands.probing.probe_requests import state_of, text_of
from newscrawl.commands.probing.site_report import (
    OPEN,
    UNREADABLE,
    SectionFound,
    SiteReport,
)
from newscrawl.discovery import categories, rest, section_archives, site_facts
from newscrawl.discovery.menu_sections import sections_of_site
from newscrawl.discovery.site_facts import SiteFacts
from newscrawl.extraction import page_classes
from newscrawl.middlewares import blocked
from newscrawl.outcomes import finish_reasons
from newscrawl.pages import makers
from newscrawl.pages.home_page import HomePage
from newscrawl.rights.tdmrep import WELL_KNOWN
from newscrawl.sites.list_addresses import page_address
from newscrawl.sites.permalinks import rest_address
from newscrawl.spiders.article_reader import header_texts
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.http import HtmlResponse

    from newscrawl.commands.probing.probe_requests import Answer, Requests
    from newscrawl.discovery.categories import Category
    from newscrawl.discovery.entries import Entry
    from newscrawl.pages.cards import Card
    from newscrawl.pages.menu import MenuItem
    from newscrawl.sites import Site
    from newscrawl.spiders.source_failure import SourceFailure

_JSON = {"Accept": "application/json"}
_MAX_ARCHIVES = 3
_FOR_ARCHIVES, _FOR_ARTICLES = _MAX_ARCHIVES + 1, 4
"""Requests that are kept for them."""


class SiteProbe:
    """Fills the report of a site, step by step, so that it holds what is known at any time."""

    def __init__(self, site: Site, requests: Requests, report: SiteReport) -> None:
        self.site = site
        """The site; what is learned of it replaces what is assumed."""
        self.report = report
        self._requests = requests
        self._urls = SiteUrls(site)
        self._facts = SiteFacts()
        self._is_plain = False
        self._posts: list[Entry] = []
        self._listed: list[Entry] = []
        self._cards: list[Card] = []
        self._categories: list[Category] = []
        self._menu: list[MenuItem] = []

    async def look(self) -> None:
        """Look at everything, or stop where a crawl cannot begin."""
        page = await self._home()
        if page is None:
            return
        await self._read_rest()
        self._learn_sections()
        await self._look_for_reservations()
        self._requests.kept = _FOR_ARCHIVES + _FOR_ARTICLES
        await self._look_at_sources()
        self._requests.kept = _FOR_ARTICLES
        await self._look_at_archives()
        self._requests.kept = 0
        await self._read_samples()
        self._list_forbidden()

    # --- The home page ------------------------------------------------------------------------

    async def _home(self) -> HtmlResponse | None:
        report = self.report
        home = f"{self.site.origin}/"
        answer = await self._requests.send(home, is_page=True)
        self._read_robots()
        if answer.failure is not None:
            report.connection.is_reachable = answer.failure.is_answered
            report.problem = _home_problem(home, answer.failure)
            return None
        response = answer.response
        assert response is not None
        connection = report.connection
        connection.is_reachable = True
        connection.final_url = response.url
        connection.redirects = list(response.meta.get("redirect_urls", []))
        connection.tls = "valid" if response.url.startswith("https:") else "none"
        page = answer.page
        if page is None:
            report.problem = f"{response.url} {answer.reason}: open it in a browser"
            return None
        self._note_page(page)
        home_page = HomePage(page.selector, page.url)
        platform = report.platform
        platform.is_wordpress = home_page.is_wordpress
        platform.generators = [name.partition(";")[0] for name in home_page.generators[:5]]
        platform.themes = makers.themes(page.selector.root)
        self._facts = site_facts.of_home(home_page, self._facts)
        self._facts = site_facts.with_home_links(self._facts, home_page.links, self.site)
        self._is_plain = home_page.has_plain_rest
        platform.name, platform.language = self._facts.name, self._facts.language
        refusal = home_page.refusal()
        if refusal is not None:
            report.problem = _refusal_line(page.url, refusal)
            return None
        menu = page_classes.menu_page(self.site)(page.selector, page.url, self._urls)
        self._menu = menu.items()
        return page

    def _read_robots(self) -> None:
        robots = self.report.robots
        response = self._requests.robots
        if response is None:
            return
        robots.status = response.status
        if response.status == 200:
            rules = self._requests.rules
            robots.crawl_delay, robots.sitemaps = rules.crawl_delay, rules.sitemaps
            self._note_rights(f"robots.txt {name}: {value}" for name, value in rules.rights_lines)

    def _note_rights(self, statements: Iterable[str]) -> None:
        rights = self.report.robots.rights
        rights += [text for text in dict.fromkeys(statements) if text not in rights]

    def _note_page(self, page: HtmlResponse) -> None:
        """Note what a page states on rights, and the plugin that wrote its metadata."""
        self._note_rights(rights_look.of_page(page))
        known = self.report.platform.metadata_plugins
        names = makers.metadata_plugins([page.selector.root])
        known += [name for name in names if name not in known]

    async def _look_for_reservations(self) -> None:
        parts = urlsplit(self._facts.origin)
        answer = await self._send(f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}", headers=_JSON)
        self._note_rights(rights_look.of_file(text_of(answer.response), f"{self._facts.origin}/"))

    # --- What the site is ---------------------------------------------------------------------

    async def _read_rest(self) -> None:
        """Read REST's index, its newest posts and its categories."""
        state = self.report.rest
        answer = await self._send_rest(site_facts.index_address(self._facts.origin))
        if not self._is_rest(answer):
            return
        try:
            self._facts = site_facts.read_index(answer.body, self._facts, self.site)
            state.state = OPEN
        except ValueError as error:
            state.state, state.reason = UNREADABLE, str(error)
            return
        origin = self._facts.origin
        answer = await self._send_rest(rest.address(origin))
        if not self._is_rest(answer):
            return
        assert answer.response is not None
        try:
            self._facts = site_facts.with_links(self._facts, site_facts.read_links(answer.body))
            self._learn()
            _, self._posts = rest.read(answer.body, self._urls)
        except ValueError as error:
            state.state, state.reason = UNREADABLE, str(error)
            return
        total = header_texts(answer.response).get("x-wp-total", "")
        state.articles = int(total) if total.isascii() and total.isdecimal() else None
        answer = await self._send_rest(categories.address(origin))
        if answer.failure is None:
            try:
                self._categories = categories.read(answer.body)
            except ValueError as error:
                state.reason = str(error)

    async def _send_rest(self, url: str) -> Answer:
        url = rest_address(url, is_plain=self._is_plain)
        return await self._send(url, headers=_JSON)

    def _is_rest(self, answer: Answer) -> bool:
        """Return whether REST has answered; note why it has not."""
        failure = answer.failure
        if failure is None:
            return True
        state = self.report.rest
        state.state, state.reason = state_of(failure), failure.reason
        return False

    def _learn(self) -> None:
        """Replace what is assumed of the site by what it states."""
        platform = self.report.platform
        platform.is_timezone_stated = bool(self._facts.timezone) or self.site.is_registered
        if not self.site.is_registered:
            self.site = self._facts.of(self.site)
        self._urls = SiteUrls(self.site)
        platform.name = self._facts.name or self.site.name
        platform.timezone, platform.language = self.site.timezone, self.site.language

    def _learn_sections(self) -> None:
        self._learn()
        sections = sections_of_site(self._menu, self.site, self._categories)
        self._facts = site_facts.with_sections(self._facts, sections)
        self._learn()
        in_menu = {self._urls.canonical(item.url) for item in self._menu}
        counts = {self._urls.canonical(entry.link): entry.count for entry in self._categories}
        self.report.sections = [
            SectionFound(
                entry.slug, entry.label, entry.parent, entry.url,
                counts.get(entry.url or ""), entry.url in in_menu,
            )
            for entry in sections
        ]  # fmt: skip

    # --- Sources, archives, articles ----------------------------------------------------------

    async def _look_at_sources(self) -> None:
        report = self.report
        report.sitemaps, self._listed = await source_look.sitemaps(
            self._requests, self._urls, report.robots.sitemaps
        )
        report.feeds, entries = await source_look.feeds(
            self._requests, self._urls, self._archive_urls()[:1]
        )
        self._listed += entries

    def _archive_urls(self) -> list[str]:
        """Return the archives to look at: of the largest sections, and of one of videos."""
        sections = sorted(
            self.report.sections, key=lambda one: (one.parent is not None, -(one.articles or 0))
        )
        chosen = sections[:_MAX_ARCHIVES]
        video = next((one for one in sections if "video" in one.slug), None)
        if video is not None and video not in chosen:
            chosen[_MAX_ARCHIVES - 1 :] = [video]
        return [one.archive for one in chosen if one.archive]

    async def _look_at_archives(self) -> None:
        urls = self._archive_urls() or [
            section_archives.usual_addresses(section, self.site)[0]
            for section in self.site.sections[:1]
        ]
        for number, url in enumerate(urls):
            archive, cards = await archive_look.look(
                self._requests, self.site, self._urls, url, has_second=number == 0
            )
            self.report.archives.append(archive)
            self._cards += cards

    async def _read_samples(self) -> None:
        report = self.report
        report.permalinks = article_look.permalinks(
            [entry.address for entry in self._posts + self._listed]
            + [card.address for card in self._cards],
            self.site,
        )
        for url in article_look.choose(self._posts, self._listed, self._cards, self.site):
            answer = await self._send(self._urls.fetchable(url), is_page=True)
            if answer.page is not None:
                self._note_page(answer.page)
            report.samples.append(
                article_look.read_sample(url, answer, self._urls, datetime.now(UTC))
            )
        comparison = DateComparison(self._posts, self.site)
        report.shown_date = comparison.shown(report.samples, self._cards)
        if report.shown_date.kind in {"published", "modified"}:
            self.site = replace(self.site, shown_date=report.shown_date.kind)
        report.old_permalinks = await article_look.old_permalinks(
            self._requests, self._urls, [sample.url for sample in report.samples]
        )

    def _list_forbidden(self) -> None:
        """Note which of the addresses that a crawl requests robots.txt forbids."""
        report, origin = self.report, self._facts.origin
        urls = [
            *(one.archive for one in report.sections if one.archive),
            *(page_address(one.url, 2) for one in report.archives),
            *(sample.url for sample in report.samples),
            *(source.url for source in [*report.sitemaps, *report.feeds]),
            *(f"{origin}{path}" for path in ("/wp-json/wp/v2/posts", "/feed/", "/page/2/",
                                             "/?ajax-request=jnews")),
        ]  # fmt: skip
        report.robots.forbids = [
            url.removeprefix(self.site.origin) for url in dict.fromkeys(urls)
            if not self._requests.allows(url)
        ]  # fmt: skip

    async def _send(self, url: str, **options: object) -> Answer:
        return await self._requests.send(url, **options)  # type: ignore[arg-type]


def _home_problem(url: str, failure: SourceFailure) -> str:
    """Return the line about a home page that was not sent: what was seen and what to do."""
    detail = f"{url}: {failure.reason}"
    if failure.response is not None:
        # Where redirects have led to.
        url = failure.response.url
    if failure.finish_reason is not None:
        return _unreachable(url, failure.reason, failure.finish_reason)
    if failure.moved_to is not None:
        return f"{url} leads to another host: probe that address, {failure.moved_to}"
    if failure.is_forbidden:
        return f"robots.txt forbids {url}: respect it, or ask the site"
    if failure.status in {401, 403, 429} or failure.reason.startswith("blocked"):
        return finish_reasons.error_line(finish_reasons.BLOCKED, detail)
    if failure.response is not None and (kind := blocked.kind(failure.response)):
        return finish_reasons.error_line(finish_reasons.BLOCKED, f"{detail}, {kind}")
    if failure.status in {404, 410}:
        return f"{url} does not exist (HTTP {failure.status}): name the address of the home page"
    if not failure.is_answered:
        return _unreachable(url, failure.reason, finish_reasons.SITE_UNREACHABLE)
    return f"{url} answers {failure.reason}: open it in a browser, run again later"


def _unreachable(url: str, reason: str, finish_reason: str) -> str:
    host = urlsplit(url).hostname
    if "CannotResolveHost" in reason:
        return f"there is no host {host}: is the address misspelt?"
    if any(word in reason.lower() for word in ("certificate", "ssl", "tls")):
        return (
            f"{host} has no valid TLS certificate ({reason[-120:]}): nothing was fetched; open it "
            "in a browser, tell the site"
        )
    if finish_reason == finish_reasons.SITE_UNREACHABLE:
        cause = reason.rpartition(": ")[2].strip("<>[]. ")
        return f"{url} cannot be reached ({cause}): check the address and the network"
    return finish_reasons.error_line(finish_reason, reason)


def _refusal_line(url: str, refusal: str) -> str:
    what = "name the home page of the site" if "single article" in refusal or (
        "archive" in refusal) else "name the home page of a WordPress site"  # fmt: skip
    if "bot" in refusal or "CAPTCHA" in refusal or "login" in refusal or "cookie" in refusal:
        what = "a crawler does not pass it; ask the site for access"
    return f"{url} {refusal}: {what}"
