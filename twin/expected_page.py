"""What a faultless reader gets of a post's page besides its text: fields and dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.items import Author, Breadcrumb, Disagreement, Image, Video
from twin import addresses, dating, expected_text, faces, site_constants
from twin.dating import ROME, UTC, ParsedDate
from twin.expected_text import fold, plain
from twin.sections import chain

if TYPE_CHECKING:
    from datetime import datetime

    from twin.model import Post, Switches

_BACKGROUND = ("4", "5", "6")
STOCK = ("classic", "block", "builder")
"""Layouts of stock themes of WordPress."""


def _yoast(switches: Switches) -> bool:
    return switches.metadata in ("yoast", "both")


def _jnews(switches: Switches) -> bool:
    return switches.metadata in ("jnews", "both")


class ExpectedPage:
    """The fields of one post under one set of switches."""

    def __init__(self, post: Post, switches: Switches) -> None:
        self.post = post
        self.switches = switches
        self.face = faces.of(switches)
        self.themed = switches.layout == "jnews"
        self.provenance: dict[str, str] = {}
        self.disagreements: list[Disagreement] = []

    def note(self, name: str, source: str) -> None:
        """Remember where a field was read."""
        self.provenance[name] = source

    def label(self, key: str) -> str:
        """Return the label of a section."""
        return self.face.by_key[key].name

    def headline(self) -> str:
        """Return the title."""
        lost = self.switches.h1 == "lost" and self.post.format == "video"
        stated = self.switches.metadata != "none"
        self.note("headline", "jsonld" if stated and lost and self.themed else "visible")
        return fold(self.post.title)

    def subtitle(self) -> str | None:
        """Return the summary under the title."""
        if not self.themed or not self.post.subtitle:
            return None
        self.note("subtitle", "visible")
        return plain(self.post.subtitle)

    def authors(self) -> list[Author]:
        """Return the authors that the page names."""
        people = self.post.authors if self.switches.coauthors else self.post.authors[:1]
        pages = [site_constants.LIVE + addresses.author_path(p.slug) for p in people]
        if self.themed:
            self.note("authors", "visible")
            shown = [Author(p.name, page) for p, page in zip(people[:2], pages, strict=False)]
            rest = people[2:] if _yoast(self.switches) else ()
            return shown + [Author(p.name) for p in rest]
        if self.switches.metadata == "none":
            self.note("authors", "visible")
            return [Author(person.name) for person in people]
        self.note("authors", "jsonld")
        if _yoast(self.switches):
            return [Author(p.name) for p in people]
        return [Author(people[0].name, pages[0])]

    def breadcrumbs(self) -> list[Breadcrumb]:
        """Return the breadcrumb without Home."""
        if not self.themed or self.switches.template == "10":
            return []
        self.note("breadcrumbs", "visible")
        return [
            Breadcrumb(
                self.label(c.slug),
                site_constants.LIVE + addresses.category_path(c.slug, self.switches),
            )
            for c in chain(self.post.categories[0])
        ]

    def sections(self, breadcrumbs: list[Breadcrumb]) -> tuple[str | None, list[str]]:
        """Return the main section and all of them, parents before children."""
        post, switches = self.post, self.switches
        primary = self.label(post.categories[0])
        named = [self.label(slug) for slug in post.categories]
        in_url = [c.name for c in self.face.chain(addresses.url_category(post))]
        if switches.permalinks in ("day", "postname", "number"):
            in_url = []
        sources = [
            ("visible", [crumb.name for crumb in breadcrumbs]),
            ("label", named if self.themed and switches.furniture else []),
            ("jsonld", named if _yoast(switches) else [primary] if _jnews(switches) else []),
            ("meta", [primary] if _jnews(switches) else []),
            ("url", in_url),
        ]
        every: dict[str, None] = {}
        for _, names in sources:
            for name in names:
                key = next(key for key, c in self.face.by_key.items() if c.name == name)
                every.update(dict.fromkeys(c.name for c in self.face.chain(key)))
        first = [
            ("visible", sources[0][1][-1:]),
            ("meta", sources[3][1][:1]),
            ("jsonld", sources[2][1][:1]),
            ("url", in_url[-1:]),
        ]
        shown = ((names[0], source) for source, names in first if names)
        main, source = next(shown, (None, ""))
        if main:
            self.note("section", source)
        for other, names in first:
            if names and names[0] != main:
                self.disagreements.append(Disagreement("section", other, names[0]))
        return main, list(every)

    def keywords(self) -> list[str]:
        """Return the tags."""
        if not self.post.tags:
            return []
        if self.themed:
            self.note("keywords", "visible")
        elif self.switches.metadata == "none":
            return []
        else:
            self.note("keywords", "jsonld" if _yoast(self.switches) else "meta")
        return [fold(tag) for tag in self.post.tags]

    def _shown_image(self) -> Image | None:
        post, template = self.post, self.switches.template
        if not self.themed:
            return None
        if template == "10" or template in _BACKGROUND:
            if post.picture:
                return Image(expected_text.image_url(post.picture))
        elif post.format == "standard" and post.picture:
            picture = post.picture
            caption, credit = expected_text.caption_and_credit(picture.caption_text)
            alt = fold(picture.alt) or None
            shown = caption or (alt if credit else None)
            return Image(expected_text.image_url(picture), caption=shown, credit=credit, alt=alt)
        if post.gallery and template != "10":
            return Image(expected_text.image_url(post.gallery[0]))
        return None

    def image(self) -> Image | None:
        """Return the lead image."""
        post = self.post
        stated = post.picture or (post.gallery[0] if post.gallery else None)
        if self.switches.metadata == "none":
            stated = None
        image, source = self._shown_image(), "visible"
        if image is None and stated:
            image, source = Image(expected_text.image_url(stated)), "meta"
        if image is None and self._has_film() and post.film and post.film.poster:
            image = Image(expected_text.image_url(post.film.poster))
        if image is None:
            return None
        if stated and image.url == expected_text.image_url(stated):
            image.width, image.height = stated.width, stated.height
        self.note("image", source)
        return image

    def _has_film(self) -> bool:
        """Return whether the page holds the featured video: template 10 leaves it out."""
        return self.themed and self.switches.template != "10" and self.post.film is not None

    def gallery(self) -> list[Image]:
        """Return the gallery's pictures."""
        if not self.themed or self.switches.template == "10":
            return []
        return [Image(expected_text.image_url(picture)) for picture in self.post.gallery]

    def films(self) -> list[Video]:
        """Return the featured video."""
        return [expected_text.video(self.post.film)] if self._has_film() and self.post.film else []

    def free(self) -> bool | None:
        """Return the publisher's own signal."""
        value = self.post.accessible_for_free
        if self.switches.metadata == "none" or value is None:
            return None
        self.note("is_accessible_for_free", "jsonld")
        return value


