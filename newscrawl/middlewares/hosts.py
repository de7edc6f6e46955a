"""Requests to the site's own hosts only.

See decision 14 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.context import of as context_of

if TYPE_CHECKING:
    from scrapy import Request, Spider


class AnotherSiteError(IgnoreRequest):
    """A request to a host that is not one of the site's."""

    def __init__(self, url: str) -> None:
        super().__init__(f"another site: {urlsplit(url).hostname}")
        self.url = url


class SiteHostsMiddleware(OffsiteMiddleware):
    """Drops requests to hosts other than those of the spider's `allowed_domains`.

    Unlike Scrapy's own it does not allow subdomains, which are other sites (tv.example.it for
    example), nor requests with `dont_filter`, as start requests and their redirects have.
    """

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Return whether the request goes to a host of the site."""
        context = context_of(self.crawler)
        if context is None:
            return super().should_follow(request, spider)
        return urlparse_cached(request).hostname in context.host_names

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Accept every request here: what the scheduler does not get has no errback."""
        if context_of(self.crawler) is None:
            super().request_scheduled(request, spider)

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Accept a request to the site.

        Raises:
            AnotherSiteError: it is for another site.
        """
        if context_of(self.crawler) is None:
            super().process_request(request, spider)
            return
        assert self.crawler.spider
        if not self.should_follow(request, self.crawler.spider):
            raise AnotherSiteError(request.url)
