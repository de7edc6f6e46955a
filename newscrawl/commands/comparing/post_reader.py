"""Reads REST's list of posts to its end, with as few requests as it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.discovery import post_list
from newscrawl.discovery.kept_total import total_in
from newscrawl.discovery.post_list import PER_PAGE, PER_PART, PostPage
from newscrawl.spiders.article_reader import header_texts
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.commands.probing.probe_requests import Requests
    from newscrawl.discovery.post_list import ListedPost, PostFilter
    from newscrawl.urls import SiteUrls

JSON = {"Accept": "application/json"}
_MAX_SPLIT = 10
"""Pages that are read in parts."""
_AFTER_LAST = b"rest_post_invalid_page_number"


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The answer to a request for a page of the list."""

    page: PostPage | None = None
    failure: SourceFailure | None = None
    total: int | None = None
    pages: int | None = None


def number_in(headers: Mapping[str, str], name: str) -> int | None:
    """Return a header's number; None if it has none."""
    return total_in(headers.get(name, "").encode("latin-1", "replace"))


class PostReader:
    """Reads the list page by page; a page that is damaged is read again in parts."""

    def __init__(self, requests: Requests, urls: SiteUrls, chosen: PostFilter) -> None:
        self._requests, self._urls, self._chosen = requests, urls, chosen
        self.posts: dict[int, ListedPost] = {}
        """By id."""
        self.notes: list[str] = []
        """What is wrong with the answers, in words."""
        self.failure: SourceFailure | None = None
        """Why the list could not be read at all."""
        self.is_complete = True
        self._unusable = self._split = 0
        self._is_capped = False

    async def read(self) -> None:
        """Read the list to its end."""
        size = PER_PAGE
        fetched = await self._fetch(1, size)
        if fetched.failure is not None and fetched.failure.status == 400:
            response = fetched.failure.response
            size = post_list.maximum_stated(response.body if response else b"")
            self.notes.append(f"REST refuses {PER_PAGE} posts a request: {size} are requested")
            fetched = await self._fetch(1, size)
        if fetched.page is None:
            self.failure = fetched.failure
            return
        first, number = fetched, 1
        self._note_first(first, size)
        while await self._take(fetched, number, size) and not self._is_end(fetched, first, number):
            number += 1
            fetched = await self._fetch(number, size)
            if self._is_after_last(fetched, first, number):
                break
        self._compare_total(first.total)

    def _note_first(self, first: _Fetched, size: int) -> None:
        assert first.page is not None
        if first.page.has_prefix:
            self.notes.append("REST's answers have something before the JSON, which is skipped")
        if first.total is not None and first.pages is not None and first.page.is_whole:
            self._is_capped = first.pages > -(-first.total // size)
        if self._is_capped:
            self.notes.append(f"REST lists {first.page.records} posts a request, not {size}")

    async def _fetch(self, number: int, size: int) -> _Fetched:
        url = post_list.address(self._urls.site.origin, self._chosen, number, size)
        answer = await self._requests.send(self._urls.fetchable(url), headers=JSON)
        if answer.failure is not None or answer.response is None:
            return _Fetched(failure=answer.failure)
        try:
            page = post_list.read(answer.body, self._urls)
        except ValueError as error:
            return _Fetched(failure=SourceFailure.unreadable(str(error)))
        headers = header_texts(answer.response)
        return _Fetched(
            page, None, number_in(headers, "x-wp-total"), number_in(headers, "x-wp-totalpages")
        )

    async def _take(self, fetched: _Fetched, number: int, size: int) -> bool:
        """Take the posts of a page, or of its parts; return whether there may be further pages."""
        is_new = fetched.page is not None and self._add(fetched.page)
        if fetched.page is not None and fetched.page.is_whole:
            if not is_new and fetched.page.records:
                self._lose(f"page {number} of REST's list repeats earlier ones")
            return is_new
        why = fetched.failure.reason if fetched.failure else "its end is missing"
        if self._requests.left <= 0:
            self._lose(f"REST's list was read to page {number - 1}: {why}")
            return False
        if self._is_capped or size <= PER_PART or self._split >= _MAX_SPLIT:
            self._lose(f"page {number} of REST's list cannot be read: {why}")
            return self._split < _MAX_SPLIT or is_new
        self._split += 1
        self.notes.append(f"page {number} of REST's list is read in parts: {why}")
        await self._take_parts(number, size)
        return True

    async def _take_parts(self, number: int, size: int) -> None:
        count = size // PER_PART
        for part in range((number - 1) * count + 1, number * count + 1):
            fetched = await self._fetch(part, PER_PART)
            if fetched.failure is not None and fetched.failure.status == 400:
                return
            if fetched.page is not None:
                self._add(fetched.page)
            if fetched.page is None or not fetched.page.is_whole:
                why = fetched.failure.reason if fetched.failure else "the end is missing"
                last = part * PER_PART
                self._lose(f"posts {last - PER_PART + 1:,} to {last:,} of REST's list: {why}")
            elif fetched.page.records < PER_PART and fetched.pages in {None, part}:
                return

    def _add(self, page: PostPage) -> bool:
        """Add the posts of a page; return whether there are new ones."""
        before = len(self.posts)
        for post in page.posts:
            self.posts.setdefault(post.id, post)
        self._unusable += page.records - len(page.posts)
        return len(self.posts) > before

    def _is_end(self, fetched: _Fetched, first: _Fetched, number: int) -> bool:
        """Return whether a page is the last; a full one never is, as totals may be wrong."""
        if fetched.page is None or not fetched.page.is_whole:
            return first.pages is not None and number >= first.pages
        assert first.page is not None
        is_full = fetched.page.records >= (first.page.records if self._is_capped else PER_PAGE)
        return first.pages is not None and number >= first.pages and not is_full

    def _is_after_last(self, fetched: _Fetched, first: _Fetched, number: int) -> bool:
        """Return whether an answer says that the page before was the last."""
        failure = fetched.failure
        if failure is None or failure.status != 400:
            return False
        body = failure.response.body if failure.response else b""
        return _AFTER_LAST in body or first.pages is None or number > first.pages

    def _lose(self, note: str) -> None:
        """Note that posts are missing in what was read."""
        self.is_complete = False
        if len(self.notes) < _MAX_SPLIT:
            self.notes.append(note)

    def _compare_total(self, total: int | None) -> None:
        if self._unusable:
            self.notes.append(f"{self._unusable:,} records of REST's list cannot be used")
        count = len(self.posts) + self._unusable
        if total is None:
            self.notes.append("REST states no total: the posts of its list are counted")
        elif total != count and self.is_complete:
            self.notes.append(f"X-WP-Total says {total:,}, the list has {count:,}: the list counts")
