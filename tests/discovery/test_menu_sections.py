"""Sections of a site that nobody has defined."""

from __future__ import annotations

import json

import pytest

from newscrawl.discovery import categories
from newscrawl.discovery.categories import Category
from newscrawl.discovery.menu_sections import MAX_SECTIONS, sections_of_menu
from newscrawl.pages.menu import MenuItem
from newscrawl.sites import Section
from newscrawl.sites.example import EXAMPLE
from newscrawl.urls import SiteUrls
from tests.support.cost import at_most

SITE = "https://www.example.it"
URLS = SiteUrls(EXAMPLE)


def item(label: str, path: str, parent: str | None = None, target: str | None = None) -> MenuItem:
    return MenuItem(label, SITE + path, parent and SITE + parent, target)


def category(
    number: int, slug: str, parent: int | None = None, count: int = 9, path: str = ""
) -> Category:
    name = slug.replace("-", " ").capitalize()
    return Category(number, name, slug, f"{SITE}{path or f'/category/{slug}/'}", parent, count)


def read(
    items: list[MenuItem], listed: list[Category] | None = None
) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (
            section.slug,
            section.label,
            section.parent,
            section.url and section.url.removeprefix(SITE),
        )
        for section in sections_of_menu(items, URLS, listed or ())
    ]


MENU = [
    item("Home", "/"),
    item("CRONACA", "/category/cronaca/"),
    item("Calcio", "/category/sport/calcio/"),
    item("Sport", "/category/sport/"),
    item("Chi siamo", "/chi-siamo/"),
]


def test_a_menu_of_archives() -> None:
    assert sections_of_menu(MENU, URLS) == (
        Section("cronaca", "CRONACA", None, f"{SITE}/category/cronaca/"),
        # A parent is before its children.
        Section("sport", "Sport", None, f"{SITE}/category/sport/"),
        Section("calcio", "Calcio", "sport", f"{SITE}/category/sport/calcio/"),
    )


@pytest.mark.parametrize("base", ["categoria", "argomenti", "sezione", "rubriche", "topic"])
def test_any_base(base: str) -> None:
    entry = MenuItem("Vela", f"{SITE}/{base}/vela-e-mare-oggi/", is_main=False)
    assert read([entry]) == [("vela-e-mare-oggi", "Vela", None, f"/{base}/vela-e-mare-oggi/")]


def test_addresses_without_a_base() -> None:
    menu = [
        item("Sport", "/sport/"),
        item("Vela", "/sport/vela/"),
        item("Serie A", "/serie-a/", "/sport/"),
        item("Mondo", "/notizie/mondo/"),
        item("Un articolo", "/notizie/un-titolo-molto-lungo/"),
        item("Il titolo", "/2026/11/09/esteri/un-titolo/"),
        item("Anna", "/author/anna/"),
        item("Nato", "/tag/nato/"),
        item("Oggi", "/2026/11/"),
        item("PDF", "/edizione.pdf"),
        item("Dossier", "/dossier/", target="page"),
        *(item("X", f"/{slug}/") for slug in ("contatti", "privacy-policy", "abbonati", "login")),
        *(item("X", f"/{slug}/") for slug in ("pubblicita", "cookie-policy", "newsletter")),
        MenuItem("Meteo", f"{SITE}/meteo/", is_main=False),
    ]
    assert read(menu) == [
        ("sport", "Sport", None, "/sport/"),
        ("vela", "Vela", "sport", "/sport/vela/"),
        ("serie-a", "Serie A", "sport", "/serie-a/"),
        ("mondo", "Mondo", None, "/notizie/mondo/"),
    ]


def test_what_wordpress_says_of_an_entry_counts() -> None:
    menu = [
        item("Contatti", "/contatti/", target="category"),
        item("Vela", "/vela/", target="page"),
        item("Nato", "/nato/", target="post_tag"),
    ]
    assert read(menu) == [("contatti", "Contatti", None, "/contatti/")]


