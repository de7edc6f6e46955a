"""Reads articles, their further pages and the Related Posts that follow from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse

from newscrawl.discovery import EXPLICIT, LISTED, RELATED, related
from newscrawl.draft import UnchangedPage
from newscrawl.extraction import open_page, stamp
from newscrawl.spiders import outcomes
from newscrawl.spiders.parts import append_parts
from newscrawl.spiders.run import RunSpider
from newscrawl.truncation import FLAG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.http import TextResponse

    from newscrawl.draft import Draft


_GIVEN = LISTED | {EXPLICIT}


class ArticleSpider(RunSpider):
    """Hands article pages to their page class."""

    async def parse_article(
        self, response: TextResponse, hops: int = 0
    ) -> AsyncIterator[Draft | UnchangedPage | Request]:
        """Read an article, its further pages and its Related Posts."""
        if response.status == 304:
            yield UnchangedPage(response.meta["article"])
            return
        if not isinstance(response, HtmlResponse):
            outcomes.not_article(self, response, "not_html")
            return
        headers = outcomes.header_texts(response)
        page = open_page(response.selector, response.url, self.addresses, headers=headers)
        if reason := page.reason_against():
            outcomes.not_article(self, response, reason)
            return
        whole = await append_parts(page, self, response)
        draft = page.draft()
        article = draft.article
        stamp(article, page, datetime.now(UTC))
        if not whole or FLAG in response.flags:
            article.flags.append(FLAG)
        asked = self.addresses.canonical(response.meta.get("redirect_urls", [response.url])[0])
        article.discovered_via = self.frontier.channels(asked, article.url)
        if self.scope.covers(article.sections) or _GIVEN & {*article.discovered_via}:
            yield draft
        else:
            self.frontier.set_aside(asked)
            response.meta["excluded"] = "section"
            outcomes.count(self, "outside/section")
        follows = RELATED in self.arguments.discover and not self.arguments.urls
        if follows and hops < related.MAX_HOPS:
            cards = related.followed(article.related, self.scope, self.arguments.related)
            for request in self.article_requests(cards, RELATED, hops + 1):
                yield request