class StockPage(ExpectedPage):
    """The fields of one post on a stock theme of WordPress, which shows its metadata itself."""

    def note_shown(self, name: str) -> None:
        """Remember a field that metadata would state, and else the page shows."""
        self.note(name, "visible" if self.switches.metadata == "none" else "jsonld")

    def authors(self) -> list[Author]:
        """Return the authors, each with a page."""
        self.note_shown("authors")
        pages = (site_constants.LIVE + addresses.author_path(p.slug) for p in self.post.authors)
        return [Author(p.name, page) for p, page in zip(self.post.authors, pages, strict=True)]

    def sections(self, breadcrumbs: list[Breadcrumb]) -> tuple[str | None, list[str]]:
        """Return the main section and all of them.

        Without metadata only the address names one of several categories as the main one.
        """
        post = self.post
        main: str | None = post.categories[0]
        if self.switches.metadata == "none" and len(post.categories) > 1:
            in_url = self.switches.permalinks in ("dated", "named")
            main = addresses.url_category(post) if in_url else None
        if main:
            self.note_shown("section")
        every = [c.name for slug in post.categories for c in self.face.chain(slug)]
        return self.label(main) if main else None, list(dict.fromkeys(every))

    def keywords(self) -> list[str]:
        """Return the tags."""
        if self.post.tags:
            self.note_shown("keywords")
        return [fold(tag) for tag in self.post.tags]

    def image(self) -> Image | None:
        """Return the featured image; only metadata states the size of its file."""
        picture = self.post.picture
        if picture is None:
            return None
        self.note_shown("image")
        caption, credit = expected_text.caption_and_credit(picture.caption_text)
        alt = fold(picture.alt) or None
        is_sized = self.switches.metadata != "none"
        return Image(
            expected_text.image_url(picture),
            caption=caption or (alt if credit else None),
            credit=credit,
            alt=alt,
            width=picture.width if is_sized else None,
            height=picture.height if is_sized else None,
        )


