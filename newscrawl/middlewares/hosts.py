"""Requests to the site's own hosts only.

See decision 14 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.context import of as context_of

if TYPE_CHECKING:
    from scrapy import Request, Spider

logger = logging.getLogger(__name__)


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

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Accept a request to the site.

        Raises:
            IgnoreRequest: it is for another site.
        """
        if context_of(self.crawler) is None:
            super().process_request(request, spider)
            return
        assert self.crawler.spider
        if not self.should_follow(request, self.crawler.spider):
            host = urlparse_cached(request).hostname
            logger.warning("Not fetched (another site): %s", request.url)
            self.stats.inc_value("not_fetched/another_site")
            raise IgnoreRequest(f"another site: {host}")
