"""What the report reads of a dump's line; the rest, most of its bytes, is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from newscrawl.dumps.articles import article_of
from newscrawl.dumps.reading import decode, decoded
from newscrawl.items import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.dumps.reading import OnBad


class Named(msgspec.Struct, gc=False):
    """An author or breadcrumb."""

    name: str


class Addressed(msgspec.Struct, gc=False):
    """A picture, or a card of the Related Posts box."""

    url: str


class Placed(msgspec.Struct, gc=False):
    """A dateline."""

    place: str


class Record(msgspec.Struct, gc=False):
    """The fields of an article that the report counts."""

    schema_version: str
    id: str
    site: str
    url: str
    status: str
    headline: str
    subtitle: str | None
    authors: list[Named]
    date_published: str | None
    date_published_precision: str | None
    date_modified: str | None
    section: str | None
    breadcrumbs: list[Named]
    keywords: list[str]
    dateline: Placed | None
    image: Addressed | None
    related: list[Addressed]
    first_seen_at: str | None
    fetched_at: str | None
    revision: int
    changed_fields: list[str]
    duplicate_of: str | None
    similarity: float | None


_DECODER = msgspec.json.Decoder(Record)


def records(path: Path, on_bad: OnBad) -> Iterator[Record]:
    """Return the records of one dump as they are read.

    Args:
        path: its file.
        on_bad: called with what is wrong with each line that is left out.
    """
    return (record for _, record, _ in decoded(path, on_bad, _record))


def _record(raw: bytes) -> Record:
    """Return what a line's bytes hold.

    Raises:
        ValueError: it is no article; the text, one line, says why.
    """
    try:
        found = _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _slowly(raw)
    return found if found.schema_version == SCHEMA_VERSION else _slowly(raw)


def _slowly(raw: bytes) -> Record:
    # What tells best what is wrong with a line takes ten times as long.
    found = decode(raw)
    article_of(found)
    return msgspec.convert(found, Record)
