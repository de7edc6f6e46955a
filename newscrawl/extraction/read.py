"""Decides what a page is: an article, another page, or one that a script would fill.

A crawl and `newscrawl.extract` read pages by this alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from newscrawl.extraction import page_classes
from newscrawl.pages import block_page, charset, scripted
from newscrawl.pages.cards import MAX_RELATED, RELATED_CUT
from newscrawl.pages.identity import PROTECTED
from newscrawl.pages.nesting import limit_nesting
from newscrawl.pages.substitute_text import MAX_WORDS
from newscrawl.pages.truncation import FLAG
from newscrawl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from parsel import Selector

    from newscrawl.items import Article
    from newscrawl.items.draft import Draft
    from newscrawl.pages.article_page import BaseArticlePage
    from newscrawl.urls import SiteUrls

_FEW_WORDS = 20
"""Words of an article: a page with fewer is searched for content that a script would load."""


@dataclass(frozen=True, slots=True)
class NotArticle:
    """A page that is not an article."""

    reason: str
    article_id: str | None = None
    """The article that it would show for a password."""
    is_wall: bool = False
    """Whether the site blocks the crawler in the article's place; the reason is the kind."""


@dataclass(frozen=True, slots=True)
class NeedsBrowser:
    """A page that a script would fill."""

    gap: str
    """What shows it."""
    reason: str | None
    """Why the page is not an article as it was sent; None if it may be one."""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """A page that is an article; further pages may be appended to `page` before the draft."""

    page: BaseArticlePage

    def draft(self, fetched_at: datetime, *, is_whole: bool) -> Draft:
        """Return the article, all but its dates.

        Args:
            fetched_at: aware time of the fetch.
            is_whole: whether nothing of the article is missing.
        """
        draft = self.page.draft()
        stamp(draft.article, fetched_at, self.page.NAME)
        if not is_whole:
            draft.article.flags.append(FLAG)
        if len(draft.article.related) > MAX_RELATED:
            del draft.article.related[MAX_RELATED:]
            draft.article.flags.append(RELATED_CUT)
        if has_unreadable(draft.article):
            draft.article.flags.append(charset.FLAG)
        return draft


def has_unreadable(article: Article) -> bool:
    """Return whether a text of an article has U+FFFD, as a page may refer to it by number."""
    texts = [article.headline, article.subtitle, article.body, *article.keywords, *article.sections]
    texts += [author.name for author in article.authors]
    texts += [post.headline for post in article.related]
    texts += [link.text for link in article.links]
    for image in (*article.images, *([article.image] if article.image else [])):
        texts += image.caption, image.credit, image.alt
    return any(map(charset.has_unreadable, texts))


def stamp(article: Article, fetched_at: datetime, reader: str) -> None:
    """Set when an article was read (aware) and by which reader."""
    moment = fetched_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    article.fetched_at = article.first_seen_at = moment
    article.extractor = f"newscrawl/{__version__} {reader}"


def read(
    selector: Selector,
    url: str,
    urls: SiteUrls,
    *,
    headers: Mapping[str, Sequence[str]] | None = None,
    is_shallow: bool = False,
) -> ArticlePage | NotArticle | NeedsBrowser:
    """Return what a page is.

    Args:
        selector: the parsed page; elements that are nested too deep are moved.
        url: address of the page, after redirects.
        urls: the site's addresses.
        headers: field lines of the response's headers by name in lower case.
        is_shallow: whether the page is known to have no such elements.
    """
    if not is_shallow:
        limit_nesting(selector.root)
    page = open_page(selector, url, urls, headers=headers)
    reason = page.not_article_reason()
    # Only short pages are searched.
    words = page.word_count() if reason in {None, "no_article"} else MAX_WORDS
    if reason is None and words < MAX_WORDS:
        substitute = page.substitute()
        if substitute is not None:
            return NotArticle(substitute, is_wall=substitute in block_page.KINDS)
    if words < _FEW_WORDS:
        gap = scripted.article_gap(selector.root)
        if gap is not None:
            return NeedsBrowser(gap, reason)
    if reason is None:
        return ArticlePage(page)
    is_protected = reason == PROTECTED and page.identity.post_id is not None
    return NotArticle(reason, page.identity.id if is_protected else None)


def open_page(
    selector: Selector,
    url: str,
    urls: SiteUrls,
    *,
    headers: Mapping[str, Sequence[str]] | None = None,
) -> BaseArticlePage:
    """Return the page object: of the first class whose markup the page has.

    They are the site's own, WordPress's, and the generic one.
    """
    page = page_classes.article_page(urls.site)(selector, url, urls, headers=headers)
    if page.is_themed() or page.not_article_reason():
        return page
    identity = page.identity
    page = page_classes.wordpress_page(urls.site)(selector, url, urls, headers=headers)
    page.identity = identity
    if page.is_themed():
        return page
    page = page_classes.generic_page(urls.site)(selector, url, urls, headers=headers)
    page.identity = identity
    return page
