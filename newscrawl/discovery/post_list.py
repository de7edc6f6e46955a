"""WordPress's REST list of all posts, read to count them: a hundred a request, without texts.

Unlike `rest.py`, which takes what has changed, this reads answers that are damaged as far as they
can be used, and states what is wrong with them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from newscrawl.discovery import rest_lists
from newscrawl.discovery.entries import address_of, moment, refusal
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from newscrawl.urls import SiteUrls

PER_PAGE = 100
"""The maximum that WordPress allows."""
PER_PART = 10
"""Posts of a request that reads a part of a page; every server allows so many."""
_FIELDS = "id,link,date_gmt,modified_gmt,type,status,categories,content.protected"
_SOURCE, _NOUN = "the REST response", "list of posts"
_LIST = re.compile(r"\[\s*(?=[{\]])")
_MAX_STARTS = 20
"""Brackets before the list that are tried: PHP's notices have few."""
_MAXIMUM = re.compile(r"\b(\d{1,3}) \(inclusive\)[.\"]")
_MAX_ID = 2**63 - 1
_DRAFT = "0000-"


@dataclass(frozen=True, slots=True)
class ListedPost:
    """One post of the list."""

    id: int
    url: str
    """Canonical; as written, if it is on another host."""
    is_foreign: bool = False
    """Whether its address is on another host."""
    published: datetime | None = None
    """In UTC; None if it is not stated."""
    categories: tuple[int, ...] = ()
    is_protected: bool | None = None
    """Whether its text needs a password; None if that is not stated."""
    other_kind: str = ""
    """Its type or status, if it is not a published post: `draft`, `page`."""


@dataclass(frozen=True, slots=True)
class PostPage:
    """A page of the list."""

    posts: list[ListedPost] = field(default_factory=list)
    records: int = 0
    """Records of the page, those that are not posts included."""
    is_whole: bool = True
    """Whether the list has its end."""
    has_prefix: bool = False
    """Whether something else stands before the list."""


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts are listed."""

    categories: tuple[int, ...] = ()
    """Ids; posts of any of them. Empty: all posts."""
    since: date | None = None
    """First day, in the site's time zone."""
    until: date | None = None
    """Last day."""

    def parameters(self) -> dict[str, str]:
        """Return the parameters of a request.

        >>> from datetime import date
        >>> PostFilter((4, 7), since=date(2026, 11, 1)).parameters()
        {'categories': '4,7', 'after': '2026-10-31T23:59:59'}
        """
        given: dict[str, str] = {}
        if self.categories:
            given["categories"] = ",".join(map(str, self.categories))
        return given | rest_lists.span(self.since, self.until)


def address(origin: str, chosen: PostFilter, page: int = 1, per_page: int = PER_PAGE) -> str:
    """Return the address of a page of the list, the lowest id first.

    New posts are added at the end, so that no page moves while the list is read.

    >>> address("https://www.example.it", PostFilter(), 2)[:46]
    'https://www.example.it/wp-json/wp/v2/posts?_fi'
    """
    parameters = {
        "_fields": _FIELDS,
        "orderby": "id",
        "order": "asc",
        "per_page": str(per_page),
        **chosen.parameters(),
    }
    if page > 1:
        parameters["page"] = str(page)
    return f"{origin.rstrip('/')}/wp-json/wp/v2/posts?{urlencode(parameters, safe=',:')}"


def count_address(origin: str, chosen: PostFilter) -> str:
    """Return the address of one post, whose header X-WP-Total is the number of posts."""
    parameters = {"_fields": "id", "per_page": "1", **chosen.parameters()}
    return f"{origin.rstrip('/')}/wp-json/wp/v2/posts?{urlencode(parameters, safe=',:')}"


def maximum_stated(body: bytes) -> int:
    """Return how many posts a request may list, by the error of one that named more.

    >>> maximum_stated(b'{"data": {"params": {"per_page": "per_page must be between 1 '
    ...     b'(inclusive) and 50 (inclusive)"}}}')
    50
    """
    match = _MAXIMUM.search(body.decode("utf-8", "replace"))
    number = int(match[1]) if match else 0
    return number if 1 <= number < PER_PAGE else PER_PART


def read(body: bytes, urls: SiteUrls) -> PostPage:
    """Return a page of the list, also one with something before the list or without its end.

    Raises:
        ValueError: it contains no list of posts; the message is one line, with the site's own
            reason if it has one.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        return _salvage(body.decode("utf-8", "replace"), urls, str(error))
    if isinstance(data, list):
        return PostPage(_posts(data, urls), len(data))
    reasons = [data.get(key) for key in ("code", "message")] if isinstance(data, dict) else []
    message = ": ".join(reason for reason in reasons if isinstance(reason, str))
    raise refusal(_SOURCE, _NOUN, message or f"it is of type {type(data).__name__}")


def _salvage(text: str, urls: SiteUrls, reason: str) -> PostPage:
    """Return what can be read of an answer that is not JSON.

    Raises:
        ValueError: nothing can be read of it.
    """
    decoder = json.JSONDecoder()
    starts = [match.start() for match, _ in zip(_LIST.finditer(text), range(_MAX_STARTS))]  # noqa: B905 - the shorter
    for start in starts:
        try:
            data, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        return PostPage(_posts(data, urls), len(data), has_prefix=bool(text[:start].strip()))
    for start in starts:
        if records := [*_whole_records(decoder, text, start + 1)]:
            has_prefix = bool(text[:start].strip())
            return PostPage(
                _posts(records, urls), len(records), is_whole=False, has_prefix=has_prefix
            )
    page = text.lstrip()[:200].lower()
    is_page = page.startswith(("<!doctype html", "<html"))
    raise refusal(_SOURCE, _NOUN, "it is a web page" if is_page else reason)


def _whole_records(decoder: json.JSONDecoder, text: str, start: int) -> Iterator[Any]:
    """Yield the records of a list that has no end."""
    while start < len(text):
        rest = text[start:].lstrip(", \r\n\t")
        start = len(text) - len(rest)
        try:
            record, start = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield record


def _posts(records: Iterable[Any], urls: SiteUrls) -> list[ListedPost]:
    posts = (_post(record, urls) for record in records if isinstance(record, dict))
    return [post for post in posts if post is not None]


def _post(record: dict[str, Any], urls: SiteUrls) -> ListedPost | None:
    number, link = record.get("id"), record.get("link")
    if type(number) is not int or not 0 < number <= _MAX_ID:
        return None
    found = address_of(link, None, urls) if isinstance(link, str) else None
    if found is None:
        return None
    date_text, categories = record.get("date_gmt"), record.get("categories")
    return ListedPost(
        number,
        found.url,
        found.kind is Kind.FOREIGN,
        moment(date_text, naive=UTC),
        tuple(category for category in categories if type(category) is int)
        if isinstance(categories, list)
        else (),
        _is_protected(record),
        _other_kind(record),
    )


def _is_protected(record: dict[str, Any]) -> bool | None:
    content = record.get("content")
    value = content.get("protected") if isinstance(content, dict) else None
    return value if isinstance(value, bool) else None


def _other_kind(record: dict[str, Any]) -> str:
    """Return what a record is that is not a published post."""
    kind, status = record.get("type", "post"), record.get("status", "publish")
    if isinstance(kind, str) and kind != "post":
        return kind[:40]
    if isinstance(status, str) and status != "publish":
        return status[:40]
    return "draft" if str(record.get("date_gmt")).startswith(_DRAFT) else ""
