"""WordPress's REST API: the posts changed last, a hundred at a time.

Security plugins often disable it; then only the other channels are left.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from newscrawl.discovery.entries import Entry, article, moment, refusal, seconds, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.urls import SiteUrls

PER_PAGE = 100
"""The maximum that WordPress allows."""
MAX_BYTES = 4 * 1024 * 1024
"""Maximum size of a response; a hundred posts have about 2 MB if `_fields` is ignored."""
_FIELDS = "id,link,date_gmt,modified_gmt"
_NOUN = "list of posts"
_MAX_ID = 2**63 - 1
_RFC_3339 = "%Y-%m-%dT%H:%M:%SZ"


def address(origin: str, modified_after: datetime | None = None, page: int = 1) -> str:
    """Return the address of a site's list of posts, the last changed first.

    The response header X-WP-TotalPages is the number of pages; the page after the last
    returns 400.

    Args:
        origin: scheme and host of the site.
        modified_after: aware; only posts changed later than this.
        page: number of the page.

    Raises:
        ValueError: `modified_after` is naive.

    >>> address("https://www.example.it", datetime(2026, 11, 23, 9, tzinfo=UTC), 2)[:47]
    'https://www.example.it/wp-json/wp/v2/posts?_fie'
    >>> address("https://www.example.it", datetime(2026, 11, 23, 9, tzinfo=UTC), 2)[42:]
    '?_fields=id,link,date_gmt,modified_gmt&orderby=modified&order=desc&per_page=100\
&modified_after=2026-11-23T09:00:00Z&page=2'
    """
    parameters: dict[str, str | int] = {
        "_fields": _FIELDS,
        "orderby": "modified",
        "order": "desc",
        "per_page": PER_PAGE,
    }
    if modified_after is not None:
        if modified_after.tzinfo is None:
            raise ValueError("modified_after must have a UTC offset")
        parameters["modified_after"] = modified_after.astimezone(UTC).strftime(_RFC_3339)
    if page > 1:
        parameters["page"] = page
    return f"{origin.rstrip('/')}/wp-json/wp/v2/posts?{urlencode(parameters, safe=',:')}"


def read(body: bytes, urls: SiteUrls) -> tuple[int, list[Entry]]:
    """Return a page of the list: how many posts it has, and the articles of the site among them.

    Raises:
        ValueError: it is not a list of posts; the message is one line, with the site's own
            reason if it has one.
    """
    records = _load(body)
    return len(records), unique(_entries(records, urls))


def _load(body: bytes) -> list[Any]:
    if len(body) > MAX_BYTES:
        raise refusal("the REST response", _NOUN, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refusal("the REST response", _NOUN, str(error)) from None
    if isinstance(data, list):
        return data
    reasons = [data.get(key) for key in ("code", "message")] if isinstance(data, dict) else []
    message = ": ".join(reason for reason in reasons if isinstance(reason, str))
    raise refusal("the REST response", _NOUN, message or f"it is of type {type(data).__name__}")


def _entries(records: list[Any], urls: SiteUrls) -> Iterator[Entry]:
    for record in records:
        if not isinstance(record, dict):
            continue
        link, number = record.get("link"), record.get("id")
        article_address = article(link, None, urls) if isinstance(link, str) else None
        if article_address is None:
            continue
        # "2026-11-23T09:00:00" is in GMT and has no offset; drafts have 0000-00-00.
        modified = moment(record.get("modified_gmt"), naive=UTC)
        is_id = type(number) is int and 0 < number <= _MAX_ID
        yield Entry(
            article_address,
            seconds(modified),
            moment(record.get("date_gmt"), naive=UTC),
            modified,
            number if is_id else None,
        )
