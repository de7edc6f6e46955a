"""WordPress's REST list of posts as the source of articles: `-a source=rest`.

See "Articles from REST" in docs/decisions.md.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from newscrawl.arguments import OLDEST
from newscrawl.discovery import REST, categories, rest_lists
from newscrawl.discovery.kept_total import keep_total, total_in
from newscrawl.discovery.rest_lists import MODIFIED, PUBLISHED
from newscrawl.discovery.state import Source
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Outcome
from newscrawl.pages.rest_article import RestArticle, article_id, not_article_reason
from newscrawl.pages.rest_records import PostRecord, RecordError, decode
from newscrawl.spiders.channels.channel import (
    Channel,
    ListedPost,
    Reading,
    SourceRequest,
)
from newscrawl.spiders.rest_downloads import ListUnavailableError, RestDownloads
from newscrawl.spiders.source_failure import SourceFailure
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse

    from newscrawl.context import RunContext
    from newscrawl.pages.rest_records import Lists

logger = logging.getLogger("newscrawl.spider")
_HEADERS = {"Accept": "application/json"}
_FEW = 10
"""Posts of a part where a whole one is too much for the site."""
_PARAMETERS = ("by", "ascending", "cursor", "page", "per_page", "only")
_ENDED = -1
"""Cursor of a list that was read to its end."""


class RestArticlesChannel(Channel):
    """Reads articles from the list of posts, without their pages.

    The list is read downwards from the post that was modified last; once a run has begun that, what
    was modified or published since is read upwards: a post that was scheduled appears long after it
    was modified. The cursors are kept in the ledger with what was read, so that a run that was
    killed is continued. The state of a request is `step`, `by`, `ascending`, `cursor`, `page`,
    `per_page`, `only`, `count`, the posts read so far, and `seen`, those of the cursor's second.
    """

    name = REST

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._downloads = RestDownloads(context, crawler)
        self._read: dict[int, str | None] = {}
        """Posts that this run has read, with their times of modification."""

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the first requests; of a section the categories must be known before."""
        if self._is_whole_site:
            yield from self._first_posts({})
        else:
            yield self._categories_request(1, [])

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address of the list."""
        return f"{self._context.site.origin}/wp-json/wp/v2/{state['step']}"

    def _first_posts(self, only: dict[str, str]) -> Iterator[SourceRequest]:
        scope = self._context.scope
        only = {**rest_lists.span(scope.since, scope.until), **only}
        yield from self._upwards(only)
        tail = self._source(only, "tail")
        if tail is None and self._context.arguments.order == OLDEST:
            self._keep(only, "tail", _ENDED)
            yield self._posts_request(_state(only, None, ascending=True))
        elif tail is None or tail.seen != _ENDED:
            yield self._posts_request(_state(only, tail, ascending=False))

    def _upwards(self, only: dict[str, str]) -> Iterator[SourceRequest]:
        """Yield the requests for what was modified or published since the list was read."""
        for by in (MODIFIED, PUBLISHED):
            cursor = self._source(only, by)
            if cursor is not None:
                yield self._posts_request(_state(only, cursor, by=by, ascending=True))

    def _posts_request(self, state: dict[str, Any]) -> SourceRequest:
        url = rest_lists.posts_address(
            self._context.site.origin,
            **{name: state[name] for name in _PARAMETERS},
        )
        return SourceRequest(url, state, headers=_HEADERS)

    # --- Cursors ------------------------------------------------------------------------------

    def _key(self, only: dict[str, str], name: str) -> str:
        """Return the identity of a cursor: each edition of a series is read anew."""
        edition = self._context.discovery.edition
        return f"{self._context.site.origin} rest {sorted(only.items())} {edition} {name}"

    def _source(self, only: dict[str, str], name: str) -> Source | None:
        """Return a cursor: its time in `seen`, the posts of that second in `etag`."""
        return self._context.discovery.sources.get(key_of(self._key(only, name)))

    def _keep(
        self, only: dict[str, str], name: str, cursor: int, posts: Sequence[int] = ()
    ) -> None:
        source = Source(etag=",".join(map(str, posts)) or None, seen=cursor)
        self._context.discovery.update_source(self._key(only, name), source)

    def _keep_latest(self, only: dict[str, str], name: str, times: Mapping[int, int]) -> None:
        """Move a cursor to the latest of some times, if it is not later already."""
        latest, before = max(times.values()), self._source(only, name)
        if before is None or (before.seen or 0) < latest:
            self._keep(only, name, latest, _posts_of(latest, times))

    # --- Answers ------------------------------------------------------------------------------

    async def answer(
        self, response: TextResponse, state: dict[str, Any], gap: str | None
    ) -> Reading:
        """Read a part of the list of posts, after downloading what they refer to."""
        if state["step"] != "posts":
            return self.read(response, state, gap)
        try:
            records, problems = decode(response.body, PostRecord)
        except RecordError as error:
            return self.failed(SourceFailure.unreadable(str(error)), state)
        for problem in problems:
            logger.warning("REST list of posts: %s", problem)
            self._count(counters.REST_UNREADABLE)
        posts = [record for record in records if record.id not in {*state["seen"]}]
        unread = [post for post in posts if self._read.get(post.id, "") != post.modified]
        if order_problem := _order_problem(posts, state):
            return self.failed(SourceFailure.unreadable(order_problem), state)
        total = total_in(response.headers.get("X-WP-Total")) or 0
        if state["cursor"] is None:
            self._check_size(len(records), total, state)
        try:
            if state["cursor"] is None:
                await self._downloads.read_whole(total)
            lists = await self._downloads.complete(unread)
        except ListUnavailableError as error:
            return self.failed(SourceFailure(str(error)), state)
        reading = Reading()
        for record in unread:
            self._read[record.id] = record.modified
            self._read_post(record, lists, reading)
        self._count(counters.ENTRIES.format(channel=REST), len(unread))
        if not posts and _may_have_more(response, len(records), state):
            # All of them are posts of the cursor's second that were read before.
            reading.requests = [self._posts_request({**state, "page": state["page"] + 1})]
        else:
            reading.requests = [*self._following(posts, state)]
        return reading

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read a list of categories."""
        return self._read_categories(response, state)

    def _check_size(self, count: int, total: int, state: dict[str, Any]) -> None:
        state["total"] = total
        if total:
            context = self._context
            keep_total(context.discovery, context.scope, total, int(time.time()))
            context.backfill.set_total(total)
        if 0 < count < min(total, state["per_page"]):
            logger.warning("REST lists at most %d posts at a time: it takes more requests", count)

    def _read_post(self, record: PostRecord, lists: Lists, reading: Reading) -> None:
        addresses = self._context.addresses
        reason = not_article_reason(record, addresses)
        if reason is None:
            reading.drafts.append(RestArticle(record, lists, addresses).draft())
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

    def _following(
        self, posts: Sequence[PostRecord], state: dict[str, Any]
    ) -> Iterator[SourceRequest]:
        """Yield the requests after a part of the list, and move its cursor over what was read."""
        only, ascending, cursor = state["only"], state["ascending"], state["cursor"]
        count = state["count"] + len(posts)
        if not posts:
            yield from self._at_end(state, count)
            return
        times = _times(posts, state["by"])
        if cursor is None and not ascending:
            self._keep_latest(only, MODIFIED, times)
        if state["by"] == MODIFIED:
            self._keep_latest(only, PUBLISHED, _times(posts, PUBLISHED))
        end = max(times.values()) if ascending else min(times.values())
        is_same = end == cursor
        seen = [*(state["seen"] if is_same else ()), *_posts_of(end, times)]
        self._keep(only, state["by"] if ascending else "tail", end, seen)
        page = state["page"] + 1 if is_same else 1
        following = {"cursor": end, "count": count, "page": page, "seen": seen}
        yield self._posts_request({**state, **following})

    def _at_end(self, state: dict[str, Any], count: int) -> Iterator[SourceRequest]:
        only, total = state["only"], state["total"]
        if total > count:
            logger.warning("REST says that it has %d posts, and lists %d", total, count)
            self._count(counters.REST_UNLISTED, total - count)
        if not state["ascending"]:
            self._keep(only, "tail", _ENDED)
        if not state["is_catching_up"]:
            # What was changed while the list was read.
            yield from self._upwards(only)

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Request fewer posts at a time where the answer was too much; else read pages instead."""
        if state["step"] == "posts":
            if state["page"] > 1 and failure.status == 400:
                # The page after the last of those of one second.
                return Reading(requests=[*self._following((), state)])
            may_be_size = not (failure.is_refusal or failure.asks_to_wait)
            if may_be_size and state["per_page"] > _FEW:
                logger.warning("REST: %s: %d posts at a time now", failure.reason, _FEW)
                smaller = {**state, "per_page": _FEW, "page": 1}
                return Reading(requests=[self._posts_request(smaller)])
        reading = self._not_read(f"{self._context.site.origin}/wp-json/wp/v2/", failure)
        reading.reads_pages = not failure.asks_to_wait
        return reading

    # --- Categories ---------------------------------------------------------------------------

    def _categories_request(self, page: int, terms: list[list[Any]]) -> SourceRequest:
        url = categories.address(self._context.site.origin, page)
        state = {"step": "categories", "page": page, "terms": terms}
        return SourceRequest(url, state, headers=_HEADERS)

    def _read_categories(self, response: TextResponse, state: dict[str, Any]) -> Reading:
        try:
            listed = categories.read(response.body)
        except ValueError as error:
            return self.failed(SourceFailure.unreadable(str(error)), state)
        terms = [*state["terms"], *([c.id, c.slug, c.link, c.parent] for c in listed)]
        if len(listed) == categories.PER_PAGE:
            return Reading(requests=[self._categories_request(state["page"] + 1, terms)])
        numbers = self._numbers_of_section(terms)
        if not numbers:
            section = self._context.scope.section
            assert section is not None
            reason = f"REST does not list the category {section.slug}"
            return self.failed(SourceFailure.unreadable(reason), state)
        only = {"categories": ",".join(str(number) for number in sorted(numbers))}
        return Reading(requests=[*self._first_posts(only)])

    def _numbers_of_section(self, terms: list[list[Any]]) -> set[int]:
        """Return the ids of the section's category and of those below it, which REST leaves out."""
        section, addresses = self._context.scope.section, self._context.addresses
        assert section is not None
        numbers = {
            number
            for number, slug, link, _ in terms
            if slug == section.slug or (section.url and addresses.canonical(link) == section.url)
        }
        for _ in range(5):
            numbers |= {number for number, _, _, parent in terms if parent in numbers}
        return numbers


def _may_have_more(response: TextResponse, count: int, state: dict[str, Any]) -> bool:
    """Return whether a further page of the same list may hold posts."""
    pages = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1").strip()
    is_stated = pages.isdecimal() and int(pages[:9]) > state["page"]
    return count > 0 and (is_stated or count >= state["per_page"])


def _posts_of(second: int, times: Mapping[int, int]) -> list[int]:
    """Return the posts that were modified in a second."""
    return [number for number, seconds in times.items() if seconds == second]


def _times(posts: Sequence[PostRecord], by: str) -> dict[int, int]:
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


def _order_problem(posts: Sequence[PostRecord], state: dict[str, Any]) -> str | None:
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
