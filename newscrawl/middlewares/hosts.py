"""Only the site's own hosts are asked."""

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
    """Refuses requests to any host but those of the spider's `allowed_domains`.

    Stricter than Scrapy's own: subdomains are other sites (tv.alanews.it is one), and
    `dont_filter`, which start requests and their redirects carry, opens no door.
    """

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Return whether the request goes to a host of the site."""
        context = context_of(self.crawler)
        return context is not None and urlparse_cached(request).hostname in context.host_names

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Let a request to the site pass.

        Raises:
            IgnoreRequest: it goes elsewhere.
        """
        assert self.crawler.spider
        if not self.should_follow(request, self.crawler.spider):
            host = urlparse_cached(request).hostname
            logger.warning("Not fetched (another site): %s", request.url)
            self.stats.inc_value("not_fetched/another_site")
            raise IgnoreRequest(f"another site: {host}")
