"""Log messages and counters of a spider: each outcome has one of each."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.outcomes import finish_reasons
from newscrawl.middlewares.blocked import BlockedError
from newscrawl.middlewares.robots import RobotsUnavailableError

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Spider
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.discovery.archive import Pagination
    from newscrawl.sites import Section
    from newscrawl.urls import Address

logger = logging.getLogger("newscrawl.spider")


def count(spider: Spider, key: str) -> None:
    """Add one to a counter of the run."""
    spider.crawler.stats.inc_value(key)


def failure_reason(failure: Failure) -> str:
    """Return why a request failed: a short text in one line."""
    error = failure.value
    if isinstance(error, BlockedError):
        return f"blocked {error.kind}"
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, IgnoreRequest):
        return str(error) or "ignored"
    text = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def unreachable(spider: Spider, failure: Failure) -> None:
    """End the run when the home page's host did not respond or must not be requested.

    Raises:
        CloseSpider: `site_unreachable`, `robots_forbidden` or `robots_unavailable`.
    """
    url = failure.request.url  # type: ignore[attr-defined]
    if isinstance(failure.value, HttpError):
        logger.warning("No menu: %s returned %s", url, failure_reason(failure))
        return
    if isinstance(failure.value, RobotsUnavailableError):
        raise CloseSpider(failure.value.reason)
    is_forbidden = isinstance(failure.value, IgnoreRequest)
    spider.crawler.stats.set_value(finish_reasons.DETAIL, f"{url}: {failure_reason(failure)}")
    raise CloseSpider(
        finish_reasons.ROBOTS_FORBIDDEN if is_forbidden else finish_reasons.SITE_UNREACHABLE
    )


def menu_changed(spider: Spider, section: Section, usual: list[str]) -> None:
    """Log and count that the menu does not have a section."""
    logger.warning(
        "The menu has no section %r: trying its usual addresses, %s first",
        section.label,
        usual[0],
    )
    count(spider, "menu/section_missing")


def section_not_found(spider: Spider, pagination: Pagination, reason: str) -> None:
    """Log and count that none of a section's addresses is an archive."""
    logger.error(
        "No archive of section %r was found: %s, %s", pagination.section, pagination.url, reason
    )
    count(spider, "archive/not_found")
    spider.crawler.stats.set_value(
        finish_reasons.DETAIL, f"no archive of section {pagination.section}"
    )


def archive_interrupted(spider: Spider, pagination: Pagination, failure: Failure) -> str:
    """Count an archive whose next page was not fetched; return the reason."""
    reason = failure_reason(failure)
    archive_ended(spider, pagination, reason)
    if _is_missed(failure):
        count(spider, "archive/broken_off")
    return reason


def archive_ended(spider: Spider, pagination: Pagination, reason: str) -> None:
    """Log and count why the pagination of an archive ended."""
    logger.info("Archive of %s ends at page %d: %s", pagination.section, pagination.page, reason)
    key = reason.replace(" ", "_").lower().split(":")[0][:40]
    count(spider, f"archive/ended/{key}")


def note_newest(spider: Spider, published: datetime | None) -> None:
    """Record the latest publication that the site itself lists, in seconds since 1970."""
    if published is not None:
        spider.crawler.stats.max_value("site/newest", int(published.timestamp()))


def more_refused(spider: Spider, pagination: Pagination, reason: str) -> None:
    """Log and count a failed request to a block; page numbers are used instead."""
    logger.info("No more from the block of %s (%s): using page numbers", pagination.url, reason)
    count(spider, "archive/more_refused")


def no_source(spider: Spider, url: str, reason: str) -> None:
    """Log and count a feed, sitemap or REST list that could not be read."""
    logger.info("Source not read: %s: %s", url, reason)
    count(spider, "sources/unreadable")


def not_article(spider: Spider, response: Response, reason: str) -> None:
    """Log and count a page that is not an article."""
    logger.info("Not an article (%s): %s", reason, response.url)
    response.meta["excluded"] = f"not_article: {reason}"
    count(spider, f"not_article/{reason}")


def not_fetched(spider: Spider, failure: Failure) -> None:
    """Log and count an article that could not be fetched.

    It is missed unless the site says that it does not exist or must not be requested.
    """
    reason = failure_reason(failure)
    if _is_missed(failure):
        count(spider, "pages/missed")
    logger.warning("Not fetched (%s): %s", reason, failure.request.url)  # type: ignore[attr-defined]
    count(spider, f"not_fetched/{reason.split(':')[0].replace(' ', '_')}")


def _is_missed(failure: Failure) -> bool:
    """Return whether a page that should exist was not fetched."""
    # Scrapy's HttpError is an IgnoreRequest too.
    is_refused = isinstance(failure.value, IgnoreRequest) and not isinstance(
        failure.value, HttpError
    )
    return not is_missing(failure) and not is_refused


def is_missing(failure: Failure) -> bool:
    """Return whether the site says that a page does not exist."""
    error = failure.value
    return isinstance(error, HttpError) and error.response.status in {404, 410}


def not_requested(spider: Spider, address: Address) -> None:
    """Log and count an address that cannot be an article's, and is not requested."""
    logger.warning("Not requested (%s, not an article): %s", address.kind.value, address.url)
    count(spider, f"not_asked/{address.kind.value}")


def header_texts(response: Response) -> dict[str, str]:
    """Return the headers of a response as text, their names in lower case."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
