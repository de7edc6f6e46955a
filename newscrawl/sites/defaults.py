"""What is assumed of a site of which nothing else is known: an Italian newspaper on WordPress."""

import re
from typing import Any

from newscrawl.sites.definition import Section

TIMEZONE = "Europe/Rome"
LANGUAGE = "it"
SECTIONS = tuple(
    Section(slug, label)
    for slug, label in (
        ("cronaca", "Cronaca"),
        ("politica", "Politica"),
        ("economia", "Economia"),
        ("esteri", "Esteri"),
        ("mondo", "Mondo"),
        ("italia", "Italia"),
        ("sport", "Sport"),
        ("spettacoli", "Spettacoli"),
        ("cultura", "Cultura"),
        ("salute", "Salute"),
        ("tecnologia", "Tecnologia"),
        ("scienza", "Scienza"),
        ("ambiente", "Ambiente"),
    )
)
"""Usual sections, by which the address of an article names its own."""

ARCHIVE_PATHS = ("/category/{path}/", "/{path}/")

NO_BOILERPLATE = re.compile(r"(?!)")
"""Matches no paragraph."""

AGENCIES = frozenset(
    {
        "adnkronos",
        "afp",
        "agi",
        "alamy",
        "ansa",
        "ap",
        "askanews",
        "associated press",
        "depositphotos",
        "epa",
        "fotogramma",
        "getty",
        "getty images",
        "imagoeconomica",
        "ipa",
        "lapresse",
        "pexels",
        "pixabay",
        "reuters",
        "shutterstock",
        "unsplash",
        "xinhua",
    }
)
"""Names of agencies that sell pictures to newspapers, casefolded."""

PAGE_CLASSES: dict[str, Any] = {
    "article_page": "newscrawl.pages.jnews.JNewsArticlePage",
    "wordpress_page": "newscrawl.pages.wordpress.WordPressArticlePage",
    "generic_page": "newscrawl.pages.generic.GenericArticlePage",
    "listing_page": "newscrawl.pages.listing.ListingPage",
    "more_page": "newscrawl.pages.listing.MorePage",
    "menu_page": "newscrawl.pages.menu.MenuPage",
}
"""The page classes, by the fields of `Site` that name them."""

_OF_ARTICLES = {
    "jnews": PAGE_CLASSES["article_page"],
    "wordpress": PAGE_CLASSES["wordpress_page"],
    "generic": PAGE_CLASSES["generic_page"],
}
SHORT_NAMES = {
    "article_page": _OF_ARTICLES,
    "wordpress_page": _OF_ARTICLES,
    "generic_page": _OF_ARTICLES,
    "listing_page": {"listing": PAGE_CLASSES["listing_page"]},
    "more_page": {"more": PAGE_CLASSES["more_page"]},
    "menu_page": {"menu": PAGE_CLASSES["menu_page"]},
}
"""By the same fields, short names of the classes that a site's file may name."""
