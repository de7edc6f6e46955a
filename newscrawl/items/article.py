"""The article: the one definition of a line in a dump, with its parts.

Field order is the order of keys in a dump. Everything else that describes an
article (schema, documentation, columns) is generated from this module.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, is_dataclass
from typing import ClassVar

from newscrawl.items import channel_table, fields
from newscrawl.items.fields import FILLED, article_field, each, one_of, when
from newscrawl.items.parts import (
    ArchiveRecord,
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
    Signal,
    Video,
)

__all__ = [
    "ARTICLE_FIELDS",
    "COMPARED_FIELDS",
    "COUNTED_FIELDS",
    "FIELDS_OF_GONE",
    "FROM_REST",
    "FROM_TWIN",
    "PARTS",
    "SCHEMA_VERSION",
    "Article",
    # Named by the article only through `Rights`, and a part of it in `PARTS`.
    "Signal",
    "parts_of",
]

SCHEMA_VERSION = "1.4"
_WITHOUT_SIGNALS = ("1.0", "1.1", "1.2")
"""Earlier versions, whose lines have no `rights.signals`."""
_WITHOUT_ARCHIVE = (*_WITHOUT_SIGNALS, "1.3")
"""Earlier versions, whose lines have no `archive`."""
FROM_REST = "from_rest"
"""Flag of an article that was read from REST: what only its page states is null or empty."""
FROM_TWIN = "from_twin"
"""Flag of an article that was read from the twin: its text is invented."""
PRECISIONS = ("day", "minute", "second")
DATE_SOURCES = ("jsonld", "meta", "visible", "url", "rest", "feed")


def _date_rules(name: str) -> list[fields.Format]:
    """Return the rules that bind a date, its precision, its raw text and its source."""
    date, precision, raw, source = (f"{name}{end}" for end in ("", "_precision", "_raw", "_source"))
    null, text = {"type": "null"}, {"type": "string"}
    return [
        when(
            {date: null},
            {precision: null, raw: null, source: null},
            {precision: text, raw: text, source: text},
        ),
        when({precision: {"const": "day"}}, {date: fields.DAY}),
        when({precision: one_of("minute", "second")}, {date: fields.LOCAL}),
        when({precision: {"const": "minute"}}, {date: {"pattern": ":00[+-]"}}),
    ]


@dataclass(slots=True)
class Article:
    """A news article: one line of a dump (schema.org NewsArticle where it has the property)."""

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
                {"schema_version": one_of(*_WITHOUT_SIGNALS)},
                {},
                {"rights": {"required": ["signals"]}},
            ),
            {
                "if": {"properties": {"schema_version": one_of(*_WITHOUT_ARCHIVE)}},
                "else": {"required": ["archive"]},
            },
            when(
                {"status": {"const": "live"}},
                {"headline": FILLED, "body": FILLED, "extractor": FILLED}
                | {name: {"not": {"type": "null"}} for name in ("language", "publisher")},
            ),
        ]
    }

    schema_version: str = article_field(
        "Version of this record's shape.",
        one_of(*_WITHOUT_ARCHIVE, SCHEMA_VERSION),
        compared=False,
        in_gone=True,
        default=SCHEMA_VERSION,
    )
    id: str = article_field(
        "Stable for the life of the article: `<site>:<WordPress post id>`.",
        fields.ID,
        otherwise="`<site>:` and 16 hexadecimal digits of the canonical URL's SHA-256",
        compared=False,
        in_gone=True,
        default="",
    )
    site: str = article_field(
        "Key of the site definition.",
        fields.SITE_KEY,
        otherwise="the host of a site that is not defined, without `www.`: `example.it`, with an "
        "unusual port `example.it-8001`",
        compared=False,
        in_gone=True,
        default="",
    )
    url: str = article_field(
        "Canonical URL: host normalised, and case where the site is known to ignore it; no "
        "tracking parameters, AMP or fragment.",
        fields.SITE_URL,
        otherwise="the address fetched, where the page states no canonical URL of the site",
        compared=True,
        in_gone=True,
        default="",
    )
    status: str = article_field(
        "`live`, or `gone` for an article that was removed.",
        one_of("live", "gone"),
        compared=False,
        in_gone=True,
        default="live",
    )
    headline: str = article_field(
        "Title as shown, entities decoded, whitespace folded.",
        otherwise="JSON-LD, meta, the page's only h1; an article without one is rejected",
        compared=True,
        counted=True,
        default="",
    )
    subtitle: str | None = article_field(
        "Summary under the headline.", FILLED, compared=True, counted=True, default=None
    )
    authors: list[Author] = article_field(
        "Authors in the order shown.",
        otherwise="JSON-LD, meta; `[]`",
        compared=True,
        counted=True,
        factory=list,
    )
    date_published: str | None = article_field(
        "ISO 8601 in the site's time zone: `2025-10-28T14:30:00+01:00`; `2025-10-28` when no time "
        "is known.",
        fields.DAY_OR_LOCAL,
        otherwise="the next source that states one ([dates.md](dates.md)); `null`",
        compared=True,
        counted=True,
        default=None,
    )
    date_published_precision: str | None = article_field(
        "`day`, `minute` or `second`.", one_of(*PRECISIONS, None), compared=True, default=None
    )
    date_published_raw: str | None = article_field(
        "Text as the page had it, whitespace folded.", FILLED, compared=True, default=None
    )
    date_published_source: str | None = article_field(
        "`jsonld`, `meta`, `visible`, `url`, `rest` or `feed`.",
        one_of(*DATE_SOURCES, None),
        compared=True,
        default=None,
    )
    date_modified: str | None = article_field(
        "Like date_published.",
        fields.DAY_OR_LOCAL,
        otherwise="`null`: the page states none",
        compared=True,
        counted=True,
        default=None,
    )
    date_modified_precision: str | None = article_field(
        "`day`, `minute` or `second`.", one_of(*PRECISIONS, None), compared=True, default=None
    )
    date_modified_raw: str | None = article_field(
        "Text as the page had it, whitespace folded.", FILLED, compared=True, default=None
    )
    date_modified_source: str | None = article_field(
        "Like date_published_source.", one_of(*DATE_SOURCES, None), compared=True, default=None
    )
    section: str | None = article_field(
        "Main section as the menu names it.",
        FILLED,
        otherwise="meta, JSON-LD, the address; `null`",
        compared=True,
        counted=True,
        default=None,
    )
    sections: list[str] = article_field(
        "All sections, parents before children.",
        each(FILLED, once=True),
        compared=True,
        counted=True,
        factory=list,
    )
    breadcrumbs: list[Breadcrumb] = article_field(
        "The breadcrumb without Home.", compared=True, counted=True, factory=list
    )
    keywords: list[str] = article_field(
        "The tags, in order.",
        each(FILLED),
        otherwise="JSON-LD, meta; `[]`",
        compared=True,
        counted=True,
        factory=list,
    )
    dateline: Dateline | None = article_field(
        "Place and day opening the text.", compared=True, counted=True, default=None
    )
    image: Image | None = article_field(
        "Lead image.", otherwise="meta, JSON-LD; `null`", compared=True, counted=True, default=None
    )
    images: list[Image] = article_field(
        "Images inside the body.", compared=True, counted=True, factory=list
    )
    videos: list[Video] = article_field(
        "Videos, featured first.", compared=True, counted=True, factory=list
    )
    body: str = article_field(
        "Paragraphs, headings, list items, quotes and rows separated by one blank line.",
        otherwise="flag `body_generic`: read without the theme's markup; without text an article "
        "is rejected",
        compared=True,
        counted=True,
        default="",
    )
    blocks: list[Block] = article_field(
        "The same text with its structure.", compared=True, counted=True, factory=list
    )
    links: list[Link] = article_field(
        "Links within the body.", compared=True, counted=True, factory=list
    )
    related: list[RelatedPost] = article_field(
        "The Related Posts box, in order.", compared=False, counted=True, factory=list
    )
    language: str | None = article_field(
        "BCP 47, primary subtag.",
        fields.LANGUAGE,
        otherwise="the site's: `it`; `null` in a `gone` line",
        compared=True,
        counted=True,
        default=None,
    )
    word_count: int = article_field(
        "Number of words in `body`.", fields.COUNT, compared=True, default=0
    )
    format: str = article_field(
        "`standard`, `video` or `gallery`.",
        one_of("standard", "video", "gallery"),
        compared=True,
        default="standard",
    )
    is_accessible_for_free: bool | None = article_field(
        "Whether the article is free to read, as the publisher states.",
        otherwise="`null`: not stated",
        compared=True,
        default=None,
    )
    publisher: Publisher | None = article_field(
        "The publication.",
        otherwise="of an unregistered site what the page states; `null` in a `gone` line",
        compared=False,
        counted=True,
        default=None,
    )
    provenance: dict[str, str] = article_field(
        "Where each field was read, field to source: `visible`, `jsonld`, `meta`, `url`, `site`, "
        "`rest`, `generic` (without the theme's markup) ...",
        {"propertyNames": fields.NAME, "additionalProperties": {"type": "string"} | fields.NAME},
        otherwise="`{}`",
        compared=False,
        factory=dict,
    )
    disagreements: list[Disagreement] = article_field(
        "Sources that state another value.", compared=False, factory=list
    )
    discovered_via: list[str] = article_field(
        "Channels that led to the article: "
        f"{', '.join(f'`{name}`' for name in channel_table.NAMES)}.",
        each(one_of(*channel_table.NAMES), once=True),
        compared=False,
        factory=list,
    )
    first_seen_at: str | None = article_field(
        "When the article was first read: UTC, ISO 8601, seconds.",
        fields.UTC,
        otherwise="always set",
        compared=False,
        in_gone=True,
        default=None,
    )
    fetched_at: str | None = article_field(
        "When this revision was read: UTC, ISO 8601, seconds.",
        fields.UTC,
        otherwise="always set",
        compared=False,
        in_gone=True,
        default=None,
    )
    revision: int = article_field(
        "1, incremented each time the content changes.",
        fields.NUMBER,
        compared=False,
        in_gone=True,
        default=1,
    )
    content_hash: str = article_field(
        "SHA-256 of the normalised headline, subtitle and body, hexadecimal.",
        fields.HASH,
        otherwise="a `gone` line has that of the last revision",
        compared=False,
        in_gone=True,
        default="",
    )
    previous_hash: str | None = article_field(
        "content_hash of the previous revision.",
        fields.HASH,
        otherwise="`null`: the first revision",
        compared=False,
        in_gone=True,
        default=None,
    )
    changed_fields: list[str] = article_field(
        "Fields changed since the previous revision.",
        each(fields.NAME, once=True),
        compared=False,
        in_gone=True,
        factory=list,
    )
    duplicate_of: str | None = article_field(
        "id of an earlier article with the same or nearly the same text.",
        fields.ID,
        compared=False,
        in_gone=True,
        default=None,
    )
    similarity: float | None = article_field(
        "Similarity to that article, 0 to 1.",
        {"minimum": 0, "maximum": 1},
        compared=False,
        in_gone=True,
        default=None,
    )
    rights: Rights = article_field(
        "Reservations as published.", otherwise="always set", compared=False, factory=Rights
    )
    flags: list[str] = article_field(
        "Warnings for readers: `date_from_url`, `date_from_visible`, "
        "`date_disagreement`, `weekday_mismatch`, `body_generic`, `truncated`, `sponsored`, "
        "`charset_repaired` (the page was not in the character set that it states, or its text had "
        "been read in the wrong one; what cannot be read is U+FFFD), "
        "`related_cut` (the page has more than 30 related posts), "
        "`id_conflict` (the page claims another article's id; this one is made from `url`), "
        "`url_conflict` (the page's canonical link or JSON-LD names another article's address, "
        "which is not believed: `url` is where the page was fetched), "
        "`from_rest` (read from WordPress's REST record: what only the page states is empty), "
        "`from_twin` (read from the offline twin of the site: the text is invented) ...",
        each(fields.NAME, once=True),
        compared=False,
        factory=list,
    )
    extractor: str = article_field(
        "Program version and page class.",
        otherwise='`""` in a `gone` line',
        compared=False,
        default="",
    )
    archive: ArchiveRecord | None = article_field(
        "Where the response is kept from which it was read (docs/archive.md).",
        otherwise="`null`: it is not kept; lines of schema versions before 1.4 do not have the key",
        compared=False,
        in_gone=True,
        since="1.4",
        default=None,
    )


ARTICLE_FIELDS: tuple[str, ...] = tuple(field.name for field in dataclasses.fields(Article))


def _names_with(fact: str) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(Article) if field.metadata[fact])


COMPARED_FIELDS = _names_with("compared")
"""What a revision is compared by; the others describe the reading, the run or other articles."""
COUNTED_FIELDS = _names_with("counted")
"""What an article has or lacks; the others are always set, or describe the reading."""
FIELDS_OF_GONE = frozenset(_names_with("in_gone"))
"""What a line with `status` "gone" fills; its other fields have their empty values."""
PARTS: tuple[type, ...] = tuple(
    kind for kind in list(vars().values()) if isinstance(kind, type) and is_dataclass(kind)
)
"""The dataclasses of this module, the article last."""
_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind)) for kind in PARTS
}


def parts_of(value: object) -> dict[str, object]:
    """Return an article or a part of one as a dict, as the `default` of `json.dumps` needs it.

    Raises:
        TypeError: the value is neither.
    """
    names = _NAMES.get(type(value))
    if names is None:
        raise TypeError(f"{type(value).__name__} is not a part of an article")
    return {name: getattr(value, name) for name in names}


def rejection_reasons(article: Article) -> list[str]:
    """Return why `article` must not be written; empty when it may.

    >>> from newscrawl.items import Article
    >>> rejection_reasons(Article(headline="Titolo", url="https://www.example.it/esteri/a-b/"))
    ['no_body']
    """
    required = (
        ("no_headline", article.headline),
        ("no_url", article.url),
        ("no_body", article.body),
    )
    return [reason for reason, value in required if not value]
