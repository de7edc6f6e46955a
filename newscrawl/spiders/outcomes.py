"""What a spider says and counts about each outcome: nothing happens silently."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl import finish_reasons
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


def word(failure: Failure) -> str:
    """Return why a request failed, in a few words and without a line break."""
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
    """End the run when the home page's host did not answer at all or must not be asked.

    Raises:
        CloseSpider: `site_unreachable`, `robots_forbidden` or `robots_unavailable`.
    """
    url = failure.request.url  # type: ignore[attr-defined]
    if isinstance(failure.value, HttpError):
        logger.warning("No menu: %s answered %s", url, word(failure))
        return
    if isinstance(failure.value, RobotsUnavailableError):
        raise CloseSpider(failure.value.reason)
    is_forbidden = isinstance(failure.value, IgnoreRequest)
    spider.crawler.stats.set_value(finish_reasons.DETAIL, f"{url}: {word(failure)}")
    raise CloseSpider(
        finish_reasons.ROBOTS_FORBIDDEN if is_forbidden else finish_reasons.SITE_UNREACHABLE
    )


def menu_changed(spider: Spider, section: Section, usual: list[str]) -> None:
    """Say that the menu names no such section."""
    logger.warning(
        "The menu has no section %r: trying its usual addresses, %s first",
        section.label,
        usual[0],
    )
    count(spider, "menu/section_missing")


def section_not_found(spider: Spider, pagination: Pagination, why: str) -> None:
    """Say that none of a section's addresses is an archive."""
    logger.error(
        "No archive of section %r was found: %s, %s", pagination.section, pagination.url, why
    )
    count(spider, "archive/not_found")
    spider.crawler.stats.set_value(
        finish_reasons.DETAIL, f"no archive of section {pagination.section}"
    )


def archive_broken_off(spider: Spider, pagination: Pagination, failure: Failure) -> str:
    """Count how an archive's walk ended at a page that was not fetched; return why."""
    why = word(failure)
    archive_ended(spider, pagination, why)
    if _is_missed(failure):
        count(spider, "archive/broken_off")
    return why


def archive_ended(spider: Spider, pagination: Pagination, why: str) -> None:
    """Count how an archive's walk ended."""
    reason = why.replace(" ", "_").lower()
    logger.info("Archive of %s ends at page %d: %s", pagination.section, pagination.page, why)
    count(spider, f"archive/ended/{reason.split(':')[0][:40]}")


def newest(spider: Spider, published: datetime | None) -> None:
    """Note the youngest publication that the site itself shows, in seconds since 1970."""
    if published is not None:
        spider.crawler.stats.max_value("site/newest", int(published.timestamp()))


def more_refused(spider: Spider, pagination: Pagination, why: str) -> None:
    """Say that a block would not give more, and that page numbers are used instead."""
    logger.info("%s gives no more on request (%s): going on by page numbers", pagination.url, why)
    count(spider, "archive/more_refused")


def no_source(spider: Spider, url: str, why: str) -> None:
    """Say that a feed, a sitemap or REST tells nothing."""
    logger.info("No word from %s: %s", url, why)
    count(spider, "sources/unreadable")


def not_article(spider: Spider, response: Response, reason: str) -> None:
    """Count and name a page that is no article."""
    logger.info("Not an article (%s): %s", reason, response.url)
    response.meta["excluded"] = f"not_article: {reason}"
    count(spider, f"not_article/{reason}")


def not_fetched(spider: Spider, failure: Failure) -> None:
    """Count and name an article's address that could not be fetched.

    One that the site says is not there, or that may not be asked for, is not missed.
    """
    why = word(failure)
    if _is_missed(failure):
        count(spider, "pages/missed")
    logger.warning("Not fetched (%s): %s", why, failure.request.url)  # type: ignore[attr-defined]
    count(spider, f"not_fetched/{why.split(':')[0].replace(' ', '_')}")


def _is_missed(failure: Failure) -> bool:
    """Return whether a page that is wanted and there was not fetched."""
    # Scrapy's HttpError is an IgnoreRequest too.
    is_refused = isinstance(failure.value, IgnoreRequest) and not isinstance(
        failure.value, HttpError
    )
    return not is_missing(failure) and not is_refused


def is_missing(failure: Failure) -> bool:
    """Return whether the site says that a page is not there."""
    error = failure.value
    return isinstance(error, HttpError) and error.response.status in {404, 410}


def not_asked(spider: Spider, address: Address) -> None:
    """Count and name an address that cannot be an article's, and is not asked for."""
    logger.warning("Not asked for (%s, not an article): %s", address.kind.value, address.url)
    count(spider, f"not_asked/{address.kind.value}")


def header_texts(response: Response) -> dict[str, str]:
    """Return the response's headers with names in lower case."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
