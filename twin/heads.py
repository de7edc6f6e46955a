"""All of a post but its text: what cards, archives and feeds show."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from twin import accord, media, words
from twin.addresses import slugify
from twin.model import Film, Person, Picture
from twin.story import capital

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from twin.specials import Special
    from twin.story import Story

STAFF: tuple[Person, ...] = tuple(
    Person(name, slugify(name))
    for name in (
        f"{first} {words.SURNAMES[(number * 13 + 5) % len(words.SURNAMES)]}"
        for number, first in enumerate((*words.MEN[::3], *words.WOMEN[::3]))
    )
)
_FILMS = ("youtube", "youtube", "vimeo", "dailymotion", "mp4", "iframe")
_CAPTIONS = (
    ("caption-credit",) * 9 + ("caption-pipe",) * 5 + ("caption-slash",) * 2
    + ("caption-only",) * 3 + ("caption-foto",) * 3 + ("caption-none",) * 2
)  # fmt: skip
_CHANCES: tuple[tuple[str, float], ...] = (
    ("other-url-category", 0.03), ("multi-category", 0.10), ("coauthors-2", 0.05),
    ("coauthors-3", 0.012), ("coauthors-4", 0.006), ("pages-2", 0.01), ("pages-3", 0.005),
    ("gallery", 0.02), ("no-image", 0.02), ("no-subtitle", 0.06), ("escaped-subtitle", 0.01),
    ("protected", 0.004), ("sponsored", 0.01), ("source-via", 0.04), ("builder", 0.03),
    ("br-body", 0.02), ("dateline", 0.2), ("other-dateline", 0.02), ("many-dates", 0.03),
    ("live", 0.01), ("updated", 0.09), ("updated-same-day", 0.05), ("body-images", 0.15),
    ("body-video", 0.05), ("tweets", 0.06), ("tables", 0.05), ("quotes", 0.14), ("lists", 0.2),
    ("read-also", 0.3), ("utm-links", 0.07), ("outside-links", 0.1), ("single-br", 0.03),
    ("empty-paragraphs", 0.03), ("toc", 0.02), ("stars", 0.02), ("ads", 0.18), ("free", 0.02),
    ("paid", 0.01), ("failed-embed", 0.01), ("slug-accents", 0.004),
)  # fmt: skip
_OTHERS = {
    "politica": "cronaca", "esteri": "economia", "ambiente": "cronaca", "economia": "politica",
    "salute": "cronaca", "cultura": "spettacoli", "spettacoli": "cultura", "cronaca": "ambiente",
    "tecnologia": "economia", "calcio": "sport", "sport": "spettacoli", "video": "esteri",
}  # fmt: skip
_ACCENTS = str.maketrans({c: "".join(f"%{b:02x}" for b in c.encode()) for c in "àèéìòù"})


@dataclass(frozen=True, slots=True)
class Card:
    """All of a post but its text; the fields are those of `model.Post`."""

    id: int
    slug: str
    title: str
    subtitle: str | None
    authors: tuple[Person, ...]
    published: datetime
    modified: datetime
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    picture: Picture | None
    format: str = "standard"
    film: Film | None = None
    gallery: tuple[Picture, ...] = ()
    url_category: str | None = None
    accessible_for_free: bool | None = None
    sponsor: str | None = None
    source: tuple[str, str] | None = None
    via: tuple[str, str] | None = None
    traps: frozenset[str] = frozenset()


CARD_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Card))


def chance_traps(section: str, random: Random) -> frozenset[str]:
    """Return the traps of a generated post."""
    found = {name for name, share in _CHANCES if random.random() < share}
    if "other-url-category" in found:
        found.add("multi-category")
    if section in ("calcio", "video"):
        found.add("child-category")
    found.difference_update({"slug-accents"} if random.random() < 0.5 else ())
    filmed = 0.85 if section == "video" else 0.03
    if random.random() < filmed and "gallery" not in found:
        found.add(f"video-{_FILMS[int(random.random() * len(_FILMS))]}")
        if random.random() < 0.5:
            found.add("short-body" if random.random() < 0.8 else "one-line")
        if random.random() < 0.2:
            found.add("house-notice")
    found.add(_CAPTIONS[int(random.random() * len(_CAPTIONS))])
    return frozenset(found)


def _authors(traps: frozenset[str], random: Random) -> tuple[Person, ...]:
    many = next((int(name[-1]) for name in traps if name.startswith("coauthors-")), 1)
    start = int(random.random() * len(STAFF))
    return tuple(STAFF[(start + 7 * number) % len(STAFF)] for number in range(many))


def slug_of(title: str, traps: frozenset[str]) -> str:
    """Return the slug WordPress would make; percent-escapes where the trap wants them."""
    if "slug-accents" not in traps:
        return slugify(title) or "articolo"
    marked = "-".join(title.lower().translate(_ACCENTS).split())
    slug = "".join(c for c in marked if c.isascii() and (c.isalnum() or c in "-%"))
    # Cut between words: half an escape is no address.
    return slug if len(slug) <= 190 else slug[:190].rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class Place:
    """What a post is besides its words."""

    id: int
    slug: str
    modified: datetime
    section: str
    traps: frozenset[str]
    special: Special | None = None


def categories(section: str, traps: frozenset[str]) -> tuple[str, ...]:
    """Return a post's categories, the primary one first."""
    return (section, _OTHERS[section]) if "multi-category" in traps else (section,)


