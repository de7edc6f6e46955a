"""The article: the one definition of a line in a dump, with its parts.

Field order is the order of keys in a dump. Everything else that describes an
article (schema, documentation, columns) is made from this module.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, is_dataclass
from typing import ClassVar

from newscrawl.items import fields
from newscrawl.items.fields import FILLED, each, field_with_schema, one_of, when
from newscrawl.items.parts import (
    Author,
    Block,
    Breadcrumb,
    Dateline,
    Disagreement,
    Image,
    Link,
    Publisher,
    RelatedPost,
    Rights,
    Video,
)

__all__ = [
    "ARTICLE_FIELDS",
    "FIELDS_OF_GONE",
    "PARTS",
    "SCHEMA_VERSION",
    "Article",
    "Author",
    "Block",
    "Breadcrumb",
    "Dateline",
    "Disagreement",
    "Image",
    "Link",
    "Publisher",
    "RelatedPost",
    "Rights",
    "Video",
    "parts_of",
]

SCHEMA_VERSION = "1.0"
PRECISIONS = ("day", "minute", "second")
DATE_SOURCES = ("jsonld", "meta", "visible", "url", "rest", "feed")
CHANNELS = ("menu", "archive", "related", "sitemap", "feed", "rest", "url")


def _date_rules(name: str) -> list[fields.Format]:
    """Return how a date, its precision, its raw text and its source go together."""
    date, precision, raw, source = (f"{name}{end}" for end in ("", "_precision", "_raw", "_source"))
    nothing, text = {"type": "null"}, {"type": "string"}
    return [
        when(
            {date: nothing},
            {precision: nothing, raw: nothing, source: nothing},
            {precision: text, raw: text, source: text},
        ),
        when({precision: {"const": "day"}}, {date: fields.DAY}),
        when({precision: one_of("minute", "second")}, {date: fields.LOCAL}),
        when({precision: {"const": "minute"}}, {date: {"pattern": ":00[+-]"}}),
    ]


@dataclass(slots=True)
class Article:
    """A news article: one line of a dump (schema.org NewsArticle where it has the notion)."""

    __json_schema_extra__: ClassVar[fields.Format] = {
        "allOf": [
            *_date_rules("date_published"),
            *_date_rules("date_modified"),
            when(
                {"revision": {"const": 1}},
                {"previous_hash": {"type": "null"}, "changed_fields": {"maxItems": 0}},
                {"previous_hash": {"type": "string"}},
            ),
            when(
                {"duplicate_of": {"type": "null"}},
                {"similarity": {"type": "null"}},
                {"similarity": {"type": "number"}},
            ),
            when(
                {"status": {"const": "live"}},
                {"headline": FILLED, "body": FILLED, "extractor": FILLED}
                | {name: {"not": {"type": "null"}} for name in ("language", "publisher")},
            ),
        ]
    }

    schema_version: str = field_with_schema(
        "Version of this record's shape.", {"const": SCHEMA_VERSION}, default=SCHEMA_VERSION
    )
    id: str = field_with_schema(
        "Stable for the article's life: `<site>:<WordPress post id>`.",
        fields.ID,
        otherwise="`<site>:` and 16 hexadecimal digits of the canonical URL's SHA-256",
        default="",
    )
    site: str = field_with_schema("Key of the site definition.", fields.NAME, default="")
    url: str = field_with_schema(
        "Canonical URL: https, host and case normalised, no tracking parameters, AMP or fragment.",
        fields.SITE_URL,
        otherwise="the address fetched, where the page names no canonical one of the site",
        default="",
    )
    status: str = field_with_schema(
        "`live`, or `gone` for an article found removed.", one_of("live", "gone"), default="live"
    )
    headline: str = field_with_schema(
        "Title as shown, entities decoded, whitespace folded.",
        otherwise="JSON-LD, meta, the page's only h1; an article without one is rejected",
        default="",
    )
    subtitle: str | None = field_with_schema("Summary under the headline.", FILLED, default=None)
    authors: list[Author] = field_with_schema(
        "Authors in the order shown.", otherwise="JSON-LD, meta; `[]`", factory=list
    )
    date_published: str | None = field_with_schema(
        "ISO 8601 in the site's time zone: `2025-10-28T14:30:00+01:00`; `2025-10-28` when no time "
        "is known.",
        fields.DAY_OR_LOCAL,
        otherwise="the next of the sources that states one ([dates.md](dates.md)); `null`",
        default=None,
    )
    date_published_precision: str | None = field_with_schema(
        "`day`, `minute` or `second`.", one_of(*PRECISIONS, None), default=None
    )
    date_published_raw: str | None = field_with_schema(
        "Text as the page had it, whitespace folded.", FILLED, default=None
    )
    date_published_source: str | None = field_with_schema(
        "`jsonld`, `meta`, `visible`, `url`, `rest` or `feed`.",
        one_of(*DATE_SOURCES, None),
        default=None,
    )
    date_modified: str | None = field_with_schema(
        "Like date_published.",
        fields.DAY_OR_LOCAL,
        otherwise="`null`: the page states none",
        default=None,
    )
    date_modified_precision: str | None = field_with_schema(
        "`day`, `minute` or `second`.", one_of(*PRECISIONS, None), default=None
    )
    date_modified_raw: str | None = field_with_schema(
        "Text as the page had it, whitespace folded.", FILLED, default=None
    )
    date_modified_source: str | None = field_with_schema(
        "Like date_published_source.", one_of(*DATE_SOURCES, None), default=None
    )
    section: str | None = field_with_schema(
        "Main section as the menu names it.",
        FILLED,
        otherwise="meta, JSON-LD, the address; `null`",
        default=None,
    )
    sections: list[str] = field_with_schema(
        "All sections, parents before children.", each(FILLED, once=True), factory=list
    )
    breadcrumbs: list[Breadcrumb] = field_with_schema("The breadcrumb without Home.", factory=list)
    keywords: list[str] = field_with_schema(
        "The tags, in order.", each(FILLED), otherwise="JSON-LD, meta; `[]`", factory=list
    )
    dateline: Dateline | None = field_with_schema("Place and day opening the text.", default=None)
    image: Image | None = field_with_schema(
        "Lead image.", otherwise="meta, JSON-LD; `null`", default=None
    )
    images: list[Image] = field_with_schema("Images inside the body.", factory=list)
    videos: list[Video] = field_with_schema("Videos, featured first.", factory=list)
    body: str = field_with_schema(
        "Paragraphs, headings, list items, quotes and rows separated by one blank line.",
        otherwise="flag `body_generic`: read without the theme's markup; without text an article "
        "is rejected",
        default="",
    )
    blocks: list[Block] = field_with_schema("The same text with its structure.", factory=list)
    links: list[Link] = field_with_schema("Links within the body.", factory=list)
    related: list[RelatedPost] = field_with_schema("The Related Posts box, in order.", factory=list)
    language: str | None = field_with_schema(
        "BCP 47, primary subtag.",
        fields.LANGUAGE,
        otherwise="the site's: `it`; `null` in a `gone` line",
        default=None,
    )
    word_count: int = field_with_schema("Words of `body`.", fields.COUNT, default=0)
    format: str = field_with_schema(
        "`standard`, `video` or `gallery`.",
        one_of("standard", "video", "gallery"),
        default="standard",
    )
    is_accessible_for_free: bool | None = field_with_schema(
        "The publisher's own signal.", otherwise="`null`: it gives none", default=None
    )
    publisher: Publisher | None = field_with_schema(
        "Who publishes the site.", otherwise="`null` in a `gone` line", default=None
    )
    provenance: dict[str, str] = field_with_schema(
        "Where each field was read, field to source: `visible`, `jsonld`, `meta`, `url`, `site`, "
        "`generic` (without the theme's markup) ...",
        {"propertyNames": fields.NAME, "additionalProperties": {"type": "string"} | fields.NAME},
        otherwise="`{}`",
        factory=dict,
    )
    disagreements: list[Disagreement] = field_with_schema(
        "Sources that said otherwise.", factory=list
    )
    discovered_via: list[str] = field_with_schema(
        "Channels that led to the article: `menu`, `archive`, `related`, `sitemap`, `feed`, "
        "`rest`, `url`.",
        each(one_of(*CHANNELS), once=True),
        factory=list,
    )
    first_seen_at: str | None = field_with_schema(
        "When the article was first read: UTC, ISO 8601, seconds.",
        fields.UTC,
        otherwise="always there",
        default=None,
    )
    fetched_at: str | None = field_with_schema(
        "When this revision was read: UTC, ISO 8601, seconds.",
        fields.UTC,
        otherwise="always there",
        default=None,
    )
    revision: int = field_with_schema(
        "1, then one more each time the content changed.", fields.NUMBER, default=1
    )
    content_hash: str = field_with_schema(
        "SHA-256 of the normalised headline, subtitle and body, hexadecimal.",
        fields.HASH,
        otherwise="a `gone` line has that of the last revision",
        default="",
    )
    previous_hash: str | None = field_with_schema(
        "content_hash of the previous revision.",
        fields.HASH,
        otherwise="`null`: the first revision",
        default=None,
    )
    changed_fields: list[str] = field_with_schema(
        "Fields changed since the previous revision.",
        each(fields.NAME, once=True),
        factory=list,
    )
    duplicate_of: str | None = field_with_schema(
        "id of an earlier article with the same text, or nearly.", fields.ID, default=None
    )
    similarity: float | None = field_with_schema(
        "Likeness to that article, 0 to 1.", {"minimum": 0, "maximum": 1}, default=None
    )
    rights: Rights = field_with_schema(
        "Reservations as published.", otherwise="always there", factory=Rights
    )
    flags: list[str] = field_with_schema(
        "What a careful reader should know: `date_from_url`, `date_from_visible`, "
        "`date_disagreement`, `weekday_mismatch`, `body_generic`, `truncated`, `sponsored` ...",
        each(fields.NAME, once=True),
        factory=list,
    )
    extractor: str = field_with_schema(
        "Program version and page class.", otherwise='`""` in a `gone` line', default=""
    )


ARTICLE_FIELDS: tuple[str, ...] = tuple(f.name for f in dataclasses.fields(Article))
FIELDS_OF_GONE = frozenset(
    {
        "schema_version", "id", "site", "url", "status", "first_seen_at", "fetched_at",
        "revision", "content_hash", "previous_hash", "changed_fields", "duplicate_of", "similarity",
    }
)  # fmt: skip
"""What a line with `status` "gone" says; its other fields are as empty as can be."""
PARTS: tuple[type, ...] = tuple(
    kind for kind in list(vars().values()) if isinstance(kind, type) and is_dataclass(kind)
)
"""The dataclasses of this module, the article last."""
_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(part.name for part in dataclasses.fields(kind)) for kind in PARTS
}


def parts_of(value: object) -> dict[str, object]:
    """Return an article or a part of one as a dict, as `json.JSONEncoder` asks for it.

    Raises:
        TypeError: it is none.
    """
    names = _NAMES.get(type(value))
    if names is None:
        raise TypeError(f"an article holds no {type(value).__name__}")
    return {name: getattr(value, name) for name in names}


def reasons_against(article: Article) -> list[str]:
    """Return why `article` must not be written; nothing when it may.

    >>> from newscrawl.items import Article
    >>> reasons_against(Article(headline="Titolo", url="https://www.example.it/esteri/a-b/"))
    ['no_body']
    """
    required = (
        ("no_headline", article.headline),
        ("no_url", article.url),
        ("no_body", article.body),
    )
    return [reason for reason, value in required if not value]
