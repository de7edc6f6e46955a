"""The home page and the REST interface of a site that nobody has defined.

The first run of a site learns its name, language, time zone and sections; later runs use what
the ledger keeps, and learn again once a week or when the menu has a new entry. See "A site by
its address" in docs/decisions.md.
"""

from __future__ import annotations

import difflib
import logging
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import msgspec
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse

from newscrawl.discovery import categories, section_archives, site_facts
from newscrawl.discovery.categories import Category
from newscrawl.discovery.menu_sections import sections_of_site
from newscrawl.discovery.site_facts import SiteFacts
from newscrawl.extraction.page_classes import menu_page
from newscrawl.middlewares import blocked
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.pages.home_page import HomePage
from newscrawl.pages.menu import MenuItem
from newscrawl.sites.permalinks import rest_address
from newscrawl.spiders.channels.channel import BEFORE_ALL, HOME, Reading, SourceRequest
from newscrawl.spiders.channels.home_channel import NO_HTML, HomeChannel
from newscrawl.spiders.source_failure import SourceFailure
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.http import TextResponse

logger = logging.getLogger("newscrawl.spider")
_INDEX, _POSTS, _CATEGORIES = "index", "posts", "categories"
_MAX_PAGES = 10
"""Pages of the list of categories that are read, 100 on each."""
_JSON = {"Accept": "application/json"}


