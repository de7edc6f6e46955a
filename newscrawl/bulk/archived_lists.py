"""REST's lists of an archive: what later posts refer to, as a run by REST has downloaded it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newscrawl.pages.rest_records import (
    Lists,
    MediaRecord,
    PostRecord,
    RecordError,
    TermRecord,
    UserRecord,
    decode,
)

if TYPE_CHECKING:
    from newscrawl.bulk.responses import ArchivedResponse
    from newscrawl.bulk.warc_records import WarcRecord

# Also as `?rest_route=/wp/v2/posts`, of a site without permalinks.
_LIST = re.compile(r"[/=]wp/v2/(categories|tags|users|media)(?:[/?&#]|\Z)")
_POSTS = re.compile(r"[/=]wp/v2/posts(?:[?&#]|\Z)")
_KINDS: dict[str, type[Any]] = {
    "categories": TermRecord, "tags": TermRecord, "users": UserRecord, "media": MediaRecord,
}  # fmt: skip
_MAX_MEDIA = 10_000


def is_list_of_posts(record: WarcRecord) -> bool:
    """Return whether a record is the response to a request for a list of posts."""
    address = unquote((record.get("WARC-Target-URI") or "").partition("://")[2])
    return _POSTS.search(address) is not None


class ArchivedLists:
    """The records that were read last, by kind and id; of pictures only the latest are kept."""

    def __init__(self) -> None:
        self._lists = Lists()

    def add(self, response: ArchivedResponse) -> None:
        """Take the records of a response, if it is such a list."""
        match = _LIST.search(unquote(response.url.partition("://")[2]))
        if match is None or response.status not in {200, 203}:
            return
        try:
            records, _ = decode(response.body, _KINDS[match[1]])
        except RecordError:
            return
        known = getattr(self._lists, match[1])
        known.update({record.id: record for record in records})
        if match[1] == "media":
            for number in [*known][: max(0, len(known) - _MAX_MEDIA)]:
                del known[number]

    def of_posts(self, body: bytes) -> Lists:
        """Return the records that the posts of a list refer to; none if it cannot be read."""
        try:
            posts, _ = decode(body, PostRecord)
        except RecordError:
            return Lists()
        lists = self._lists
        categories: set[int] = set()
        for post in posts:
            for number in (*post.categories, post.primary_category):
                while number in lists.categories and number not in categories:
                    categories.add(number)
                    number = lists.categories[number].parent  # noqa: PLW2901 - towards the top
        return Lists(
            _among(lists.categories, categories),
            _among(lists.tags, {number for post in posts for number in post.tags}),
            _among(lists.users, {post.author for post in posts}),
            _among(lists.media, {post.featured_media for post in posts}),
        )


def _among(records: dict[int, Any], numbers: set[int]) -> dict[int, Any]:
    return {number: records[number] for number in sorted(numbers) if number in records}
