"""A downloader that records latencies of a test's choice: real ones would take minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.ledger.scrapy.downloader import ThrottledDownloader

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

USUAL_ANSWERS = 20
"""Answers after which the latency changes."""


class ChosenLatencies(ThrottledDownloader):
    """Records 0.1 s for the first pages, then the setting TEST_LATENCY."""

    answers = 0

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Replace the time that an answer took."""
        if response.status == 200:
            self.answers += 1
            is_usual = self.answers <= USUAL_ANSWERS
            latency = 0.1 if is_usual else self.crawler.settings.getfloat("TEST_LATENCY")
            request.meta["download_latency"] = latency
        super().response_downloaded(response, request)
