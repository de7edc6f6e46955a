"""The parts of an article: the smaller records within a line of a dump.

`newscrawl.items` has the article itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from newscrawl.items import fields
from newscrawl.items.fields import FILLED, described, one_of, when

if TYPE_CHECKING:
    from collections.abc import Iterable


BLOCK_TYPES = ("heading", "paragraph", "list", "quote", "image", "video", "embed", "table")


@dataclass(slots=True)
class Author:
    """A person named in the byline."""

    name: str = described('Name as shown, without "by", dates or agency marks.', FILLED)
    url: str | None = described("The author's page on the site.", fields.URL, default=None)


@dataclass(slots=True)
class Breadcrumb:
    """One step of the way from the home page to the article."""

    name: str = described("Label as shown.", FILLED)
    url: str | None = described("Address of the step.", fields.URL, default=None)


@dataclass(slots=True)
class Dateline:
    """Place and day that open the text, as in "Tokyo, 28 ottobre 2025 –"."""

    place: str = described("Place as written.", FILLED)
    date: str | None = described("Day, ISO 8601: `2025-10-28`.", fields.DAY, default=None)


@dataclass(slots=True)
class Image:
    """A picture at full size."""

    url: str = described("Address of the full-size file, never a placeholder.", fields.URL)
    caption: str | None = described("What the picture shows.", default=None)
    credit: str | None = described("Agency or photographer.", default=None)
    alt: str | None = described("Alternative text.", default=None)
    width: int | None = described(
        "Pixels, when the page states it of this file.", fields.NUMBER, default=None
    )
    height: int | None = described(
        "Pixels, when the page states it of this file.", fields.NUMBER, default=None
    )


@dataclass(slots=True)
class Video:
    """An embedded or featured video."""

    url: str = described("Address of the player or of the file.", fields.URL)
    provider: str | None = described(
        "`youtube`, `vimeo`, `dailymotion`, `facebook` ... or `file`.",
        otherwise="`null`: a player that is not known",
        default=None,
    )
    title: str | None = described("Title as the page states it.", default=None)


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

    type: str = described(
        "`heading`, `paragraph`, `list`, `quote`, `image`, `video`, `embed` or `table`.",
        one_of(*BLOCK_TYPES),
    )
    level: int | None = described(
        "1 to 6 for a heading.", {"minimum": 1, "maximum": 6}, default=None
    )
    text: str | None = described("Text of a heading, paragraph, quote or embed.", default=None)
    items: list[str] = described("Entries of a list, rows of a table.", factory=list)
    url: str | None = described("Address of an image, video or embed.", fields.URL, default=None)


@dataclass(slots=True)
class Link:
    """A link within the text."""

    url: str = described("Absolute; canonical when it points to the site itself.", fields.URL)
    text: str = described("Its words.", FILLED)


@dataclass(slots=True)
class RelatedPost:
    """One card of the Related Posts box."""

    position: int = described("1 for the first card.", fields.NUMBER)
    url: str = described("Canonical URL.", fields.SITE_URL)
    headline: str = described("Title on the card.")
    section: str | None = described("Label on the card.", default=None)
    date_published: str | None = described(
        "Date on the card: a day, or a time with its offset, ISO 8601.",
        fields.DAY_OR_LOCAL,
        otherwise="`null`: the card shows none, or one that cannot be read",
        default=None,
    )
    image_alt: str | None = described("Alternative text of the card's picture.", default=None)


@dataclass(slots=True)
class Publisher:
    """Who publishes the site."""

    name: str = described("Name of the publication.", FILLED)
    url: str | None = described("Home page.", fields.URL, default=None)
    registration: str | None = described(
        "Court registration as the footer states it.", default=None
    )


@dataclass(slots=True)
class Disagreement:
    """A source that said otherwise."""

    field: str = described("Name of the article's field.", fields.NAME)
    source: str = described("Where it stands: `jsonld`, `meta`, `visible`, `url` ...", fields.NAME)
    value: str = described("What that source said, normalised like the field.")


@dataclass(slots=True)
class Rights:
    """Reservations as published."""

    tdm_reserved: bool | None = described(
        "Text and data mining reserved (TDMRep).", otherwise="`null`: nothing is said", default=None
    )
    tdm_policy: str | None = described("Address of the reservation's policy.", default=None)
    robots: str | None = described(
        "Content of the robots meta tag or X-Robots-Tag header.", default=None
    )


def text_of(blocks: Iterable[Block]) -> str:
    r"""Return paragraphs, headings, list items, quotes and rows, a blank line between.

    >>> from newscrawl.items import Block
    >>> text_of([Block("paragraph", text="Uno"), Block("list", items=["due", "tre"])])
    'Uno\n\ndue\n\ntre'
    """
    pieces: list[str] = []
    for block in blocks:
        if block.type in {"list", "table"}:
            pieces.extend(block.items)
        elif block.type in {"heading", "paragraph", "quote"} and block.text:
            pieces.append(block.text)
    return "\n\n".join(pieces)
