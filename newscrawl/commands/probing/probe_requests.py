"""A few polite requests, one after another, with what a crawl sends and obeys."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.commands.probing.site_report import CLOSED, FORBIDDEN, MISSING, NOT_READ, UNREADABLE
from newscrawl.middlewares import blocked
from newscrawl.middlewares.blocked import BlockedError
from newscrawl.outcomes import finish_reasons
from newscrawl.rights.robots_txt import RobotsTxt
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

    from newscrawl.commands.probing.daily_budget import DailyBudget

MAX_REQUESTS = 25
"""Requests of one probe, robots.txt, redirects and retries included."""
_RESERVE = 2
"""Requests that are kept for the robots.txt of another of the site's hosts."""
_MAX_REDIRECTS = 5
_NOT_REQUESTED = "not requested"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a request, or why there is none."""

    url: str
    response: Response | None = None
    failure: SourceFailure | None = None

    @property
    def page(self) -> HtmlResponse | None:
        """The page, if HTML was sent with a good status."""
        is_page = (
            isinstance(self.response, HtmlResponse)
            and bool(self.response.body.strip())
            and hasattr(self.response.selector.root, "iter")
        )
        return self.response if is_page else None  # type: ignore[return-value]

    @property
    def body(self) -> bytes:
        """The body, empty without an answer."""
        return self.response.body if self.response is not None else b""

    @property
    def reason(self) -> str:
        """Why there is no page; empty if there is one."""
        if self.failure is not None:
            return self.failure.reason
        if self.page is not None:
            return ""
        return "is not an HTML page" if self.body.strip() else "is empty"


class Requests:
    """Sends a few requests and counts them."""

    def __init__(
        self, crawler: Crawler, limit: int = MAX_REQUESTS, retries: int | None = None
    ) -> None:
        """Store the arguments and listen to the crawler.

        Args:
            crawler: sends the requests.
            limit: how many, robots.txt, redirects and retries included.
            retries: how often each is sent again; None: once, while most of them are left.
        """
        self._crawler = crawler
        self._limit, self._retries = limit, retries
        self.count = 0
        self.kept = 0
        """Requests that are kept for what is more important than the next ones."""
        self.robots: Response | None = None
        """The last answer of a robots.txt."""
        self.rules = RobotsTxt()
        """What the robots.txt that was read last says to us."""
        self.budget: DailyBudget | None = None
        """The site's budget of the day, if a ledger holds it."""
        connect = crawler.signals.connect
        connect(self.reached, signals.request_reached_downloader)
        connect(self.downloaded, signals.response_downloaded)
        connect(self.parsed, signals.robots_parsed)

    def reached(self, request: Request) -> None:
        """Count a request."""
        self.count += 1

    def downloaded(self, response: Response, request: Request) -> None:
        """Keep the answer of robots.txt, which may be at another address."""
        urls = [*request.meta.get("redirect_urls", []), request.url]
        if any(urlsplit(url).path == "/robots.txt" for url in urls):
            self.robots = response

    def parsed(self, robotparser: RobotsTxt) -> None:
        """Keep what a robots.txt says."""
        self.rules = robotparser

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return self._limit - _RESERVE - self.kept - self.count

    def allows(self, url: str) -> bool:
        """Return whether robots.txt allows an address."""
        return self.rules.allows(url)

    async def send(
        self,
        url: str,
        *,
        form: str | None = None,
        headers: Mapping[str, str] | None = None,
        is_page: bool = False,
    ) -> Answer:
        """Request an address and return the answer; one that is not needed is not requested.

        Args:
            url: where to fetch it from.
            form: the body of a POST request.
            headers: those that differ from the usual.
            is_page: whether a block page in its place is a failure.
        """
        if self.left <= 0:
            reason = f"{_NOT_REQUESTED}: {self._limit:,} requests are the limit"
            return Answer(url, failure=SourceFailure(reason))
        if self.budget is not None:
            await self.budget.write()
            # The first request reads robots.txt too.
            if self.budget.left < (1 if self.count else 2):
                reason = f"{_NOT_REQUESTED}: {self.budget.limit} is used up today"
                return Answer(
                    url, failure=SourceFailure(reason, finish_reason=finish_reasons.DAILY_LIMIT)
                )
        await asyncio.sleep(self._crawl_delay())
        left = self.left if self.budget is None else int(min(self.left, self.budget.left))
        retries = int(self.left > self._limit // 2) if self._retries is None else self._retries
        meta = {
            "redirect_ttl": min(left - 1, _MAX_REDIRECTS),
            "max_retry_times": min(retries, left - 1),
        }
        request = Request(
            url,
            method="GET" if form is None else "POST",
            body=form or "",
            headers=dict(headers or {}),
            meta=meta,
            dont_filter=True,
        )
        assert self._crawler.engine is not None
        try:
            response = await self._crawler.engine.download_async(request)
            _check(response, is_page=is_page)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a result of the probe
            return Answer(url, failure=SourceFailure.of_error(error))
        return Answer(url, response)

    def _crawl_delay(self) -> float:
        """Return the host's Crawl-delay in seconds; 0 where the downloader waits for it."""
        assert self._crawler.engine is not None
        from newscrawl.ledger.scrapy.downloader import ThrottledDownloader

        downloader = self._crawler.engine.downloader
        if isinstance(downloader, ThrottledDownloader) and downloader.uses_host_slots():
            return 0.0
        return self.rules.crawl_delay or 0.0


def _check(response: Response, *, is_page: bool) -> None:
    """Raise an error if an answer is not usable."""
    kind = blocked.kind(response) if is_page else None
    if kind is not None and 200 <= response.status < 300:
        raise BlockedError(response, kind)
    if not 200 <= response.status < 300:
        raise HttpError(response)


def text_of(response: Response | None) -> str:
    """Return the text of an answer, whatever type it says it has."""
    if isinstance(response, TextResponse):
        return response.text
    return "" if response is None else response.body.decode("utf-8", "replace")


def state_of(failure: SourceFailure) -> str:
    """Return the state of a source that could not be read."""
    if failure.reason.startswith(_NOT_REQUESTED):
        return NOT_READ
    if failure.is_forbidden:
        return FORBIDDEN
    if failure.status in {401, 403}:
        return CLOSED
    return MISSING if failure.is_missing else UNREADABLE
