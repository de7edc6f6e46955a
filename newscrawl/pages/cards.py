"""Reads cards: how the theme shows an article in a list, a hero or a Related Posts box."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from newscrawl import dates
from newscrawl.items import RelatedPost
from newscrawl.pages.shown import shown_text
from newscrawl.text import fold
from newscrawl.urls import Address, Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.urls import SiteUrls

MAX_CARDS = 5_000
"""Cards of one list that are read; a list that was scrolled a hundred times has fewer."""
MAX_RELATED = 30
"""Related Posts of one page that are read."""
RELATED_CUT = "related_cut"
"""Flag of an article whose page has more of them."""
# Live search and some blocks print a div instead of an article.
_DIVISIONS = etree.XPath(
    "descendant::div[contains(concat(' ',normalize-space(@class),' '),' jeg_post ')]",
    smart_strings=False,
)


_DIVISION_PARTS = (
    ("jeg_post_category", "label"),
    ("jeg_meta_date", "date"),
    ("lazyload", "shade"),
)


@lru_cache(maxsize=5_000)
def _part_of(tag: str, classes: str | None) -> str | None:
    """Return the part of a card that an element is, by its tag and class attribute."""
    if tag == "img":
        return "picture"
    if tag == "div":
        return next((part for name, part in _DIVISION_PARTS if name in (classes or "")), None)
    # Titles are h3 on cards and h2 in heroes; only an article's own page has an h1.
    return "title" if "jeg_post_title" in (classes or "") else None


class Card(NamedTuple):
    """An article as shown in a list; all texts as written."""

    address: Address
    title: str
    label: str | None
    date: str | None
    image_alt: str | None
    is_sticky: bool = False
    """Whether WordPress marks it as pinned to the top of the list."""
    language: str = "it"
    """Language of its date: BCP 47 primary subtag."""


def read_cards(scope: Element, urls: SiteUrls, base: str, limit: int = MAX_CARDS + 1) -> list[Card]:
    """Return the first cards within `scope`, without those that do not link to an article."""
    articles = [
        article
        for article in scope.iterdescendants("article")
        if "jeg_post" in (article.get("class") or "")
    ]
    elements = articles or _DIVISIONS(scope)
    cards = (card for element in elements if (card := _read(element, urls, base)))
    return [*islice(cards, limit)]


def related_post(position: int, card: Card) -> RelatedPost:
    """Return a card's post; a relative date is rounded, the day in the address is not."""
    day, date = card.address.day, card.date
    date = day if day and date and dates.is_relative(date) else date
    return RelatedPost(position, card.address.url, card.title, card.label, date, card.image_alt)


def _read(element: Element, urls: SiteUrls, base: str) -> Card | None:
    """Return the card of one element, read in a single pass, as lists have hundreds of them."""
    parts: dict[str, Element] = {}
    for node in element.iter("h2", "h3", "div", "img"):
        part = _part_of(str(node.tag), node.get("class"))
        if part is not None:
            parts.setdefault(part, node)
    heading, label = parts.get("title"), parts.get("label")
    for title in heading.iterchildren("a") if heading is not None else ():
        if (href := title.get("href")) is not None:
            break
    else:
        return None
    address = urls.understand(href, base)
    if address.kind is not Kind.ARTICLE:
        return None
    picture, shade = parts.get("picture"), parts.get("shade")
    alt = picture.get("alt") if picture is not None else None
    if alt is None and shade is not None:
        alt = shade.get("title")
    return Card(
        address=address,
        title=shown_text(title),
        label=_text(next(label.iter("a"), None)) if label is not None else None,
        date=_text(parts.get("date")),
        image_alt=fold(alt) or None,
        is_sticky="sticky" in (element.get("class") or "").split(),
        language=urls.site.language,
    )


def _text(element: Element | None) -> str | None:
    return shown_text(element) or None