def test_slugs_are_unique() -> None:
    menu = [
        item("Sport", "/sport/"),
        item("Cronaca", "/cronaca/"),
        item("Video", "/sport/video/"),
        item("Video", "/cronaca/video/"),
        item("Video", "/category/video/"),
    ]
    slugs = [(section.slug, section.parent) for section in sections_of_menu(menu, URLS)]
    assert slugs == [
        *(("sport", None), ("cronaca", None), ("video", "sport")),
        *(("cronaca-video", "cronaca"), ("video-2", None)),
    ]


def test_categories_name_the_menus_sections() -> None:
    listed = [
        category(3, "sport"),
        category(4, "calcio", 3, path="/category/sport/calcio/"),
        category(5, "cronaca"),
    ]
    # Vela has no category: it is a page.
    assert read([*MENU, item("Vela", "/vela/")], listed) == [
        ("cronaca", "Cronaca", None, "/category/cronaca/"),
        ("sport", "Sport", None, "/category/sport/"),
        ("calcio", "Calcio", "sport", "/category/sport/calcio/"),
    ]


def test_a_menu_with_an_old_base() -> None:
    listed = [category(3, "sport", path="/sport/")]
    assert read([item("Lo sport", "/category/sport/")], listed) == [
        ("sport", "Sport", None, "/sport/")
    ]


def test_categories_that_are_not_in_the_menu() -> None:
    listed = [
        category(9, "vela", 8, path="/category/mare/vela/"),
        category(8, "mare"),
        category(7, "vuota", count=0),
        category(6, "piena", 7, path="/category/vuota/piena/"),
        category(5, "cronaca"),
        category(4, "nera", 5, path="/category/cronaca/nera/"),
        category(3, "omicidi", 4, path="/category/cronaca/nera/omicidi/"),
    ]
    assert read([item("Cronaca", "/category/cronaca/")], listed) == [
        ("cronaca", "Cronaca", None, "/category/cronaca/"),
        ("mare", "Mare", None, "/category/mare/"),
        ("vela", "Vela", "mare", "/category/mare/vela/"),
        ("piena", "Piena", None, "/category/vuota/piena/"),
    ]


def test_categories_alone_and_in_a_circle() -> None:
    listed = [category(1, "a", 2), category(2, "b", 1)]
    assert {slug for slug, *_ in read([], listed)} == {"a", "b"}
    assert read([], []) == []


def test_at_most_a_hundred() -> None:
    menu = [item(f"Sezione {number}", f"/category/s{number}/") for number in range(300)]
    listed = [category(number, f"c{number}") for number in range(1, 20_000)]
    with at_most(5):
        assert len(sections_of_menu(menu, URLS)) == MAX_SECTIONS
        sections = sections_of_menu(menu[:3], URLS, listed)
    assert len(sections) == MAX_SECTIONS
    assert [section.slug for section in sections[:4]] == ["s0", "s1", "s2", "c1"]


def test_categories_of_the_rest_api() -> None:
    records = [
        {"id": 3, "count": 8, "link": f"{SITE}/category/sport/", "name": "Sport &amp; vela",
         "slug": "sport", "parent": 0},
        {"id": 4, "count": 2, "link": f"{SITE}/category/sport/vela/", "name": "Vela",
         "slug": "vela", "parent": 3},
        {"id": "5", "name": "x", "slug": "x", "link": "x"}, {"id": 6}, None, "x",
    ]  # fmt: skip
    assert categories.read(json.dumps(records).encode()) == [
        Category(3, "Sport & vela", "sport", f"{SITE}/category/sport/", None, 8),
        Category(4, "Vela", "vela", f"{SITE}/category/sport/vela/", 3, 2),
    ]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"code": "rest_forbidden"}', b"[" * 9999])
def test_not_a_list_of_categories(body: bytes) -> None:
    with pytest.raises(ValueError, match="is not a list of categories: "):
        categories.read(body)
