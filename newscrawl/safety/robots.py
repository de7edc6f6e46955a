"""robots.txt, with one line where Scrapy logs a traceback."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares import robotstxt

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class _WithoutTraceback(logging.Filter):
    """Takes the traceback from a record: that a host does not answer is no bug."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


_FILTER = _WithoutTraceback()


class RobotsMiddleware(robotstxt.RobotsTxtMiddleware):
    """Obeys robots.txt as Scrapy does."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        robotstxt.logger.addFilter(_FILTER)
