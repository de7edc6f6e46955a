"""Makes the cards of posts: all but the text, what archives and feeds show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from twin import media
from twin.addresses import slugify
from twin.edge_cases import numbered
from twin.model import Card, Person
from twin.reference_article import reference_article
from twin.sections import also
from twin.text_generator import capital
from twin.wordlists import names

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from twin.required_posts import RequiredPost
    from twin.text_generator import TextGenerator

_ACCENTS = str.maketrans({c: "".join(f"%{b:02x}" for b in c.encode()) for c in "àèéìòù"})


@cache
def staff() -> tuple[Person, ...]:
    """Return everybody who writes for the site."""
    known = names()
    surnames = known.surnames
    people = (
        f"{first} {surnames[(number * 13 + 5) % len(surnames)]}"
        for number, first in enumerate((*known.men[::3], *known.women[::3]))
    )
    return tuple(Person(name, slugify(name)) for name in people)


def _authors(cases: frozenset[str], random: Random) -> tuple[Person, ...]:
    people = staff()
    start = int(random.random() * len(people))
    count = numbered(cases, "coauthors-", 1)
    return tuple(people[(start + 7 * number) % len(people)] for number in range(count))


def slug_of(title: str, cases: frozenset[str]) -> str:
    """Return the slug WordPress would make; percent-escapes where the edge case wants them."""
    if "slug-accents" not in cases:
        return slugify(title) or "articolo"
    marked = "-".join(title.lower().translate(_ACCENTS).split())
    slug = "".join(c for c in marked if c.isascii() and (c.isalnum() or c in "-%"))
    # Cut between words: half an escape is not an address.
    return slug if len(slug) <= 190 else slug[:190].rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What a post is besides its words."""

    id: int
    slug: str
    modified: datetime
    section: str
    edge_cases: frozenset[str]
    required: RequiredPost | None = None


def categories(section: str, cases: frozenset[str]) -> tuple[str, ...]:
    """Return a post's categories, the primary one first."""
    return (section, also(section)) if "multi-category" in cases else (section,)


def card(generator: TextGenerator, facts: PostFacts) -> Card:
    """Return the card of a post."""
    cases, section = facts.edge_cases, facts.section
    made: dict[str, Any] = {
        "id": facts.id,
        "title": generator.title,
        "subtitle": None if "no-subtitle" in cases else generator.subtitle(),
        "authors": _authors(cases, generator.random),
        "published": generator.published,
        "modified": facts.modified,
        "categories": categories(section, cases),
        "tags": generator.tags(),
        "edge_cases": cases,
        **_pictures(generator, cases),
        **_rarer(generator, section, cases),
    }
    if "reference-article" in cases:
        made |= reference_article().card_fields
    if facts.required:
        made |= facts.required.changes
    made["slug"] = facts.slug
    return Card(**made)


def _pictures(generator: TextGenerator, cases: frozenset[str]) -> dict[str, Any]:
    form = next((name for name in cases if name.startswith("caption-")), "")
    film = next((name for name in cases if name.startswith("video-")), "")
    if "gallery" in cases:
        many = 3 + int(generator.random.random() * 5)
        gallery = tuple(media.picture(generator, f"galleria-{number}") for number in range(many))
        return {"format": "gallery", "gallery": gallery, "picture": None}
    featured = media.picture(generator, "apertura", form=form)
    made: dict[str, Any] = {"picture": None if "no-image" in cases else featured}
    if film:
        made |= {"format": "video", "film": media.featured(generator, film.partition("-")[2])}
    return made


def _rarer(generator: TextGenerator, section: str, cases: frozenset[str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "other-url-category" in cases:
        made["url_category"] = also(section)
    if "escaped-subtitle" in cases:
        first, *rest = generator.subtitle().split(" ")
        made["subtitle"] = f"<em>{first}</em> {' '.join(rest)}"
    if "free" in cases or "paid" in cases:
        made["accessible_for_free"] = "paid" not in cases
    if "sponsored" in cases:
        made["sponsor"] = capital(generator.entities.body.text)
    if "source-via" in cases:
        made["source"] = ("Agenzia Meridiana", "https://www.meridiana.example/notizie/")
        made["via"] = ("Il Corriere del Delta", "https://delta.example/?p=77")
    return made
