"""The day's budget of a site, for commands that send requests without a run."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.ledger.store.database import Session


class DailyBudget:
    """Counts what is sent towards DAILY_MAX_REQUESTS and DAILY_MAX_BYTES, as crawls do."""

    def __init__(self, crawler: Crawler, ledger: tuple[Any, str], timezone: str) -> None:
        """Store the arguments and listen to the crawler.

        Args:
            crawler: sends the requests.
            ledger: its URL, and the site that it belongs to; it must exist.
            timezone: of the site, whose days count.
        """
        self._ledger, self._zone = ledger, ZoneInfo(timezone)
        self._max_requests = crawler.settings.getint("DAILY_MAX_REQUESTS")
        self._max_bytes = crawler.settings.getint("DAILY_MAX_BYTES")
        self._session: Session | None = None
        self._new = [0, 0]
        self._used = (0, 0)
        crawler.signals.connect(self.reached, signals.request_reached_downloader)
        crawler.signals.connect(self.downloaded, signals.response_downloaded)

    def reached(self) -> None:
        """Count a request."""
        self._new[0] += 1

    def downloaded(self, response: Response) -> None:
        """Count the bytes of an answer."""
        self._new[1] += len(response.body)

    @property
    def left(self) -> float:
        """How many requests may still be sent today."""
        if self._max_bytes and self._used[1] >= self._max_bytes:
            return 0
        return max(0, self._max_requests - self._used[0]) if self._max_requests else float("inf")

    @property
    def limit(self) -> str:
        """The setting that is used up, with its value."""
        if self._max_bytes and self._used[1] >= self._max_bytes:
            return f"DAILY_MAX_BYTES {self._max_bytes:,}"
        return f"DAILY_MAX_REQUESTS {self._max_requests:,}"

    async def write(self) -> None:
        """Add what was sent to the ledger, and read what all crawls have used today.

        Raises:
            LedgerError: the ledger cannot be used.
        """
        (requests, size), self._new = self._new, [0, 0]
        self._used = await asyncio.to_thread(self._add, requests, size)

    def _add(self, requests: int, size: int) -> tuple[int, int]:
        from newscrawl.ledger.store import daily_usage, database

        if self._session is None:
            self._session = database.Session(database.open_ledger(*self._ledger, create=False))
        day = datetime.now(self._zone).date().isoformat()
        with self._session.begin() as connection:
            return daily_usage.add(connection, None, day, requests, size)

    async def close(self) -> None:
        """Write what is left."""
        await self.write()
        if self._session is not None:
            self._session.close()
