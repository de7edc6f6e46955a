"""Pages that a site's own files reserve: under RIGHTS_POLICY `respect` they are not requested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.context import of as context_of
from newscrawl.outcomes.outcome import RIGHTS, Kind, Outcome
from newscrawl.outcomes.task import RefusedRequest

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from newscrawl.rights.robots_txt import RobotsTxt


class ReservedPagesMiddleware:
    """Drops requests for articles that tdmrep.json reserves or a licence in robots.txt refuses."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReservedPagesMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Accept a request that is not for an article, or for one that may be fetched.

        Raises:
            RefusedRequest: the article is reserved.
        """
        context, article = context_of(self._crawler), request.meta.get("article")
        if context is None or article is None or not context.rights.is_respected:
            return
        if context.rights.forbids(article, request.url):
            raise RefusedRequest(RIGHTS, Outcome(Kind.EXCLUDED, RIGHTS))


def note_rights(crawler: Crawler, host: str, robots: RobotsTxt) -> None:
    """Take the lines on rights of a host's robots.txt."""
    if context := context_of(crawler):
        context.rights.add_robots(host, robots.rights_lines, robots.rights_of_others)
