"""What channels of WordPress's REST list of posts have in common: cursors, categories, faults.

See "Articles from REST" in docs/decisions.md.
"""

from __future__ import annotations

import logging
import time
from abc import abstractmethod
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, ClassVar

from newscrawl.arguments import OLDEST
from newscrawl.discovery import REST, categories, rest_lists
from newscrawl.discovery.categories import Category
from newscrawl.discovery.kept_total import keep_total, total_in
from newscrawl.discovery.rest_cursors import TAIL, RestCursors, posts_of
from newscrawl.discovery.rest_lists import MODIFIED, PUBLISHED
from newscrawl.discovery.section_categories import SectionCategories
from newscrawl.discovery.state import Source
from newscrawl.outcomes import counters
from newscrawl.pages.rest_records import ListedRecord, RecordError, decode
from newscrawl.spiders.channels.channel import AFTER_ARTICLES, SOURCE, Reading, SourceRequest
from newscrawl.spiders.channels.entries_channel import SILENT_SECONDS, EntriesChannel
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse

    from newscrawl.context import RunContext
    from newscrawl.pages.rest_records import UnreadableRecord

logger = logging.getLogger("newscrawl.spider")
_HEADERS = {"Accept": "application/json"}
_CLOCK = 300
"""Seconds by which the clocks of the site and of this machine may differ."""
_FEW = 10
"""Posts of a part where a whole one is too much for the site."""
_PARAMETERS = ("by", "ascending", "cursor", "page", "per_page", "only")


