"""The parts of an article: the smaller records within a line of a dump.

`newscrawl.items` has the article itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from newscrawl.items import fields
from newscrawl.items.fields import FILLED, field_with_schema, one_of, when

if TYPE_CHECKING:
    from collections.abc import Iterable


BLOCK_TYPES = ("heading", "paragraph", "list", "quote", "image", "video", "embed", "table")


@dataclass(slots=True)
class Author:
    """A person named in the byline."""

    name: str = field_with_schema(
        'Name as shown, without "by", "di", dates, agency marks, addresses or accounts.', FILLED
    )
    url: str | None = field_with_schema("The author's page on the site.", fields.URL, default=None)


@dataclass(slots=True)
class Breadcrumb:
    """One step of the path from the home page to the article."""

    name: str = field_with_schema("Label as shown.", FILLED)
    url: str | None = field_with_schema("Address of the step.", fields.URL, default=None)


@dataclass(slots=True)
class Dateline:
    """Place and day that open the text, as in "Tokyo, 28 ottobre 2025 –"."""

    place: str = field_with_schema("Place as written.", FILLED)
    date: str | None = field_with_schema("Day, ISO 8601: `2025-10-28`.", fields.DAY, default=None)


@dataclass(slots=True)
class Image:
    """A picture at full size."""

    url: str = field_with_schema("Address of the full-size file, never a placeholder.", fields.URL)
    caption: str | None = field_with_schema("What the picture shows.", default=None)
    credit: str | None = field_with_schema("Agency or photographer.", default=None)
    alt: str | None = field_with_schema("Alternative text.", default=None)
    width: int | None = field_with_schema(
        "Pixels, when the page states them for this file.", fields.NUMBER, default=None
    )
    height: int | None = field_with_schema(
        "Pixels, when the page states them for this file.", fields.NUMBER, default=None
    )


@dataclass(slots=True)
class Video:
    """An embedded or featured video."""

    url: str = field_with_schema("Address of the player or of the file.", fields.URL)
    provider: str | None = field_with_schema(
        "`youtube`, `vimeo`, `dailymotion`, `facebook` ... or `file`.",
        otherwise="`null`: unknown player",
        default=None,
    )
    title: str | None = field_with_schema("Title as the page states it.", default=None)


@dataclass(slots=True)
class Block:
    """One piece of the text with its structure."""

    __json_schema_extra__: ClassVar[fields.Format] = {
        "allOf": [
            when(
                {"type": {"const": "heading"}},
                {"level": {"type": "integer"}, "text": {"type": "string"}},
                {"level": {"type": "null"}},
            ),
            when(
                {"type": one_of("paragraph", "quote")},
                {"text": {"type": "string"} | FILLED, "url": {"type": "null"}},
            ),
            when(
                {"type": one_of("list", "table")},
                {"text": {"type": "null"}},
                {"items": {"maxItems": 0}},
            ),
            when({"type": one_of("image", "video")}, {"url": {"type": "string"}}),
        ]
    }

    type: str = field_with_schema(
        "`heading`, `paragraph`, `list`, `quote`, `image`, `video`, `embed` or `table`.",
        one_of(*BLOCK_TYPES),
    )
    level: int | None = field_with_schema(
        "1 to 6 for a heading.", {"minimum": 1, "maximum": 6}, default=None
    )
    text: str | None = field_with_schema(
        "Text of a heading, paragraph, quote or embed.", default=None
    )
    items: list[str] = field_with_schema("Entries of a list, rows of a table.", factory=list)
    url: str | None = field_with_schema(
        "Address of an image, video or embed.", fields.URL, default=None
    )


@dataclass(slots=True)
class Link:
    """A link within the text."""

    url: str = field_with_schema(
        "Absolute; canonical when it points to the site itself.", fields.URL
    )
    text: str = field_with_schema("Text of the link.", FILLED)


@dataclass(slots=True)
class RelatedPost:
    """One card of the Related Posts box."""

    position: int = field_with_schema("1 for the first card.", fields.NUMBER)
    url: str = field_with_schema("Canonical URL.", fields.SITE_URL)
    headline: str = field_with_schema("Title on the card.")
    section: str | None = field_with_schema("Label on the card.", default=None)
    date_published: str | None = field_with_schema(
        "Date on the card; where that is relative, the day in the address. ISO 8601.",
        fields.DAY_OR_LOCAL,
        otherwise="`null`: the card shows none, or one that cannot be parsed",
        default=None,
    )
    image_alt: str | None = field_with_schema(
        "Alternative text of the card's picture.", default=None
    )


@dataclass(slots=True)
class Publisher:
    """The publication."""

    name: str = field_with_schema("Name of the publication.", FILLED)
    url: str | None = field_with_schema("Home page.", fields.URL, default=None)
    registration: str | None = field_with_schema(
        "Court registration as the footer states it.", default=None
    )


@dataclass(slots=True)
class Disagreement:
    """A source that states another value."""

    field: str = field_with_schema("Name of the article's field.", fields.NAME)
    source: str = field_with_schema(
        "Which source: `jsonld`, `meta`, `visible`, `url` ...", fields.NAME
    )
    value: str = field_with_schema("The value it states, normalised like the field.")


@dataclass(slots=True)
class ArchiveRecord:
    """Where the response is kept from which the article was read."""

    file: str = field_with_schema("Name of the WARC file, next to the dump.", fields.FILLED)
    offset: int = field_with_schema("At which byte its record begins.", fields.COUNT)


@dataclass(slots=True)
class Signal:
    """A statement on rights: one for each statement and use (docs/rights.md)."""

    source: str = field_with_schema(
        "Vocabulary and place: `tdmrep/header`, `robots/html`, `aipref/robots.txt` ...",
        fields.SIGNAL_SOURCE,
    )
    scope: str = field_with_schema(
        "`site`, a pattern of paths as written, `page`, or `page for TOKEN` for one crawler.",
        fields.FILLED,
    )
    use: str = field_with_schema(
        "What it is about: `tdm`, `train`, `index`, `license` ...", fields.SIGNAL_USE
    )
    value: str = field_with_schema(
        "`allow`, `deny`, or what is stated: an address, a name, a number, a day.", fields.FILLED
    )
    raw: str = field_with_schema("The statement as it stood, at most 500 characters.")


@dataclass(slots=True)
class Rights:
    """Reservations as published."""

    tdm_reserved: bool | None = field_with_schema(
        "Text and data mining reserved (TDMRep): the file, then the header, then the page.",
        otherwise="`null`: not stated",
        default=None,
    )
    tdm_policy: str | None = field_with_schema("Address of the reservation's policy.", default=None)
    robots: str | None = field_with_schema(
        "Rules of robots meta tags and X-Robots-Tag headers for all crawlers or for newscrawl.",
        default=None,
    )
    signals: list[Signal] = field_with_schema(
        "Every statement on rights that applies to the page, before any precedence.",
        otherwise="`[]`; lines of schema versions before 1.3 do not have the key",
        since="1.3",
        factory=list,
    )


def text_of(blocks: Iterable[Block]) -> str:
    r"""Return paragraphs, headings, list items, quotes and rows, separated by blank lines.

    >>> from newscrawl.items import Block
    >>> text_of([Block("paragraph", text="Uno"), Block("list", items=["due", "tre"])])
    'Uno\n\ndue\n\ntre'
    """
    texts: list[str] = []
    for block in blocks:
        if block.type in {"list", "table"}:
            texts.extend(block.items)
        elif block.type in {"heading", "paragraph", "quote"} and block.text:
            texts.append(block.text)
    return "\n\n".join(texts)
