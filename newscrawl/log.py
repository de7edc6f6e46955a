"""What a run says of each item: one line, no control characters, never the whole item."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

from newscrawl.items import Article

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class OneLineFormatter(LogFormatter):
    """Names an article by id and headline; headlines are folded when they are read."""

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Return the line of an item that goes to the dump."""
        name = f"{item.id} {item.headline}" if isinstance(item, Article) else type(item).__name__
        return {"level": logging.DEBUG, "msg": "Written: %(name)s", "args": {"name": name}}

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """Return the line of an item that does not."""
        level = getattr(exception, "log_level", None)
        if isinstance(level, str):
            level = logging.getLevelName(level)
        return {
            "level": level if isinstance(level, int) else logging.WARNING,
            "msg": "Not written: %(reason)s",
            "args": {"reason": " ".join(str(exception).split())},
        }
