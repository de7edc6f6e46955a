"""Reads articles, their further pages and the Related Posts that follow from them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.http import HtmlResponse

from newscrawl.discovery import EXPLICIT, LISTED, RELATED, related
from newscrawl.extraction.extract import open_page, stamp
from newscrawl.items.draft import UnchangedPage
from newscrawl.pages import scripted
from newscrawl.pages.truncation import FLAG
from newscrawl.spiders import outcomes
from newscrawl.spiders.further_pages import append_parts
from newscrawl.spiders.rendering import ARTICLE, RenderingSpider

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy import Request
    from scrapy.http import TextResponse

    from newscrawl.items.draft import Draft
    from newscrawl.pages.jnews import JNewsArticlePage


_ALWAYS_COVERED = LISTED | {EXPLICIT}
_FEW_WORDS = 20
"""Words of an article: a page with fewer is searched for content that a script would load."""


class ArticleSpider(RenderingSpider):
    """Passes article pages to their page class."""

    async def parse_article(
        self, response: TextResponse, depth: int = 0
    ) -> AsyncIterator[Draft | UnchangedPage | Request]:
        """Read an article, its further pages and its Related Posts."""
        if response.status == 304:
            yield UnchangedPage(response.meta["article"])
            return
        page = await self._article_page(response)
        if page is None:
            return
        is_complete = await append_parts(page, self, response)
        draft = page.draft()
        article = draft.article
        stamp(article, page, datetime.now(UTC))
        if not is_complete or FLAG in response.flags:
            article.flags.append(FLAG)
        requested_url = self.context.addresses.canonical(
            response.meta.get("redirect_urls", [response.url])[0]
        )
        article.discovered_via = self.context.discovery.channels(requested_url, article.url)
        if self.context.scope.covers(article.sections) or _ALWAYS_COVERED & {
            *article.discovered_via
        }:
            yield draft
        else:
            self.context.discovery.mark_outside(requested_url)
            response.meta["excluded"] = "section"
            outcomes.count(self, "outside/section")
        arguments = self.context.arguments
        follows = RELATED in arguments.discover and not arguments.urls
        if follows and depth < related.MAX_DEPTH:
            urls = related.followed(
                article.related, self.context.scope, self.context.arguments.related
            )
            for request in self.article_requests(urls, RELATED, depth + 1):
                yield request

    async def _article_page(self, response: TextResponse) -> JNewsArticlePage | None:
        """Return an article's page, opened in the browser if needed; None if not an article."""
        if not isinstance(response, HtmlResponse):
            outcomes.not_article(self, response, "not_html")
            return None
        page = self._page(response)
        gap = _gap(page, response)
        if gap or (self.renders_all and not page.not_article_reason()):
            rendered = await self.in_browser(response, gap, ARTICLE)
            if "failure" in response.meta:
                return None
            if rendered is not None:
                page = self._page(rendered)
                gap = "not_filled" if _gap(page, rendered) else None
            elif gap:
                gap = "needs_browser"
        if reason := gap or page.not_article_reason():
            outcomes.not_article(self, response, reason)
            return None
        return page

    def _page(self, response: HtmlResponse) -> JNewsArticlePage:
        headers = outcomes.header_texts(response)
        return open_page(response.selector, response.url, self.context.addresses, headers=headers)


def _gap(page: JNewsArticlePage, response: HtmlResponse) -> str | None:
    """Return what shows that a script would load the article; only short pages are searched."""
    if page.not_article_reason() not in {None, "no_article"} or page.word_count() >= _FEW_WORDS:
        return None
    return scripted.article_gap(response.selector.root)
