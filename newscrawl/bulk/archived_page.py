"""What is read of an archive: a page or a list of posts to read articles from, or why it is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from newscrawl.bulk.archived_site import ArchivedSite
    from newscrawl.bulk.site_documents import SiteDocuments
    from newscrawl.extraction.fetched_page import FetchedPage
    from newscrawl.pages.rest_records import Lists


OTHER_SITE = "other_site"
"""Reason of a page of a site that is not wanted."""


@dataclass(slots=True)
class ArchivedPage:
    """A page that may be an article."""

    page: FetchedPage
    fetched_at: datetime
    documents: SiteDocuments
    site: ArchivedSite | None = None
    """Of our own archives; otherwise it is that of the page's host."""
    outcome: str = ""
    """What became of it in the crawl, in our own archives."""
    parts: list[FetchedPage] = field(default_factory=list)
    """The article's further pages, as far as they are known, in order."""
    has_all_parts: bool = False
    """Whether there are no further ones: an article that has more is truncated."""
    file: str = ""
    """The file that it is in, for messages."""
    series: str = ""
    """What the archives of one series of ours have in common."""
    is_saved: bool = False
    """Whether it is a file of its own, whose site is not known before it is read."""

    @property
    def size(self) -> int:
        """Bytes of its bodies."""
        pages = [self.page, *self.parts]
        return sum(len(page.body) + len(page.rendered or b"") for page in pages)


@dataclass(slots=True)
class ArchivedPosts:
    """A part of REST's list of posts."""

    page: FetchedPage
    fetched_at: datetime
    documents: SiteDocuments
    site: ArchivedSite
    wanted: frozenset[str]
    """Canonical addresses of the posts whose articles are read."""
    lists: Lists
    """What the posts refer to."""
    is_from_twin: bool = False
    """Whether the archive states it; of a list that was kept, its headers do."""
    file: str = ""
    """The file that it is in, for messages."""

    @property
    def size(self) -> int:
        """Bytes of its body."""
        return len(self.page.body)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is not read."""

    reason: str
    is_bad: bool = False
    """Whether it is damaged, and not something else than a page."""
    offset: int | None = None
    """Where it begins in its file, in bytes."""


Archived = ArchivedPage | ArchivedPosts | LeftOut
