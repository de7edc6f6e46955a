"""Addresses of WordPress's REST lists from which articles are read.

The list of posts is followed by time of modification, not by page number: a post that is published,
edited or removed meanwhile would move all others by one, and one of them would be skipped.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

PER_PAGE = 100
"""The maximum that WordPress allows."""
LISTED_FIELDS = "id,date,date_gmt,modified,modified_gmt,status,type,link"
POST_FIELDS = (
    f"{LISTED_FIELDS},title,content,author,featured_media,"
    "format,categories,tags,meta.jnews_single_post,meta.jnews_primary_category"
)
MODIFIED, PUBLISHED = "modified", "date"
"""Times by which posts are listed, named as the fields of a record."""
LIST_FIELDS = {
    "categories": "id,count,link,name,slug,parent",
    "tags": "id,name,slug",
    "users": "id,name,link",
    "media": "id,source_url,alt_text,caption,media_details.width,media_details.height",
}
"""Lists that posts refer to, and the fields that are read."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local_seconds(text: str | None) -> int | None:
    """Return a local time without an offset as seconds since 1970-01-01T00:00:00 of that zone.

    It is compared with others of the same site only.

    >>> local_seconds("1970-01-02T00:00:01")
    86401
    >>> local_seconds("0000-00-00T00:00:00") is local_seconds(None) is None
    True
    """
    if text is None or len(text) > 40:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return int((moment.replace(tzinfo=UTC) - _EPOCH).total_seconds())


def local_time(seconds: int) -> str:
    """Return what `local_seconds` was given.

    >>> local_time(86401)
    '1970-01-02T00:00:01'
    """
    moment = _EPOCH + timedelta(seconds=seconds)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def span(since: date | None, until: date | None) -> dict[str, str]:
    """Return the parameters for posts published in a span of days, both included, of the site.

    >>> span(date(2026, 9, 1), date(2026, 9, 30))
    {'after': '2026-08-31T23:59:59', 'before': '2026-10-01T00:00:00'}
    """
    parameters = {}
    if since is not None:
        first = datetime.combine(since, time()) - timedelta(seconds=1)
        parameters["after"] = first.isoformat(timespec="seconds")
    if until is not None:
        end = datetime.combine(until, time()) + timedelta(days=1)
        parameters["before"] = end.isoformat(timespec="seconds")
    return parameters


def posts_address(  # noqa: PLR0913 - of one address
    origin: str,
    *,
    by: str = MODIFIED,
    ascending: bool,
    cursor: int | None,
    page: int = 1,
    per_page: int = PER_PAGE,
    only: dict[str, str] | None = None,
    fields: str = POST_FIELDS,
) -> str:
    """Return the address of a part of the list of posts, by a time.

    Args:
        origin: scheme and host of the site.
        by: `MODIFIED` or `PUBLISHED`: the time.
        ascending: whether the earliest come first.
        cursor: as `local_seconds`; the list begins there, and includes posts of that second.
        page: number of the page, where a page is full of posts of one second.
        per_page: how many posts.
        only: further parameters: `span()`, `categories`.
        fields: of a record.

    >>> posts_address("https://www.example.it", ascending=True, cursor=86401).partition("meta.")[2]
    'jnews_single_post,meta.jnews_primary_category&orderby=modified&order=asc&per_page=100\
&modified_after=1970-01-02T00:00:00'
    """
    parameters: dict[str, str | int] = {
        "_fields": fields,
        "orderby": by,
        "order": "asc" if ascending else "desc",
        "per_page": per_page,
        **(only or {}),
    }
    if cursor is not None:
        # Both limits are exclusive.
        name, step = ("after", -1) if ascending else ("before", 1)
        name = name if by == PUBLISHED else f"modified_{name}"
        parameters[name] = local_time(cursor + step)
    if page > 1:
        parameters["page"] = page
    return _address(origin, "posts", parameters)


def included_address(origin: str, ids: Iterable[int]) -> str:
    """Return the address of the records of some posts, at most `PER_PAGE`.

    >>> included_address("https://www.example.it", [7, 3]).partition("jnews_primary_category")[2]
    '&include=3,7&per_page=100'
    """
    numbers = ",".join(str(number) for number in sorted(ids))
    parameters: dict[str, str | int] = {"_fields": POST_FIELDS, "include": numbers}
    parameters["per_page"] = PER_PAGE
    return _address(origin, "posts", parameters)


def list_address(origin: str, kind: str, *, ids: Iterable[int] | None = None, page: int = 1) -> str:
    """Return the address of a list that posts refer to: of records by id, or of a page of all.

    >>> list_address("https://www.example.it", "users", ids=[3, 1])
    'https://www.example.it/wp-json/wp/v2/users?_fields=id,name,link&per_page=100&include=1,3'
    """
    parameters: dict[str, str | int] = {"_fields": LIST_FIELDS[kind], "per_page": PER_PAGE}
    if ids is not None:
        parameters["include"] = ",".join(str(number) for number in sorted(ids))
    if page > 1:
        parameters["page"] = page
    return _address(origin, kind, parameters)


def cursor_of(seen: int, zone: ZoneInfo) -> int:
    """Return a time in seconds since 1970 UTC as a cursor, an hour earlier in a repeated hour.

    WordPress compares local times: when clocks are put back, later posts have earlier ones.
    """
    moment = datetime.fromtimestamp(seen, UTC).astimezone(zone)
    first, second = (moment.replace(fold=fold).utcoffset() for fold in (0, 1))
    step = 3_600 if first != second else 0
    return int((moment.replace(tzinfo=UTC) - _EPOCH).total_seconds()) - step


def before_repeated_hour(cursor: int, zone: ZoneInfo) -> int:
    """Return a cursor from which all later posts have later local times.

    Of an hour that occurs twice, as when clocks are put back, its second pass has the same times.

    >>> from zoneinfo import ZoneInfo
    >>> paris = ZoneInfo("Europe/Paris")
    >>> cursors = [local_seconds(f"2026-10-25T0{hour}:50:00") for hour in (1, 2, 3)]
    >>> [local_time(before_repeated_hour(cursor, paris))[11:] for cursor in cursors]
    ['01:50:00', '01:50:00', '03:50:00']
    """
    moment = (_EPOCH + timedelta(seconds=cursor)).replace(tzinfo=zone)
    first, second = (moment.replace(fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return cursor - max(0, int((first - second).total_seconds()))


def _address(origin: str, kind: str, parameters: dict[str, str | int]) -> str:
    return f"{origin.rstrip('/')}/wp-json/wp/v2/{kind}?{urlencode(parameters, safe=',:')}"