@dataclass(slots=True)
class Dates:
    """Publication and modification, and what comes with them."""

    published: ParsedDate | None = None
    modified: ParsedDate | None = None
    flags: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)


def _utc(moment: datetime) -> ParsedDate:
    raw = moment.astimezone(UTC).isoformat(timespec="seconds")
    value = moment.astimezone(ROME).isoformat(timespec="seconds")
    return ParsedDate(raw, value, "second", "jsonld")


def _naive(moment: datetime) -> ParsedDate:
    # The text has no offset: an hour that comes twice is read as the first.
    value = moment.replace(fold=0).isoformat(timespec="seconds")
    return ParsedDate(f"{moment:%Y-%m-%d %H:%M:%S}", value, "second", "jsonld")


def dates(post: Post, switches: Switches, *, fetched_at: datetime, now: datetime) -> Dates:
    """Return the dates of a post; `now` is the site's clock, `fetched_at` the reader's."""
    if switches.layout in STOCK:
        source = "visible" if switches.metadata == "none" else "jsonld"
        texts = (post.published.isoformat(), post.modified.isoformat())
        flags = ["date_from_visible"] if source == "visible" else []
        published, modified = (ParsedDate(text, text, "second", source) for text in texts)
        return Dates(published, modified, flags)
    if switches.metadata in ("yoast", "both"):
        result = Dates(_utc(post.published), _utc(post.modified))
        naive = _naive(post.published).value
        if switches.metadata == "both" and result.published and naive != result.published.value:
            result.disagreements.append(Disagreement("date_published", "jsonld", naive))
        return result
    shown: ParsedDate | None = None
    again: ParsedDate | None = None
    # In the other layout a shown date only fills a gap.
    if switches.layout == "jnews" or switches.metadata == "none":
        shown, again = dating.read(post, switches, printed=now, fetched=fetched_at)
    result = Dates(_published(post, switches, shown))
    if result.published is None:
        return result
    if result.published.source != "jsonld":
        result.flags.append(f"date_from_{result.published.source}")
    if again:
        result.modified = again
    elif shown and _is_later(shown, result.published, switches):
        result.modified = shown
    return result


def _published(post: Post, switches: Switches, shown: ParsedDate | None) -> ParsedDate | None:
    """Return the publication where no date with an offset is stated."""
    if switches.metadata == "jnews":
        return _naive(post.published)
    if switches.permalinks in ("named", "postname", "number"):
        return shown or None
    raw = f"{post.published:%Y/%m/%d}"
    day = raw.replace("/", "-")
    # A visible time on the day in the address is the hour of publication.
    if switches.visible_date == "custom" and shown and shown.day == day:
        return shown
    return ParsedDate(raw, day, "day", "url")


def _is_later(shown: ParsedDate, published: ParsedDate, switches: Switches) -> bool:
    absolute = switches.visible_date != "ago"
    return absolute and published.source != "visible" and shown.day > published.value[:10]
