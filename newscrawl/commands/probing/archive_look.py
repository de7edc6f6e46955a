"""Looks at an archive: how it continues, and whether its second page has other articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newscrawl.commands.probing.probe_requests import text_of
from newscrawl.commands.probing.site_report import ArchiveFound
from newscrawl.discovery import archive as pagination_of
from newscrawl.discovery.archive import Pagination
from newscrawl.discovery.block_form import form_of
from newscrawl.extraction.page_classes import listing_page, more_page
from newscrawl.pages.scripted import list_gap
from newscrawl.sites.list_addresses import page_parameter
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from newscrawl.commands.probing.probe_requests import Requests
    from newscrawl.pages.cards import Card
    from newscrawl.pages.listing import ListingPage
    from newscrawl.sites import Site
    from newscrawl.urls import SiteUrls

WORKS = "works"
NOT_ARCHIVE = "not an archive"
SCRIPTED = "scroll, filled by a script"
BY_NUMBER = "page numbers"
_FORM = {
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "X-Requested-With": "XMLHttpRequest",
}
_OF_BLOCKS = {
    "nextprev": "next and previous",
    "loadmore": "load more",
    "scrollload": "scroll",
}


async def look(
    requests: Requests, site: Site, urls: SiteUrls, url: str, *, has_second: bool
) -> tuple[ArchiveFound, list[Card]]:
    """Return what an archive is and its cards.

    Args:
        requests: sends the requests.
        site: names the page classes.
        urls: the site's addresses.
        url: of the archive's first page.
        has_second: whether its second page is requested too.
    """
    answer = await requests.send(urls.fetchable(url), is_page=True)
    if answer.page is None:
        return ArchiveFound(url, answer.reason), []
    page = listing_page(site)(answer.page.selector, answer.page.url, urls)
    cards, hero = page.cards(), page.hero()
    kind = urls.understand(answer.page.url).kind
    is_other = kind in {Kind.HOME, Kind.ARTICLE, Kind.PAGE} and not page.is_archive()
    if page.is_not_found() or is_other:
        return ArchiveFound(url, NOT_ARCHIVE), []
    if list_gap(answer.page.selector.root):
        return ArchiveFound(url, SCRIPTED, len(cards), len(hero)), [*hero, *cards]
    step = pagination_of.first_step(page, Pagination("", url), datetime.now(UTC))
    following = step.next_pagination
    found = ArchiveFound(
        url,
        _style(page, following),
        len(cards),
        len(hero),
        page.last_number() or None,
        date=next((card.date for card in [*hero, *cards] if card.date), None),
    )
    cards = [*hero, *cards]
    if has_second and following is not None and cards:
        found.second_page, more = await _second(requests, site, urls, following, cards)
        cards += more
    return found, cards


def _style(page: ListingPage, following: Pagination | None) -> str:
    if following is None:
        return "one page"
    if following.block is not None:
        mode = str(following.block.attributes.get("pagination_mode"))
        return _OF_BLOCKS.get(mode, f"block ({mode[:20]})")
    next_url = page.next_url()
    if next_url is None:
        return "one page" if page.has_pager() else "no pager"
    parameter = page_parameter(next_url)
    return f"{BY_NUMBER} (?{parameter}=)" if parameter else BY_NUMBER


async def _second(
    requests: Requests, site: Site, urls: SiteUrls, following: Pagination, first: list[Card]
) -> tuple[str, list[Card]]:
    """Return what is wrong with an archive's second page, or that it works, and its cards."""
    if following.block is None:
        answer = await requests.send(urls.fetchable(following.page_url()), is_page=True)
        if answer.page is None:
            return answer.reason, []
        cards = listing_page(site)(answer.page.selector, answer.page.url, urls).cards()
    else:
        endpoint = urljoin(f"{urls.base_url}/", following.block.endpoint)
        form = form_of(following)
        answer = await requests.send(endpoint, form=form, headers=_FORM)
        if answer.failure is not None:
            return f"{answer.failure.reason}: page numbers are used instead", []
        try:
            cards = more_page(site)(text_of(answer.response), endpoint, urls).cards()
        except ValueError as error:
            return f"{error}: page numbers are used instead", []
    known = {card.address.url for card in first}
    if all(card.address.url in known for card in cards):
        return "the same articles as the first page" if cards else "no articles", []
    return WORKS, cards
