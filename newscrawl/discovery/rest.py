"""WordPress's REST interface: the posts last changed, a hundred at a time.

Plugins that guard a site often close it, and then the other channels must do.
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
"""The most that WordPress gives at once."""
MAX_BYTES = 4 * 1024 * 1024
"""Size of an answer; a hundred whole posts, where `_fields` is not obeyed, have about 2 MB."""
_FIELDS = "id,link,date_gmt,modified_gmt"
_NOUN = "list of posts"
_MAX_ID = 2**63 - 1
_RFC_3339 = "%Y-%m-%dT%H:%M:%SZ"


def address(origin: str, modified_after: datetime | None = None, page: int = 1) -> str:
    """Return where a site's REST interface lists its posts, the last changed first.

    The header X-WP-TotalPages of the answer says how many pages there are; the one after
    the last is answered by 400.

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
    asked: dict[str, str | int] = {
        "_fields": _FIELDS,
        "orderby": "modified",
        "order": "desc",
        "per_page": PER_PAGE,
    }
    if modified_after is not None:
        if modified_after.tzinfo is None:
            raise ValueError("a time without its offset means another instant to the site")
        asked["modified_after"] = modified_after.astimezone(UTC).strftime(_RFC_3339)
    if page > 1:
        asked["page"] = page
    return f"{origin.rstrip('/')}/wp-json/wp/v2/posts?{urlencode(asked, safe=',:')}"


def read(body: bytes, urls: SiteUrls) -> list[Entry]:
    """Return what a page of the list says of articles of the site, in its own order.

    Raises:
        ValueError: it is no list of posts; the message is one line, with the site's own
            reason where it gives one.
    """
    return unique(_entries(_load(body), urls))


def _load(body: bytes) -> list[Any]:
    if len(body) > MAX_BYTES:
        raise refusal("the REST answer", _NOUN, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refusal("the REST answer", _NOUN, str(error)) from None
    if isinstance(found, list):
        return found
    reasons = [found.get(name) for name in ("code", "message")] if isinstance(found, dict) else []
    said = ": ".join(reason for reason in reasons if isinstance(reason, str))
    raise refusal("the REST answer", _NOUN, said or f"it is of type {type(found).__name__}")


def _entries(records: list[Any], urls: SiteUrls) -> Iterator[Entry]:
    for record in records:
        if not isinstance(record, dict):
            continue
        link, number = record.get("link"), record.get("id")
        known = article(link, None, urls) if isinstance(link, str) else None
        if known is None:
            continue
        # "2026-11-23T09:00:00": named GMT, so it needs no offset; drafts have 0000-00-00.
        changed = moment(record.get("modified_gmt"), naive=UTC)
        is_id = type(number) is int and 0 < number <= _MAX_ID
        yield Entry(
            known,
            seconds(changed),
            moment(record.get("date_gmt"), naive=UTC),
            changed,
            number if is_id else None,
        )