class SourceFailureError(Exception):
    """What a list refers to cannot be read now."""

    def __init__(self, failure: SourceFailure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class RestListChannel(EntriesChannel):
    """Reads the list of posts along cursors of time.

    It is read downwards from the post that was modified last; once a run has begun that, what was
    modified or published since is read upwards: a post that was scheduled appears long after it
    was modified. The cursors are kept in the ledger with what was read, so that a run that was
    killed is continued. The state of a request is `step`, `by`, `ascending`, `cursor`, `page`,
    `per_page`, `only`, `count`, the posts read so far, and `seen`, those of the cursor's second.
    """

    name = REST
    RECORD: ClassVar[type[ListedRecord]]
    """What is read of a post."""
    OTHER_RECORD: ClassVar[str | None] = None
    """What other runs read of it, whose cursors count too."""
    FIELDS: ClassVar[str]
    """Fields of a record that are requested."""
    PATIENT_POSTS: ClassVar[float]
    """Posts that are listed before any article is requested."""

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._cursors = RestCursors(
            context.discovery, context.site.origin, self.RECORD.__name__, self.OTHER_RECORD
        )
        self._read_records: dict[int, str | None] = {}
        """Posts that this run has read, with their times of modification."""

    @abstractmethod
    async def _read_posts(self, posts: Sequence[Any], state: dict[str, Any], total: int) -> Reading:
        """Return what posts hold that this run has not read before.

        Raises:
            SourceFailureError: it cannot be read now.
        """

    @abstractmethod
    def _add_unreadable(self, record: UnreadableRecord, reading: Reading) -> None:
        """Add a post whose record cannot be read to what was read."""

    @abstractmethod
    def _gave_up(self, failure: SourceFailure) -> Reading:
        """Return what follows when the list cannot be read."""

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the first requests; of a section the categories must be known before."""
        if self._is_whole_site:
            yield from self._first_posts({})
        elif numbers := self._known_categories():
            yield from self._first_posts({"categories": numbers})
        else:
            self._context.backfill.is_awaited = True
            yield self._categories_request(1, [])

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address of the list."""
        return f"{self._context.site.origin}/wp-json/wp/v2/{state['step']}"

    def _request(self, url: str, state: dict[str, Any]) -> SourceRequest:
        is_late = state.get("count", 0) >= self.PATIENT_POSTS
        return SourceRequest(url, state, AFTER_ARTICLES if is_late else SOURCE, headers=_HEADERS)

    def _first_posts(self, only: dict[str, str]) -> Iterator[SourceRequest]:
        scope = self._context.scope
        only = {**rest_lists.span(scope.since, scope.until), **only}
        yield from self._upwards(only)
        tail, has_ended = self._cursors.get(only, TAIL), self._cursors.has_ended(only)
        self._context.discovery.is_listed_by_rest = has_ended
        if tail is None and self._context.arguments.order == OLDEST:
            yield self._posts_request(_state(only, None, ascending=True))
        elif not has_ended:
            self._context.backfill.is_awaited = tail is None
            yield self._posts_request(_state(only, tail, ascending=False))

    def _upwards(self, only: dict[str, str]) -> Iterator[SourceRequest]:
        """Yield the requests for what was modified or published since the list was read."""
        for by in (MODIFIED, PUBLISHED):
            cursor = self._cursors.get(only, by)
            if cursor is not None:
                yield self._later_request(only, cursor, by)

    def _later_request(self, only: dict[str, str], cursor: Source, by: str) -> SourceRequest:
        """Return the request for what has a later time than a cursor that was kept."""
        start = rest_lists.before_repeated_hour(cursor.seen or 0, self._context.zone)
        cursor = cursor if start == cursor.seen else Source(seen=start)
        return self._posts_request(_state(only, cursor, by=by, ascending=True))

    def _posts_request(self, state: dict[str, Any]) -> SourceRequest:
        url = rest_lists.posts_address(
            self._context.site.origin,
            fields=self.FIELDS,
            **{name: state[name] for name in _PARAMETERS},
        )
        return self._request(url, state)

    @property
    def _now(self) -> int:
        """The latest time that the site's clock may show, as `rest_lists.local_seconds`."""
        return rest_lists.cursor_of(int(time.time()), self._context.zone) + _CLOCK

    # --- Answers ------------------------------------------------------------------------------

    async def answer(
        self, response: TextResponse, state: dict[str, Any], gap: str | None
    ) -> Reading:
        """Read a part of the list of posts, after downloading what they refer to."""
        if state["step"] != "posts":
            return self.read(response, state, gap)
        try:
            records, problems = decode(response.body, self.RECORD)
        except RecordError as error:
            return self.failed(SourceFailure.unreadable(str(error)), state)
        for problem in problems:
            logger.warning("REST list of posts: %s", problem)
            self._count(counters.REST_UNREADABLE)
        posts, listed = _unseen(records, state), len(records) + len(problems)
        if order_problem := _order_problem(posts, state):
            return self.failed(SourceFailure.unreadable(order_problem), state)
        if state["cursor"] is None:
            state["total"] = self._total(response, listed, state["per_page"])
        unread = [post for post in posts if self._read_records.get(post.id, "") != post.modified]
        # Before it waits: another list may hold the same posts.
        self._read_records.update({post.id: post.modified for post in unread})
        try:
            reading = await self._read_posts(unread, state, state["total"])
        except SourceFailureError as error:
            for post in unread:
                del self._read_records[post.id]
            return self.failed(error.failure, state)
        for problem in problems:
            self._add_unreadable(problem, reading)
        self._context.discovery.is_listed_by_rest = True
        if not posts and _may_have_more(response, listed, state):
            # All of them are posts of the cursor's second that were read before.
            reading.requests = [self._posts_request({**state, "page": state["page"] + 1})]
        else:
            counted = {**state, "count": state["count"] + len(problems)}
            reading.requests = [*self._following(posts, counted)]
        return reading

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read a list of categories."""
        return self._read_categories(response, state)

    def _total(self, response: TextResponse, count: int, per_page: int) -> int:
        """Return how many posts there are as the site states it; 0 if it does not."""
        total = total_in(response.headers.get("X-WP-Total")) or 0
        context = self._context
        context.backfill.is_awaited = False
        if total:
            keep_total(context.discovery, context.scope, total, int(time.time()))
            context.backfill.set_total(total)
        if 0 < count < min(total, per_page):
            logger.warning("REST lists at most %d posts at a time: it takes more requests", count)
        return total

    def _following(
        self, posts: Sequence[ListedRecord], state: dict[str, Any]
    ) -> Iterator[SourceRequest]:
        """Yield the requests after a part of the list, and move its cursor over what was read."""
        only, ascending, cursor = state["only"], state["ascending"], state["cursor"]
        count = state["count"] + len(posts)
        if ascending and cursor is None:
            # Of a list that begins with the oldest nothing is left below; not before it answers.
            self._cursors.end(only)
        if not posts:
            yield from self._at_end(state, count)
            return
        times = _times(posts, state["by"])
        if cursor is None and not ascending:
            self._cursors.keep_latest(only, MODIFIED, times, self._now)
        if state["by"] == MODIFIED:
            self._cursors.keep_latest(only, PUBLISHED, _times(posts, PUBLISHED), self._now)
        end = max(times.values()) if ascending else min(times.values())
        is_same = end == cursor
        seen = [*(state["seen"] if is_same else ()), *posts_of(end, times)]
        if is_same or not ascending:
            self._cursors.keep(only, state["by"] if ascending else TAIL, end, seen)
        else:
            self._cursors.keep_latest(only, state["by"], times, self._now)
        page = state["page"] + 1 if is_same else 1
        following = {"cursor": end, "count": count, "page": page, "seen": seen}
        if state["total"] == count and len(posts) + len(state["seen"]) < state["per_page"]:
            yield from self._at_end({**state, **following}, count)
            return
        yield self._posts_request({**state, **following})

    def _at_end(self, state: dict[str, Any], count: int) -> Iterator[SourceRequest]:
        only, total = state["only"], state["total"]
        if total > count:
            logger.warning("REST says that it has %d posts, and lists %d", total, count)
            self._count(counters.REST_UNLISTED, total - count)
        if not state["ascending"]:
            self._cursors.end(only)
        cursor = self._cursors.get(only, MODIFIED)
        if cursor is not None and not state["is_catching_up"]:
            # What was changed while the list was read.
            yield self._later_request(only, cursor, MODIFIED)

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Request fewer posts at a time where the answer was too much."""
        if state["step"] == "posts":
            if state["page"] > 1 and failure.status == 400:
                # The page after the last of those of one second.
                return Reading(requests=[*self._following((), state)])
            may_be_size = not (failure.is_refusal or failure.asks_to_wait)
            if may_be_size and state["per_page"] > _FEW:
                logger.warning("REST: %s: %d posts at a time now", failure.reason, _FEW)
                smaller = {**state, "per_page": _FEW, "page": 1}
                return Reading(requests=[self._posts_request(smaller)])
        return self._gave_up(failure)

    # --- Categories ---------------------------------------------------------------------------

    def _categories_request(self, page: int, terms: list[list[Any]]) -> SourceRequest:
        url = categories.address(self._context.site.origin, page)
        state = {"step": "categories", "page": page, "terms": terms}
        return self._request(url, state)

    def _read_categories(self, response: TextResponse, state: dict[str, Any]) -> Reading:
        try:
            listed = categories.read(response.body)
        except ValueError as error:
            return self.failed(SourceFailure.unreadable(str(error)), state)
        terms = [*state["terms"], *(list(astuple(category)) for category in listed)]
        if len(listed) == categories.PER_PAGE:
            return Reading(requests=[self._categories_request(state["page"] + 1, terms)])
        section, known = self._context.scope.section, [Category(*values) for values in terms]
        assert section is not None
        numbers = SectionCategories(self._context.addresses, known).ids_of(section.slug)
        if not numbers:
            reason = f"REST does not list the category {section.slug}"
            return self.failed(SourceFailure.unreadable(reason), state)
        joined = ",".join(str(number) for number in sorted(numbers))
        source = Source(etag=joined, seen=int(time.time()))
        self._context.discovery.update_source(self._categories_key, source)
        return Reading(requests=[*self._first_posts({"categories": joined})])

    @property
    def _categories_key(self) -> str:
        section = self._context.scope.section
        return f"{self._context.site.origin} categories of {section and section.slug}"

    def _known_categories(self) -> str | None:
        """Return the ids of the section's categories, as a run of the last days has read them."""
        source = self._source(self._categories_key)
        age = time.time() - (source.seen or 0)
        return source.etag if 0 <= age < SILENT_SECONDS else None


def _may_have_more(response: TextResponse, count: int, state: dict[str, Any]) -> bool:
    """Return whether a further page of the same list may hold posts."""
    pages = total_in(response.headers.get("X-WP-TotalPages")) or 0
    return count > 0 and (pages > state["page"] or count >= state["per_page"])


def _times(posts: Sequence[ListedRecord], by: str) -> dict[int, int]:
    return {post.id: rest_lists.local_seconds(getattr(post, by)) or 0 for post in posts}


def _state(
    only: dict[str, str], cursor: Source | None, *, by: str = MODIFIED, ascending: bool
) -> dict[str, Any]:
    """Return the state of the first request for a list, or of one that goes on from a cursor."""
    seen = cursor.etag if cursor is not None and cursor.etag else ""
    return {
        "step": "posts",
        "only": only,
        "by": by,
        "ascending": ascending,
        "is_catching_up": ascending and cursor is not None,
        "cursor": None if cursor is None else cursor.seen,
        "page": 1,
        "per_page": rest_lists.PER_PAGE,
        "count": 0,
        "seen": [int(number) for number in seen.split(",") if number],
        "total": 0,
    }


def _unseen(records: Sequence[ListedRecord], state: dict[str, Any]) -> list[ListedRecord]:
    """Return the posts that were not read before at the cursor's second."""
    times, seen = _times(records, state["by"]), {*state["seen"]}
    return [
        record for record in records if record.id not in seen or times[record.id] != state["cursor"]
    ]


def _order_problem(posts: Sequence[ListedRecord], state: dict[str, Any]) -> str | None:
    """Return why a part of the list cannot be followed by a cursor; None if it can."""
    by = state["by"]
    times = [rest_lists.local_seconds(getattr(post, by)) for post in posts]
    if None in times:
        return f"a post has no time in {by!r}"
    cursor, ascending = state["cursor"], state["ascending"]
    if cursor is None:
        return None
    beyond = [s for s in times if s is not None and (s < cursor if ascending else s > cursor)]
    return f"it is not ordered and limited by {by!r}" if beyond else None
