"""The article and its parts: the one definition of a line in a dump.

Field order is the order of keys in a dump. Everything else that describes an
article (schema, documentation, columns) is made from this module.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any

SCHEMA_VERSION = "1.0"


def _field(doc: str, *, default: Any = MISSING, factory: Any = MISSING) -> Any:
    """Return a dataclass field whose description travels with it into the schema."""
    metadata = {"json_schema_extra": {"description": doc}}
    if factory is not MISSING:
        return field(default_factory=factory, metadata=metadata)
    if default is not MISSING:
        return field(default=default, metadata=metadata)
    return field(metadata=metadata)


@dataclass(slots=True)
class Author:
    """A person named in the byline."""

    name: str = _field('Name as shown, without "by", dates or agency marks.')
    url: str | None = _field("The author's page on the site.", default=None)


@dataclass(slots=True)
class Breadcrumb:
    """One step of the way from the home page to the article."""

    name: str = _field("Label as shown.")
    url: str | None = _field("Address of the step.", default=None)


@dataclass(slots=True)
class Dateline:
    """Place and day that open the text, as in "Tokyo, 28 ottobre 2025 –"."""

    place: str = _field("Place as written.")
    date: str | None = _field("Day, ISO 8601.", default=None)


@dataclass(slots=True)
class Image:
    """A picture at full size."""

    url: str = _field("Address of the full-size file, never a placeholder.")
    caption: str | None = _field("What the picture shows.", default=None)
    credit: str | None = _field("Agency or photographer.", default=None)
    alt: str | None = _field("Alternative text.", default=None)
    width: int | None = _field("Pixels, when the page states it of this file.", default=None)
    height: int | None = _field("Pixels, when the page states it of this file.", default=None)


@dataclass(slots=True)
class Video:
    """An embedded or featured video."""

    url: str = _field("Address of the player or of the file.")
    provider: str | None = _field(
        "youtube, vimeo, dailymotion, facebook ... or file.", default=None
    )
    title: str | None = _field("Title as the page states it.", default=None)


@dataclass(slots=True)
class Block:
    """One piece of the text with its structure."""

    type: str = _field("heading, paragraph, list, quote, image, video, embed or table.")
    level: int | None = _field("1 to 6 for a heading.", default=None)
    text: str | None = _field("Text of a heading, paragraph, quote, table or embed.", default=None)
    items: list[str] = _field("Entries of a list, rows of a table.", factory=list)
    url: str | None = _field("Address of an image, video or embed.", default=None)


@dataclass(slots=True)
class Link:
    """A link within the text."""

    url: str = _field("Absolute; canonical when it points to the site itself.")
    text: str = _field("Its words.")


@dataclass(slots=True)
class RelatedPost:
    """One card of the Related Posts box."""

    position: int = _field("1 for the first card.")
    url: str = _field("Canonical URL.")
    headline: str = _field("Title on the card.")
    section: str | None = _field("Label on the card.", default=None)
    date_published: str | None = _field("Date on the card, ISO 8601.", default=None)
    image_alt: str | None = _field("Alternative text of the card's picture.", default=None)


@dataclass(slots=True)
class Publisher:
    """Who publishes the site."""

    name: str = _field("Name of the publication.")
    url: str | None = _field("Home page.", default=None)
    registration: str | None = _field("Court registration as the footer states it.", default=None)


@dataclass(slots=True)
class Disagreement:
    """A source that said otherwise."""

    field: str = _field("Name of the article's field.")
    source: str = _field("jsonld, meta, visible, url ...")
    value: str = _field("What that source said, normalised like the field.")


@dataclass(slots=True)
class Rights:
    """Reservations as published."""

    tdm_reserved: bool | None = _field("Text and data mining reserved (TDMRep).", default=None)
    tdm_policy: str | None = _field("Address of the reservation's policy.", default=None)
    robots: str | None = _field(
        "Content of the robots meta tag or X-Robots-Tag header.", default=None
    )


@dataclass(slots=True)
class Article:
    """A news article: one line of a dump (schema.org NewsArticle where it has the notion)."""

    schema_version: str = _field("Version of this record's shape.", default=SCHEMA_VERSION)
    id: str = _field(
        "Stable for the article's life: `alanews:<WordPress post id>`, else `alanews:` and "
        "16 hexadecimal digits of the canonical URL's SHA-256.",
        default="",
    )
    site: str = _field("Key of the site definition.", default="")
    url: str = _field(
        "Canonical URL: https, host and case normalised, no tracking parameters, AMP or fragment.",
        default="",
    )
    status: str = _field("`live`, or `gone` for an article found removed.", default="live")
    headline: str = _field("Title as shown, entities decoded, whitespace folded.", default="")
    subtitle: str | None = _field("Summary under the headline.", default=None)
    authors: list[Author] = _field("Authors in the order shown.", factory=list)
    date_published: str | None = _field(
        "ISO 8601 in Europe/Rome; a day alone when no time is known.", default=None
    )
    date_published_precision: str | None = _field("`day`, `minute` or `second`.", default=None)
    date_published_raw: str | None = _field("Text exactly as the page had it.", default=None)
    date_published_source: str | None = _field(
        "`jsonld`, `meta`, `visible`, `url`, `rest` or `feed`.", default=None
    )
    date_modified: str | None = _field(
        "Like date_published; null when the page states none.", default=None
    )
    date_modified_precision: str | None = _field("`day`, `minute` or `second`.", default=None)
    date_modified_raw: str | None = _field("Text exactly as the page had it.", default=None)
    date_modified_source: str | None = _field("Like date_published_source.", default=None)
    section: str | None = _field("Main section as the menu names it.", default=None)
    sections: list[str] = _field("All sections, parents before children.", factory=list)
    breadcrumbs: list[Breadcrumb] = _field("The breadcrumb without Home.", factory=list)
    keywords: list[str] = _field("The tags, in order.", factory=list)
    dateline: Dateline | None = _field("Place and day opening the text.", default=None)
    image: Image | None = _field("Lead image.", default=None)
    images: list[Image] = _field("Images inside the body.", factory=list)
    videos: list[Video] = _field("Videos, featured first.", factory=list)
    body: str = _field(
        "Paragraphs, headings and list items separated by one blank line.", default=""
    )
    blocks: list[Block] = _field("The same text with its structure.", factory=list)
    links: list[Link] = _field("Links within the body.", factory=list)
    related: list[RelatedPost] = _field("The Related Posts box, in order.", factory=list)
    language: str | None = _field("BCP 47, primary subtag.", default=None)
    word_count: int = _field("Words of `body`.", default=0)
    format: str = _field("`standard`, `video` or `gallery`.", default="standard")
    is_accessible_for_free: bool | None = _field(
        "The publisher's own signal; null when it gives none.", default=None
    )
    publisher: Publisher | None = _field("Who publishes the site.", default=None)
    provenance: dict[str, str] = _field("Where each field was read: field to source.", factory=dict)
    disagreements: list[Disagreement] = _field("Sources that said otherwise.", factory=list)
    discovered_via: list[str] = _field(
        "Channels that led to the article: menu, archive, related, sitemap, feed, rest, url.",
        factory=list,
    )
    first_seen_at: str | None = _field("UTC, ISO 8601, seconds.", default=None)
    fetched_at: str | None = _field("UTC, ISO 8601, seconds.", default=None)
    revision: int = _field("1, then one more each time the content changed.", default=1)
    content_hash: str = _field(
        "SHA-256 of the normalised headline, subtitle and body, hexadecimal.", default=""
    )
    previous_hash: str | None = _field("content_hash of the previous revision.", default=None)
    changed_fields: list[str] = _field("Fields changed since the previous revision.", factory=list)
    duplicate_of: str | None = _field("id of an earlier article with the same text.", default=None)
    similarity: float | None = _field("Likeness to that article, 0 to 1.", default=None)
    rights: Rights = _field("Reservations as published.", factory=Rights)
    flags: list[str] = _field("What a careful reader should know.", factory=list)
    extractor: str = _field("Program version and page class.", default="")


ARTICLE_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Article))
_NAMES: dict[type, tuple[str, ...]] = {
    kind: tuple(part.name for part in fields(kind))
    for kind in list(vars().values())
    if isinstance(kind, type) and is_dataclass(kind)
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
