"""Reads what a site states on rights before its articles, and licences that their pages name.

See decision 141 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawl.outcomes import counters
from newscrawl.rights.signals import RSL_ROBOTS
from newscrawl.warc.exchange import ROLE, Role

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from newscrawl.context import RunContext
    from newscrawl.items.draft import Draft

logger = logging.getLogger("newscrawl.spider")
_PRIORITY = 300
_MAX_DOCUMENTS = 1_000
"""RSL documents of one run."""


class RightsReader:
    """Fetches each RSL document once a run, of the site's own hosts only."""

    def __init__(self, crawler: Crawler, context: RunContext) -> None:
        self._crawler = crawler
        self._context = context

    async def read_site(self, answer: Response | Failure) -> None:
        """Take the site's tdmrep.json, if it has one, and fetch the licences of robots.txt."""
        rights = self._context.rights
        if not isinstance(answer, Response) or answer.status != 200:
            self._crawler.stats.inc_value(counters.OPTOUTS_NONE)
        else:
            rights.add_reservations(answer.body.decode("utf-8-sig", "replace"))
        for address in rights.documents():
            await self._fetch(address, RSL_ROBOTS)
        self.count_ignored(rights.take_ignored())

    async def complete(self, draft: Draft, response: Response) -> None:
        """Add the terms of the licences that an article's page names, and count what is ignored."""
        self.count_ignored(draft.ignored_statements)
        for address, source in draft.licence_documents:
            await self._fetch(address, source)
        article = draft.article
        self._context.rights.add_terms(
            article.rights, draft.licence_documents, [article.url, response.url]
        )

    def count_ignored(self, sources: list[str]) -> None:
        """Count statements that are not recorded, by their sources."""
        for source in sources:
            self._crawler.stats.inc_value(f"{counters.RIGHTS_IGNORED}{source}")

    async def _fetch(self, address: str, source: str) -> None:
        context, licences = self._context, self._context.rights.licences
        if not context.is_unread_licence(address):
            return
        if len(licences) >= _MAX_DOCUMENTS:
            self._crawler.stats.inc_value(f"{counters.RIGHTS_IGNORED}{source}")
            return
        # Other articles that name it must not fetch it again.
        licences[address] = []
        assert self._crawler.engine is not None
        url = context.addresses.fetchable(address)
        request = Request(
            url,
            callback=NO_CALLBACK,
            priority=_PRIORITY,
            meta={ROLE: Role.SITE},
            dont_filter=True,
        )
        try:
            response = await self._crawler.engine.download_async(request)
            context.rights.add_licence(address, response.status, response.body, source)
        except Exception as error:  # noqa: BLE001 - the downloader may raise anything; the link is recorded
            text = " ".join(str(error).split())[:200]
            logger.warning("Licence not read (%s %s): %s", type(error).__name__, text, address)
            self._crawler.stats.inc_value(counters.LICENCES_NOT_READ)
        self.count_ignored(context.rights.take_ignored())
