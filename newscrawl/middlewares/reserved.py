"""Pages that a site's own files or the headers of a 304 reserve.

Under RIGHTS_POLICY `respect` the former are not requested, the latter are requested in full. See
decision 141 in docs/decisions.md.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.context import of as context_of
from newscrawl.middlewares.not_modified import is_conditional, without_condition
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import FEED_NOT_READ, RIGHTS, Kind, Outcome
from newscrawl.outcomes.task import RefusedRequest
from newscrawl.rights.page_rights import HEADERS, read_headers, rights_of
from newscrawl.rights.policy import withheld_use
from newscrawl.rights.signals import Statements

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.context import RunContext
    from newscrawl.rights.robots_txt import RobotsTxt


class ReservedPagesMiddleware:
    """Drops requests for articles that tdmrep.json reserves or a licence in robots.txt refuses.

    The headers of a 304 are new statements about what was fetched before. They are counted; where
    they deny what a dump does, the page is requested in full, as its own tags may say otherwise.
    Stats: `rights/not_modified/<source>/<use>`, `rights/requested_in_full`,
    `rights/ignored/<source>`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReservedPagesMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Accept a request that is not for an article, or for one that may be fetched.

        Raises:
            RefusedRequest: the article is reserved, or may be in a feed that was not read.
        """
        context, article = context_of(self._crawler), request.meta.get("article")
        if context is None or article is None or not context.rights.is_respected:
            return
        if context.rights.awaits_feed:
            raise RefusedRequest(FEED_NOT_READ, Outcome(Kind.EXCLUDED, FEED_NOT_READ))
        if context.rights.forbids(article, request.url):
            raise RefusedRequest(RIGHTS, Outcome(Kind.EXCLUDED, RIGHTS))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response, or the request without its condition."""
        context, article = context_of(self._crawler), request.meta.get("article")
        is_unchanged = response.status == 304 and is_conditional(request)
        if context is None or article is None or not is_unchanged:
            return response
        statements = Statements()
        read_headers(header_lines(response), response.url, statements)
        count = self._crawler.stats.inc_value
        if context.rights.is_respected and _may_withhold(context, statements, article, request.url):
            count(counters.RIGHTS_IN_FULL)
            return without_condition(request)
        for signal in statements.signals:
            count(f"{counters.RIGHTS_NOT_MODIFIED}{signal.source}/{signal.use}")
        for source in statements.ignored:
            count(f"{counters.RIGHTS_IGNORED}{source}")
        return response


def _may_withhold(context: RunContext, statements: Statements, article: str, fetched: str) -> bool:
    """Return whether headers, with what the site states, deny what a dump does."""
    if any(context.is_unread_licence(address) for address, _ in statements.documents):
        return True
    rights = rights_of(statements)
    context.rights.add_terms(rights, statements.documents, [article, fetched])
    context.rights.complete(rights, article, fetched)
    return withheld_use(rights, datetime.now(UTC)) is not None


def header_lines(response: Response) -> dict[str, list[str]]:
    """Return the field lines of the headers that state rights, by name in lower case."""
    return {
        name: [value.decode("latin-1") for value in values]
        for name in HEADERS
        if (values := response.headers.getlist(name))
    }


def note_rights(crawler: Crawler, host: str, robots: RobotsTxt) -> None:
    """Take the lines on rights of a host's robots.txt."""
    if context := context_of(crawler):
        lines, others = robots.rights_lines, robots.rights_of_others
        context.rights.add_robots(host, lines, others, robots.allows)
