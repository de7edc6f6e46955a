"""Reads the articles of an archived page: the same functions as in a crawl, in the same order."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from newscrawl.bulk.archived_page import ArchivedPage
from newscrawl.bulk.finished_article import finished
from newscrawl.extraction.extract import stated_address, urls_of_page
from newscrawl.extraction.fetched_page import (
    TWIN_HEADER,
    FetchedArticle,
    read_fetched,
    with_flags,
)
from newscrawl.extraction.read import stamp
from newscrawl.pages import rest_article
from newscrawl.pages.rest_article import RestArticle, not_article_reason
from newscrawl.pages.rest_records import PostRecord, RecordError, decode
from newscrawl.rights.policy import RECORD
from newscrawl.sites.host_names import web_address

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.bulk.archived_page import ArchivedPosts
    from newscrawl.bulk.site_documents import SiteDocuments
    from newscrawl.items import Article
    from newscrawl.rights.site_rights import SiteRights
    from newscrawl.urls import SiteUrls

_MAX_RIGHTS = 100
UNKNOWN_SITE, NO_ADDRESS, BAD_ADDRESS = "unknown_site", "no_address", "bad_address"


@dataclass(slots=True)
class Reading:
    """What a page or a list of posts holds."""

    articles: list[Article] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    """Why something is not an article, once for each."""
    missing_part: str | None = None
    """The address of a further page that is needed; then the page is to be read again."""


class ArchivedArticleReader:
    """Reads articles; it keeps what sites state on rights, which many pages share."""

    def __init__(self, policy: str = RECORD) -> None:
        self._policy = policy
        self._rights: OrderedDict[tuple[bytes, str, str], SiteRights] = OrderedDict()

    def read(self, archived: ArchivedPage | ArchivedPosts) -> Reading:
        """Return the articles of a page or of a list of posts."""
        if isinstance(archived, ArchivedPage):
            return self._read_page(archived)
        return self._read_posts(archived)

    def _read_page(self, archived: ArchivedPage) -> Reading:
        page, site = archived.page, archived.site
        if not page.url:
            # A saved page.
            stated = stated_address(page.body)
            address = web_address(stated)
            if address is None:
                return Reading(reasons=[BAD_ADDRESS if stated else NO_ADDRESS])
            page = replace(page, url=address)
        known = site.urls() if site is not None else None
        if site is not None and known is None:
            return Reading(reasons=[UNKNOWN_SITE])
        roots: list[SiteUrls] = []

        def urls_of_root(root: Element) -> SiteUrls:
            roots.append(known if known is not None else urls_of_page(page.url, root))
            return roots[0]

        result = read_fetched(page, urls_of_root)
        if not isinstance(result, FetchedArticle):
            return Reading(
                reasons=[f"blocked_{result.reason}" if result.is_wall else result.reason]
            )
        urls = roots[0]
        is_complete = all(map(partial(result.append, urls=urls), archived.parts))
        following = result.next_part() if is_complete else None
        if following is not None and not archived.has_all_parts:
            return Reading(missing_part=urls.fetchable(following))
        draft = result.draft(archived.fetched_at, has_all_parts=is_complete and following is None)
        rights = self._rights_of(archived.documents, urls)
        article = finished(draft, page.url, urls, rights, archived.documents)
        return _reading([article])

    def _read_posts(self, archived: ArchivedPosts) -> Reading:
        urls = archived.site.urls()
        if urls is None:
            return Reading(reasons=[UNKNOWN_SITE])
        try:
            records, problems = decode(archived.page.body, PostRecord)
        except RecordError:
            return Reading(reasons=["unreadable_rest_list"])
        rights = self._rights_of(archived.documents, urls)
        articles: list[Article | str] = ["unreadable_rest_record" for _ in problems]
        is_from_twin = archived.is_from_twin or TWIN_HEADER.lower() in archived.page.headers
        for record in records:
            if urls.canonical(record.link) not in archived.wanted:
                continue
            post = RestArticle(record, archived.lists, urls)
            if reason := not_article_reason(record, urls) or post.excess:
                articles.append(reason)
                continue
            draft = post.draft()
            stamp(draft.article, archived.fetched_at, rest_article.NAME)
            with_flags(draft, is_repaired=False, is_from_twin=is_from_twin)
            articles.append(finished(draft, archived.page.url, urls, rights, archived.documents))
        return _reading(articles)

    def _rights_of(self, documents: SiteDocuments, urls: SiteUrls) -> SiteRights:
        key = (documents.digest, urls.site.key, urls.base_url)
        rights = self._rights.get(key)
        if rights is None:
            rights = self._rights[key] = documents.rights(urls, self._policy)
            if len(self._rights) > _MAX_RIGHTS:
                self._rights.popitem(last=False)
        return rights


def _reading(results: list[Article | str]) -> Reading:
    reading = Reading()
    for result in results:
        if isinstance(result, str):
            reading.reasons.append(result)
        else:
            reading.articles.append(result)
    return reading