def card(story: Story, place: Place) -> Card:
    """Return the card of a story."""
    traps, section = place.traps, place.section
    made: dict[str, Any] = {
        "id": place.id,
        "title": story.title,
        "subtitle": None if "no-subtitle" in traps else story.subtitle(),
        "authors": _authors(traps, story.random),
        "published": story.published,
        "modified": place.modified,
        "categories": categories(section, traps),
        "tags": story.tags(),
        "traps": traps,
        **_pictures(story, traps),
        **_signals(story, section, traps),
    }
    if "accord" in traps:
        made |= {"subtitle": accord.SUBTITLE, "tags": accord.TAGS, "picture": accord.PICTURE}
        made["authors"] = (Person(*accord.AUTHOR),)
    if place.special:
        made |= place.special.changes
    made["slug"] = place.slug
    return Card(**made)


def _pictures(story: Story, traps: frozenset[str]) -> dict[str, Any]:
    """Return featured image, gallery or video."""
    form = next((name for name in traps if name.startswith("caption-")), "")
    film = next((name for name in traps if name.startswith("video-")), "")
    if "gallery" in traps:
        many = 3 + int(story.random.random() * 5)
        gallery = tuple(media.picture(story, f"galleria-{number}") for number in range(many))
        return {"format": "gallery", "gallery": gallery, "picture": None}
    featured = media.picture(story, "apertura", form=form)
    made: dict[str, Any] = {"picture": None if "no-image" in traps else featured}
    if film:
        made |= {"format": "video", "film": media.featured(story, film.partition("-")[2])}
    return made


def _signals(story: Story, section: str, traps: frozenset[str]) -> dict[str, Any]:
    """Return what rarer traps add."""
    made: dict[str, Any] = {}
    if "other-url-category" in traps:
        made["url_category"] = _OTHERS[section]
    if "escaped-subtitle" in traps:
        first, *rest = story.subtitle().split(" ")
        made["subtitle"] = f"<em>{first}</em> {' '.join(rest)}"
    if "free" in traps or "paid" in traps:
        made["accessible_for_free"] = "paid" not in traps
    if "sponsored" in traps:
        made["sponsor"] = capital(story.cast.body.text)
    if "source-via" in traps:
        made["source"] = ("Agenzia Meridiana", "https://www.meridiana.example/notizie/")
        made["via"] = ("Il Corriere del Delta", "https://delta.example/?p=77")
    return made
