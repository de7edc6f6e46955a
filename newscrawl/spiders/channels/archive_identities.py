"""Whether an answer is the page of an archive that was requested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.pages.listing_identity import ExpectedList, contradiction, name_of
from newscrawl.text import key_of

if TYPE_CHECKING:
    from scrapy.http import TextResponse

    from newscrawl.context import RunContext
    from newscrawl.discovery.archive import Pagination
    from newscrawl.pages.listing import ListingPage

_PERMANENT = frozenset({301, 308})


class ArchiveIdentities:
    """Compares answers with the archives of a run's sections."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.addresses: dict[str, str] = {}
        """Section to the archive's address in the menu, which may be newer than a stored one."""

    def doubt(
        self, page: ListingPage, response: TextResponse, pagination: Pagination
    ) -> str | None:
        """Return why an answer is not the page that was requested; None if it may be."""
        contradicts = contradiction(
            response.selector.root,
            response.url,
            self._expected(response, pagination),
            self._context.addresses,
        )
        if contradicts is None:
            return None
        keys = {key_of(card.address.url) for card in page.cards()}
        if contradicts.is_weak and 2 * len(keys & {*pagination.listed}) <= len(keys):
            return None
        return contradicts.reason

    def _expected(self, response: TextResponse, pagination: Pagination) -> ExpectedList:
        slug, urls = pagination.section, self._context.addresses
        sections = {section.slug: section for section in self._context.site.sections}
        addresses = [pagination.url, self.addresses.get(slug, pagination.url)]
        names = frozenset({slug, *(name_of(url, urls) for url in addresses)} - {""})
        others = {*sections, *(name_of(url, urls) for url in self.addresses.values())}
        redirects = response.meta.get("redirect_reasons", [])
        return ExpectedList(
            names,
            pagination.page,
            frozenset({sections[slug].label.casefold()} if slug in sections else ()),
            frozenset(others - names),
            is_moved={*redirects} <= _PERMANENT,
        )
