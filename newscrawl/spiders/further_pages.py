"""The further pages of an article, fetched and appended before it is yielded.

See decision 9 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.middlewares import blocked
from newscrawl.pages import scripted
from newscrawl.pages.truncation import FLAG
from newscrawl.spiders.rendering import ARTICLE

if TYPE_CHECKING:
    from scrapy.http import Response

    from newscrawl.pages.jnews import JNewsArticlePage
    from newscrawl.spiders.rendering import RenderingSpider

logger = logging.getLogger("newscrawl.spider")


async def append_parts(page: JNewsArticlePage, spider: RenderingSpider, response: Response) -> bool:
    """Fetch and append the further pages; return whether the article is complete.

    All pages belong to the lease of the first one.
    """
    for url in page.parts():
        request = Request(
            spider.context.addresses.fetchable(url),
            callback=NO_CALLBACK,
            priority=response.request.priority + 1 if response.request else 1,
        )
        try:
            part = await spider.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - the downloader may raise anything; the first page is kept
            logger.warning("A further page was not fetched (%s): %s", type(error).__name__, url)
            spider.crawler.stats.inc_value("parts/failed")
            return False
        number = spider.context.addresses.understand(part.url).part
        is_readable = part.status == 200 and number != 1 and blocked.kind(part) is None
        if not is_readable or not isinstance(part, HtmlResponse):
            logger.warning("A further page is not available (HTTP %d): %s", part.status, url)
            spider.crawler.stats.inc_value("parts/failed")
            return False
        if gap := scripted.article_gap(part.selector.root):
            rendered = await spider.in_browser(part, gap, ARTICLE)
            if rendered is None:
                spider.crawler.stats.inc_value("parts/failed")
                return False
            part = rendered
        if not page.append(part.selector) or FLAG in part.flags:
            spider.crawler.stats.inc_value("parts/failed")
            return False
        spider.crawler.stats.inc_value("parts/appended")
    return True
