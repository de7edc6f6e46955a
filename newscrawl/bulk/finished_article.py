"""Finishes the article of a draft as the pipelines of a crawl do, without a ledger."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.extraction.dating import resolve_dates
from newscrawl.items.article import rejection_reasons
from newscrawl.rights.policy import withheld_use

if TYPE_CHECKING:
    from newscrawl.bulk.site_documents import SiteDocuments
    from newscrawl.items import Article
    from newscrawl.items.draft import Draft
    from newscrawl.rights.site_rights import SiteRights
    from newscrawl.urls import SiteUrls


def finished(
    draft: Draft, fetched: str, urls: SiteUrls, rights: SiteRights, documents: SiteDocuments
) -> Article | str:
    """Return the article of a draft, or why it is not written.

    Args:
        draft: as read, with its flags.
        fetched: address of the page, after redirects.
        urls: the site's addresses.
        rights: what the site states, and the policy in force.
        documents: of the site, among them licences that only a page names.
    """
    article = draft.article
    named = [address for address, _ in draft.licence_documents]
    documents.add_licences(rights, named, urls)
    rights.add_terms(article.rights, draft.licence_documents, [article.url, fetched])
    article = resolve_dates(draft)
    rights.complete(article.rights, article.url, urls.fetchable(article.url))
    if rights.is_respected and (use := withheld_use(article.rights, datetime.now(UTC))):
        return f"withheld_{use}"
    reasons = rejection_reasons(article)
    return f"rejected_{'_'.join(reasons)}" if reasons else article
