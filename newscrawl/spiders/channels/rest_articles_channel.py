"""WordPress's REST list of posts as the source of articles: `-a source=rest`.

See "Articles from REST" in docs/decisions.md.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any

from newscrawl.discovery import REST, rest_lists
from newscrawl.discovery.entries import article
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Outcome
from newscrawl.pages.rest_article import (
    RestArticle,
    article_id,
    not_article_reason,
)
from newscrawl.pages.rest_records import PostRecord, UnreadableRecord
from newscrawl.spiders.channels.channel import ListedPost, Reading, note_failure
from newscrawl.spiders.channels.rest_list_channel import RestListChannel, SourceFailureError
from newscrawl.spiders.rest_downloads import ListUnavailableError, RestDownloads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler

    from newscrawl.context import RunContext
    from newscrawl.pages.rest_records import Lists
    from newscrawl.spiders.source_failure import SourceFailure

_UNREADABLE = "unreadable_rest_record"
_MAX_REASON = 120
"""Characters of a reason in the ledger."""
ITEMS_OF_LISTS = 100
"""Setting CONCURRENT_ITEMS of a run by REST: the articles of a list are claimed together."""
logger = logging.getLogger("newscrawl.spider")


class RestArticlesChannel(RestListChannel):
    """Reads articles from the list of posts, without their pages."""

    RECORD = PostRecord
    FIELDS = rest_lists.POST_FIELDS
    PATIENT_POSTS = math.inf

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._downloads = RestDownloads(context, crawler)

    async def _read_posts(
        self, posts: Sequence[PostRecord], state: dict[str, Any], total: int
    ) -> Reading:
        try:
            if state["cursor"] is None:
                await self._downloads.read_whole(total)
            lists = await self._downloads.complete(posts)
        except ListUnavailableError as error:
            if error.failure.asks_to_wait:
                self._count(counters.RATE_LIMITED)
            raise SourceFailureError(error.failure) from None
        reading = Reading()
        for record in posts:
            self._read_post(record, lists, reading)
        self._count(counters.ENTRIES.format(channel=REST), len(posts))
        return reading

    def _read_post(self, record: PostRecord, lists: Lists, reading: Reading) -> None:
        addresses = self._context.addresses
        reason = not_article_reason(record, addresses)
        if reason is None:
            rest_article = RestArticle(record, lists, addresses)
            if rest_article.excess is None:
                reading.drafts.append(rest_article.draft())
                return
            unreadable = UnreadableRecord(str(record.id), record.link, rest_article.excess)
            logger.warning("REST list of posts: %s", unreadable)
            self._add_unreadable(unreadable, reading)
            return
        logger.info("Not an article (%s): %s", reason, record.link)
        self._count(f"{counters.NOT_ARTICLE}{reason}")
        reading.posts.append(
            ListedPost(
                addresses.canonical(record.link),
                article_id(record, self._context.site),
                Outcome.not_article(reason),
            )
        )

    def _add_unreadable(self, record: UnreadableRecord, reading: Reading) -> None:
        """Record that a post was not read: the next run by page requests its page."""
        self._count(f"{counters.NOT_FETCHED}{_UNREADABLE}")
        self._count(counters.MISSED)
        note_failure(self._stats, f"articles: {_UNREADABLE}")
        if address := article(record.link, None, self._context.addresses):
            outcome = Outcome.failed(f"REST record: {record.reason}"[:_MAX_REASON])
            reading.posts.append(ListedPost(address.url, None, outcome))

    def _gave_up(self, failure: SourceFailure) -> Reading:
        """Read pages instead, unless the site asks to wait."""
        reading = self._not_read(
            f"{self._context.site.origin}/wp-json/wp/v2/", failure, is_optional=True
        )
        reading.reads_pages = not failure.asks_to_wait
        return reading
