"""Requests to the site's own hosts and ports only.

See decisions 14 and 143 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.context import of as context_of
from newscrawl.middlewares.addresses import (
    ADDRESS_BLOCKED,
    AddressBlockedError,
    AddressPolicy,
    reason_against_host,
)
from newscrawl.middlewares.redirects import AnotherSchemeError, is_redirected_robots
from newscrawl.outcomes import counters
from newscrawl.sites.host_names import origin_of

if TYPE_CHECKING:
    from collections.abc import Container

    from scrapy import Request, Spider


class AnotherSiteError(IgnoreRequest):
    """A request to a host or port that is not one of the site's."""

    def __init__(self, url: str, own_hosts: Container[str] = ()) -> None:
        _, host, port = origin_of(url) or ("", "none", 0)
        # Only the port is another.
        end = f":{port}" if host in own_hosts else ""
        self.is_address_blocked = reason_against_host(host) == ADDRESS_BLOCKED
        """Whether the host is besides one that may never be connected to."""
        start = f"{ADDRESS_BLOCKED}: " if self.is_address_blocked else ""
        super().__init__(f"{start}another site: {host}{end}")
        self.url = url


class CredentialsError(IgnoreRequest):
    """A request to an address with a user name or a password, as no page of a newspaper has."""

    def __init__(self) -> None:
        super().__init__("address_with_credentials")


class SiteHostsMiddleware(OffsiteMiddleware):
    """Drops requests to hosts and ports other than those of the site.

    Unlike Scrapy's own it does not allow subdomains, which are other sites (tv.example.it for
    example), nor requests with `dont_filter`, as start requests and their redirects have. A
    robots.txt may lead elsewhere (RFC 9309, 2.3.1.2).
    """

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Return whether the request goes to a host and port of the site."""
        context = context_of(self.crawler)
        if context is None:
            return super().should_follow(request, spider)
        return origin_of(request.url) in context.origins

    def request_scheduled(self, request: Request, spider: Spider) -> None:
        """Accept every request here: what the scheduler does not get has no errback."""
        if context_of(self.crawler) is None:
            super().request_scheduled(request, spider)

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Accept a request to the site.

        Raises:
            CredentialsError: its address has a user name or a password.
            AnotherSchemeError: it is not for an http address.
            AddressBlockedError: its host is an IP address that is not public.
            AnotherSiteError: it is for another site.
        """
        context = context_of(self.crawler)
        if context is None:
            super().process_request(request, spider)
            return
        origin = origin_of(request.url)
        if origin in context.origins:
            if "@" in urlparse_cached(request).netloc:
                raise CredentialsError
            return
        if origin is None:
            raise AnotherSchemeError(request.url)
        AddressPolicy(context.trusted_origin).check_name(origin)
        if not is_redirected_robots(request):
            raise AnotherSiteError(request.url, {host for _, host, _ in context.origins})

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count what was refused because of its address, here or when connecting."""
        is_blocked = isinstance(exception, AddressBlockedError)
        if is_blocked or getattr(exception, "is_address_blocked", False):
            self.crawler.stats.inc_value(counters.ADDRESSES_BLOCKED)
