"""WordPress's REST list of posts as a channel: what is new and what has changed.

Where it can be read it replaces all other channels, but once a day. See "REST tells what is new" in
docs/decisions.md.
"""

from __future__ import annotations

import time
from datetime import UTC
from typing import TYPE_CHECKING, Any

from newscrawl.discovery import rest_lists
from newscrawl.discovery.entries import Entry, article, moment, seconds
from newscrawl.discovery.rest_lists import MODIFIED
from newscrawl.pages.rest_records import POST_TYPE, PUBLISHED, ListedRecord, PostRecord
from newscrawl.spiders.channels.channel import ListedArticle, Reading
from newscrawl.spiders.channels.rest_list_channel import RestListChannel
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newscrawl.pages.rest_records import UnreadableRecord
    from newscrawl.spiders.channels.channel import SourceRequest
    from newscrawl.spiders.source_failure import SourceFailure


class RestChannel(RestListChannel):
    """Lists the posts that were modified or published since the last run; in a first run all."""

    RECORD = ListedRecord
    OTHER_RECORD = PostRecord.__name__
    FIELDS = rest_lists.LISTED_FIELDS
    PATIENT_POSTS = 500
    _has_failed = False

    @property
    def is_enough(self) -> bool:
        """Whether this run needs no other channel to learn what is new.

        That is so where earlier runs have read the list to its end, and the other channels too
        within FULL_DISCOVERY_INTERVAL, and the site has not closed the list since.
        """
        context = self._context
        if self._has_failed or self._is_silent(self._list_url):
            return False
        only = rest_lists.span(context.scope.since, context.scope.until)
        if not self._is_whole_site:
            numbers = self._known_categories()
            if numbers is None:
                return False
            only["categories"] = numbers
        discovery = context.discovery
        is_read = self._cursors.has_ended(only) and self._cursors.get(only, MODIFIED)
        full = discovery.sources.get(key_of(discovery.full_discovery_of(context.given)))
        age = time.time() - ((full and full.seen) or 0)
        return bool(is_read) and 0 <= age < self._settings.getint("FULL_DISCOVERY_INTERVAL")

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the first requests, unless the list could not be read lately."""
        if not self._has_failed and not self._is_silent(self._list_url):
            yield from super().start(archives)

    @property
    def _list_url(self) -> str:
        return f"{self._context.site.origin}/wp-json/wp/v2/posts"

    async def _read_posts(
        self, posts: Sequence[ListedRecord], state: dict[str, Any], total: int
    ) -> Reading:
        entries = [entry for post in posts if (entry := self._entry(post)) is not None]
        return Reading(self._listed(entries, is_wanted=self._context.arguments.pages is None))

    def _entry(self, post: ListedRecord) -> Entry | None:
        address = article(post.link, None, self._context.addresses)
        if address is None or post.type != POST_TYPE or post.status != PUBLISHED:
            return None
        modified = moment(post.modified_gmt, naive=UTC)
        published = moment(post.date_gmt, naive=UTC)
        return Entry(address, seconds(modified), published, modified, post.id)

    def _add_unreadable(self, record: UnreadableRecord, reading: Reading) -> None:
        """Read its page."""
        if address := article(record.link, None, self._context.addresses):
            reading.articles.append(ListedArticle(address.url))

    def _gave_up(self, failure: SourceFailure) -> Reading:
        """Go on by the other channels; a list that the site keeps closed is left for a week."""
        self._has_failed = True
        self._context.backfill.is_awaited = False
        self._context.discovery.is_listed_by_rest = False
        reading = self._not_read(self._list_url, failure, is_optional=True)
        if failure.is_refusal:
            self._silence(self._list_url)
        reading.reads_pages = True
        return reading