class SiteChannel(HomeChannel):
    """Learns what the site is, then gives the archives of its sections.

    The state of a request to REST is `step`; `facts`, `menu` and `categories`, what was learned
    so far; `page`, the page of the list of categories.
    """

    @property
    def is_first(self) -> bool:
        """Whether nothing is known of the site yet."""
        return not self._is_known

    def request(self) -> SourceRequest:
        """Return the request for the home page."""
        return replace(super().request(), priority=self._priority)

    @property
    def _priority(self) -> int:
        return HOME if self._is_known else BEFORE_ALL

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read the home page or an answer of REST."""
        if "step" not in state:
            if not isinstance(response, HtmlResponse):
                return self.failed(SourceFailure.unreadable(NO_HTML), state)
            return self._read_home(response)
        try:
            return self._read_rest(response, state)
        except ValueError as error:
            return self._without_rest(SourceFailure.unreadable(str(error)), state)

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Continue without REST; without a home page, with what is known.

        Raises:
            CloseSpider: nothing is known of the site, and its home page cannot be read.
        """
        if "step" in state:
            return self._without_rest(failure, state)
        if not self._is_known and failure.is_answered and failure.moved_to is None:
            self._refuse_site(failure)
        reading = super().failed(failure, state)
        return self._known(reading) if self._is_known else reading

    # --- The home page ------------------------------------------------------------------------

    def _read_home(self, response: TextResponse) -> Reading:
        page = HomePage(response.selector, response.url)
        known = site_facts.decode(self._context.discovery.site_facts)
        if known is None and (problem := page.refusal()) is not None:
            self._close(finish_reasons.UNSUPPORTED_SITE, f"{response.url} {problem}")
        items = self._menu(response)
        is_due = known is None or known.is_due(time.time()) or known.has_new(_urls(items))
        if not is_due:
            return self._known(Reading())
        facts = site_facts.of_home(page, known or SiteFacts())
        # What its own articles' addresses look like, until REST states more of them.
        facts = site_facts.with_home_links(facts, page.links, self._context.site)
        state = {
            "step": _INDEX,
            "is_plain": page.has_plain_rest,
            "facts": msgspec.to_builtins(facts),
            "menu": [asdict(item) for item in items],
        }
        return Reading(requests=[self._request(site_facts.index_address(facts.origin), state)])

    def _menu(self, response: TextResponse) -> list[MenuItem]:
        addresses = self._context.addresses
        return menu_page(self._context.site)(response.selector, response.url, addresses).items()

    # --- REST ---------------------------------------------------------------------------------

    def _read_rest(self, response: TextResponse, state: dict[str, Any]) -> Reading:
        facts = msgspec.convert(state["facts"], SiteFacts)
        step = state["step"]
        if step == _INDEX:
            facts = site_facts.read_index(response.body, facts, self._context.site)
            state = {**state, "facts": msgspec.to_builtins(facts), "step": _POSTS}
            return Reading(requests=[self._request(site_facts.posts_address(facts.origin), state)])
        if step == _POSTS:
            facts = site_facts.with_links(facts, site_facts.read_links(response.body))
            state = {**state, "facts": msgspec.to_builtins(facts)}
            state |= {"step": _CATEGORIES, "page": 1, "categories": []}
            return Reading(requests=[self._request(categories.address(facts.origin), state)])
        listed = categories.read(response.body)
        state = {**state, "categories": [*state["categories"], *map(asdict, listed)]}
        if len(listed) == categories.PER_PAGE and state["page"] < _MAX_PAGES:
            state["page"] += 1
            address = categories.address(facts.origin, state["page"])
            return Reading(requests=[self._request(address, state)])
        return self._learn(facts, state, Reading(), is_whole=True)

    def _request(self, url: str, state: dict[str, Any]) -> SourceRequest:
        identity = f"{state['step']}-{state.get('page', 1)}"
        url = rest_address(url, is_plain=state.get("is_plain", False))
        priority = self._priority
        return SourceRequest(url, state, priority=priority, headers=_JSON, identity=identity)

    def _without_rest(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Learn what can be learned without the rest of REST's answers."""
        reading = self._not_read(f"{self._context.site.origin}/wp-json/", failure)
        facts = msgspec.convert(state["facts"], SiteFacts)
        return self._learn(facts, state, reading, is_whole=failure.is_refusal)

    def _learn(
        self, facts: SiteFacts, state: dict[str, Any], reading: Reading, *, is_whole: bool
    ) -> Reading:
        """Keep the facts and give the archives.

        `is_whole` is false if something was not read that may be there: then the next run
        learns again.
        """
        context = self._context
        listed = [Category(**category) for category in state.get("categories", ())]
        items = [MenuItem(**item) for item in state["menu"]]
        sections = sections_of_site(items, facts.of(context.site), listed)
        if not is_whole:
            # What is known counts before what a menu alone says.
            sections = site_facts.merged(facts.sections, sections)
        sections = sections or facts.sections
        learned = int(time.time()) if is_whole else 0
        menu = tuple(map(SiteUrls(facts.of(context.site)).canonical, _urls(items)))
        facts = msgspec.structs.replace(facts, sections=sections, menu=menu, learned=learned)
        context.discovery.learn_site(site_facts.encode(facts))
        context.use_known_facts()
        site = context.site
        logger.info(
            "Site: %s (%s), language %s, time zone %s, sections: %s",
            site.name,
            site.origin,
            site.language,
            site.timezone,
            site_facts.labels(sections) or "none found",
        )
        if not facts.timezone and site.timezone == site_facts.UNKNOWN_ZONE:
            logger.warning("The site's time zone is not known: dates without an offset are in UTC")
        return self._known(reading)

    # --- What is known ------------------------------------------------------------------------

    @property
    def _is_known(self) -> bool:
        return site_facts.decode(self._context.discovery.site_facts) is not None

    def _known(self, reading: Reading) -> Reading:
        """Return a reading with the archives of the run's sections.

        Raises:
            CloseSpider: the site does not have the section that the run is to read.
        """
        context = self._context
        wanted = context.arguments.section
        if wanted is not None and context.scope.section not in context.site.sections:
            names = site_facts.labels(context.site.sections) or "none that newscrawl can find"
            self._close(
                finish_reasons.SECTION_MISSING,
                f"{context.site.origin} has no section {wanted!r}{self._meant(wanted)}; "
                f"its sections are: {names}",
            )
        reading.archives = {
            section.slug: section.url or section_archives.usual_addresses(section, context.site)[0]
            for section in context.scope.sections()
        }
        return reading

    def _meant(self, wanted: str) -> str:
        """Return a hint at the section whose label is what was given in place of its slug."""
        sections = self._context.site.sections
        slugs = [section.slug for section in sections]
        by_label = [s.slug for s in sections if s.label.casefold() == wanted.casefold()]
        close = by_label or difflib.get_close_matches(wanted, slugs, n=1)
        return f" (did you mean {close[0]}?)" if close else ""

    def _refuse_site(self, failure: SourceFailure) -> None:
        url = self._context.addresses.fetchable(f"{self._context.site.origin}/")
        if failure.asks_to_wait:
            self._close(finish_reasons.RATE_LIMITED, f"{url}: {failure.reason}")
        if failure.status in {401, 403, 429} or failure.reason.startswith("blocked"):
            self._close(finish_reasons.BLOCKED, f"{url}: {failure.reason}")
        if failure.response is not None and (kind := blocked.kind(failure.response)):
            self._close(finish_reasons.BLOCKED, f"{url}: {failure.reason}, {kind}")
        if failure.status is not None and failure.status >= 500:
            self._close(finish_reasons.SITE_UNREACHABLE, f"{url}: {failure.reason}")
        self._close(finish_reasons.UNSUPPORTED_SITE, f"{url} answers {failure.reason}")

    def _close(self, reason: str, detail: str) -> None:
        self._stats.set_value(counters.FINISH_DETAIL, detail)
        raise CloseSpider(reason)


def _urls(items: Sequence[MenuItem]) -> list[str]:
    return [item.url for item in items]
