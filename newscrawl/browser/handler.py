"""Scrapy's download handler: checked connections, and requests for pages in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadFailedError

from newscrawl.browser import session
from newscrawl.browser.render_request import META
from newscrawl.context import of as context_of
from newscrawl.middlewares.addresses import AddressPolicy
from newscrawl.middlewares.connections import CertificateError, CertificatePolicy, CheckedPool
from newscrawl.middlewares.page_text import PageBoundError
from newscrawl.outcomes import counters
from newscrawl.scrapy_internals import bound_headers, replace_connections
from newscrawl.sites.host_names import origin_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.sites.host_names import Origin


MAX_HEADERS = 256 * 1024
"""Bytes of a response's headers, as in Chromium; a body may begin in the last of them."""
_TOO_LARGE = "headers too large"


class BrowserDownloadHandler(HTTP11DownloadHandler):
    """Connects to public addresses; opens a page in the browser if it has a `RenderRequest`.

    The handler of scrapy-playwright would start a driver process for each scheme in each crawl.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = session.of(crawler)
        bound_headers(self, MAX_HEADERS, _refuse)
        self._own_crawler = crawler
        self._certificates: CertificatePolicy | None = None
        replace_connections(self, self._checked)

    def _checked(self, pool: object, tls: object) -> tuple[object, object]:
        settings = self._own_crawler.settings
        if settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            tls = self._certificates = CertificatePolicy(tls)
        return CheckedPool(pool, tls, self._addresses, settings.getfloat("DOWNLOAD_TIMEOUT")), tls

    def _addresses(self) -> AddressPolicy | None:
        """Return what judges addresses; None in `scrapy fetch` and others, where all are typed."""
        context = context_of(self._own_crawler)
        return None if context is None else AddressPolicy(context.trusted_origin)

    async def download_request(self, request: Request) -> Response:
        """Return the response, or the rendered page of the request's `RenderRequest`.

        Raises:
            AddressBlockedError: it would be from an address that is not public.
            PageBoundError: the headers of the response are too large.
            CertificateError: the host has a certificate that does not prove its name.
        """
        if META in request.meta:
            return await self._browser.fetch(request)
        origin = origin_of(request.url)
        self._prepare(request, origin)
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            # Another try would not be shorter.
            if _TOO_LARGE in str(error):
                raise PageBoundError(_TOO_LARGE) from None
            if self._certificates is None or origin is None:
                raise
            kind = self._certificates.refused.pop(origin[1:], None)
            if kind is None:
                raise
            self._own_crawler.stats.inc_value(f"{counters.CERTIFICATES_REFUSED}{kind}")
            raise CertificateError(kind) from None

    def _prepare(self, request: Request, origin: Origin | None) -> None:
        """Judge the name that a proxy would resolve; keep what is for the site to the site."""
        context, addresses = context_of(self._own_crawler), self._addresses()
        if context is None or addresses is None:
            return
        if origin is not None and request.meta.get("proxy"):
            addresses.check_name(origin, behind_proxy=True)
        if origin not in context.origins:
            # Default headers are set again after a redirect.
            for name in ("Authorization", "Cookie"):
                request.headers.pop(name, None)

    async def close(self) -> None:
        """Close the browser and the connections."""
        await self._browser.close()
        await super().close()


def _refuse(_: bytes) -> NoReturn:
    raise ValueError(_TOO_LARGE)
