"""Records of WordPress's REST interface: posts, and what they refer to by number.

A record is decoded alone: a plugin that breaks one post must not cost the others of its list. The
fields are those of https://developer.wordpress.org/rest-api/reference/.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from newscrawl.text import decode_entities, fold

if TYPE_CHECKING:
    from collections.abc import Mapping

POST_TYPE, PUBLISHED = "post", "publish"
_MAX_ID = 10**15
_Record = TypeVar("_Record", bound="_Numbered")


class RecordError(ValueError):
    """A response that is not a list of records; the text is the reason, in one line."""


class Rendered(msgspec.Struct):
    """A text as WordPress's filters print it: HTML."""

    rendered: str = ""
    protected: bool = False
    """Whether a password is needed to read it."""


class _Numbered(msgspec.Struct):
    id: int


class ListedRecord(_Numbered):
    """A post, without its text."""

    link: str
    date: str | None = None
    """Local time of the site, without an offset."""
    date_gmt: str | None = None
    """The same moment in UTC, without an offset; invalid in some imported posts."""
    modified: str | None = None
    modified_gmt: str | None = None
    status: str = PUBLISHED
    type: str = POST_TYPE


class PostRecord(ListedRecord, kw_only=True):
    """A post."""

    title: Rendered
    content: Rendered
    author: int = 0
    featured_media: int = 0
    """Id of the lead image; 0 without one."""
    format: str = "standard"
    categories: list[int] = []
    tags: list[int] = []
    meta: Any = None
    """Values of plugins and of the theme; PHP prints an empty mapping as an empty list."""

    @property
    def is_sponsored(self) -> bool:
        """Whether the theme JNews marks the post as sponsored."""
        values = self._values("jnews_single_post")
        return str(values.get("sponsored_post", "")) == "1"

    @property
    def primary_category(self) -> int:
        """Id of the main category as the theme JNews stores it; 0 if it is not stated."""
        text = str(self._values("jnews_primary_category").get("id", ""))
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def _values(self, name: str) -> Mapping[str, Any]:
        values = self.meta.get(name) if isinstance(self.meta, dict) else None
        if isinstance(values, list) and values:
            values = values[0]
        return values if isinstance(values, dict) else {}


class TermRecord(_Numbered):
    """A category or a tag."""

    name: str
    slug: str = ""
    link: str = ""
    parent: int = 0
    count: int = 0

    @property
    def label(self) -> str:
        """The name as readers see it."""
        return fold(decode_entities(self.name))


class UserRecord(_Numbered):
    """An author."""

    name: str
    link: str = ""


class MediaRecord(_Numbered):
    """A picture."""

    source_url: str
    alt_text: str = ""
    caption: Rendered = msgspec.field(default_factory=Rendered)
    media_details: Any = None
    """Width and height in pixels, among others; a list or null where PHP has none."""

    def pixels(self, name: str) -> int | None:
        """Return `width` or `height`; None if it is not stated."""
        details = self.media_details
        value = details.get(name) if isinstance(details, dict) else None
        return value if type(value) is int and 1 < value < 100_000 else None


@dataclass(slots=True)
class Lists:
    """What posts refer to, by id."""

    categories: dict[int, TermRecord] = field(default_factory=dict)
    tags: dict[int, TermRecord] = field(default_factory=dict)
    users: dict[int, UserRecord] = field(default_factory=dict)
    media: dict[int, MediaRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadableRecord:
    """A record of a list that cannot be read."""

    number: str
    """Its id as far as it states one."""
    link: str
    """The address of its post; empty if it does not state one."""
    reason: str
    """In one line."""

    def __str__(self) -> str:
        return f"record {self.number or 'without id'}: {self.reason}"


def decode(body: bytes, kind: type[_Record]) -> tuple[list[_Record], list[UnreadableRecord]]:
    """Return the records of a list, and those that could not be read.

    Args:
        body: the response, UTF-8.
        kind: `PostRecord`, `TermRecord`, `UserRecord` or `MediaRecord`.

    Raises:
        RecordError: it is not a list of records: HTML, an error of WordPress, cut JSON.
    """
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise RecordError(_not_json(body, error)) from None
    if not isinstance(data, list):
        raise RecordError(_reason(data))
    records: list[_Record] = []
    problems: list[UnreadableRecord] = []
    for value in data:
        try:
            record = msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError as error:
            problems.append(_unreadable(value, fold(str(error))[:200]))
            continue
        if 0 < record.id < _MAX_ID:
            records.append(record)
        else:
            problems.append(_unreadable(value, "its id is not a number from 1 on"))
    return records, problems


def _not_json(body: bytes, error: Exception) -> str:
    start = body[:500].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        has_list = body.rstrip().endswith(b"]")
        return "HTML precedes the JSON" if has_list else "it is a web page"
    return f"it is not JSON: {fold(str(error))[:120]}"


def _reason(data: object) -> str:
    """Return why WordPress has sent something else than a list, in its own words if it says so."""
    reasons = [data.get(key) for key in ("code", "message")] if isinstance(data, dict) else []
    text = ": ".join(fold(reason) for reason in reasons if isinstance(reason, str))
    return text[:200] or f"it is of type {type(data).__name__}"


def _unreadable(value: object, reason: str) -> UnreadableRecord:
    stated = value if isinstance(value, dict) else {}
    number, link = stated.get("id"), stated.get("link")
    return UnreadableRecord(
        "" if number is None else str(number)[:20], link if isinstance(link, str) else "", reason
    )
