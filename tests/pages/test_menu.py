"""Menus as WordPress core, its navigation block, builders and themes print them."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.pages.menu import MenuItem, MenuPage
from newscrawl.sites.example import EXAMPLE
from newscrawl.urls import SiteUrls

SITE = "https://www.example.it"
URLS = SiteUrls(EXAMPLE)


def menu(body: str) -> list[MenuItem]:
    page = Selector(text=f"<html><body>{body}</body></html>", type="html")
    return MenuPage(page, f"{SITE}/", URLS).items()


def shown(body: str) -> list[tuple[str, str]]:
    return [(item.label, item.url.removeprefix(SITE)) for item in menu(body)]


def entry(label: str, path: str, kind: str = "category", below: str = "") -> str:
    below = f"<ul class='sub-menu'>{below}</ul>" if below else ""
    return (
        f"<li id='menu-item-1' class='menu-item menu-item-type-taxonomy menu-item-object-{kind}'>"
        f"<a href='{SITE}{path}'>{label}</a>{below}</li>"
    )


def page_entry(label: str, path: str) -> str:
    return entry(label, path, "page")


CLASSIC = (
    "<a class='skip-link screen-reader-text' href='#content'>Vai al contenuto</a>"
    "<header class='site-header'><a href='/'>Example</a>"
    "<nav id='site-navigation' class='main-navigation'><ul id='primary-menu' class='menu'>"
    + entry("Cronaca", "/category/cronaca/")
    + entry(
        "Sport",
        "/category/sport/",
        below=entry("Calcio", "/category/sport/calcio/", below=entry("Serie A", "/serie-a/")),
    )
    + page_entry("Chi siamo", "/chi-siamo/")
    + "</ul></nav></header>"
)


def test_a_classic_theme() -> None:
    assert menu(CLASSIC) == [
        MenuItem("Cronaca", f"{SITE}/category/cronaca/", None, "category"),
        MenuItem("Sport", f"{SITE}/category/sport/", None, "category"),
        MenuItem("Calcio", f"{SITE}/category/sport/calcio/", f"{SITE}/category/sport/", "category"),
        MenuItem("Serie A", f"{SITE}/serie-a/", f"{SITE}/category/sport/calcio/", "category"),
        MenuItem("Chi siamo", f"{SITE}/chi-siamo/", None, "page"),
    ]


def test_a_menu_that_is_printed_twice() -> None:
    mobile = CLASSIC.replace("main-navigation", "mobile-navigation").replace("Sport", "SPORT")
    assert menu(CLASSIC + mobile) == menu(CLASSIC)


def test_the_navigation_block() -> None:
    link = (
        "<li class='wp-block-navigation-item wp-block-navigation-link'><a class="
        "'wp-block-navigation-item__content' href='{}'><span"
        " class='wp-block-navigation-item__label'>"
        "{}</span><span class='wp-block-navigation-item__description'>Tutte le notizie</span></a>{}"
        "</li>"
    )
    below = (
        "<button aria-label='Sottomenu'></button><ul class='wp-block-navigation__submenu'>{}</ul>"
    )
    body = (
        "<nav class='wp-block-navigation' aria-label='Menu'><ul"
        " class='wp-block-navigation__container'>"
        + link.format("/sport/", "Sport", below.format(link.format("/sport/vela/", "Vela", "")))
        + link.format("#", "Altro", below.format(link.format("/scienza/", "Scienza", "")))
        + link.format("https://www.example.com/", "Altrove", "")
        + "</ul></nav>"
    )
    assert menu(body) == [
        MenuItem("Sport", f"{SITE}/sport/"),
        MenuItem("Vela", f"{SITE}/sport/vela/", f"{SITE}/sport/"),
        MenuItem("Scienza", f"{SITE}/scienza/"),
    ]


def test_elementor() -> None:
    body = (
        "<div data-elementor-type='header' class='elementor-location-header'><nav"
        " aria-label='Menu' "
        "class='elementor-nav-menu--main'><ul class='elementor-nav-menu'><li class='menu-item"
        " menu-item-object-custom'><a href='/sport/' class='elementor-item'>Sport<span class="
        "'sub-arrow'><svg></svg></span></a></li></ul></nav></div>"
        "<div class='elementor-location-footer'><nav><ul class='elementor-nav-menu'><li class="
        "'menu-item'><a href='/note-legali/'>Note legali</a></li></ul></nav></div>"
    )
    assert menu(body) == [MenuItem("Sport", f"{SITE}/sport/", None, "custom")]


TOP = (
    "<div class='top-bar'><ul class='menu'>"
    + entry("Contatti", "/contatti/", "custom")
    + entry("Meteo", "/meteo/", "custom")
    + entry("Sport", "/category/sport/")
    + "</ul></div>"
)


def test_the_main_menu_is_first() -> None:
    items = menu(TOP + CLASSIC)
    assert [item.label for item in items] == [
        *("Cronaca", "Sport", "Calcio", "Serie A", "Chi siamo"),
        *("Contatti", "Meteo"),
    ]
    assert [item.label for item in items if not item.is_main] == ["Contatti", "Meteo"]


def test_the_main_menu_by_its_addresses() -> None:
    top = "<nav><ul><li><a href='/contatti/'>Contatti</a></li><li><a href='/login/'>Login</a></ul>"
    top += "</nav>"
    sections = (
        "<nav><ul><li><a href='/sport/'>Sport</a></li><li><a href='/vela/'>Vela</a></ul></nav>"
    )
    assert shown(top + sections) == [
        *(("Sport", "/sport/"), ("Vela", "/vela/")),
        *(("Contatti", "/contatti/"), ("Login", "/login/")),
    ]


def test_a_mega_menu_with_articles() -> None:
    articles = (
        "<div class='mega'><ul><li><a href='/2026/11/09/sport/un-titolo-lungo/'>Un titolo</a></li>"
        "</ul></div>"
    )
    body = CLASSIC.replace("Cronaca</a>", f"Cronaca</a>{articles}")
    assert menu(body) == menu(CLASSIC)
    body = (
        "<div id='mega-menu-wrap'><ul class='mega-menu'><li class='mega-menu-item"
        " mega-menu-item-object-category'><a class='mega-menu-link' href='/sport/'>Sport</a>"
        "<ul class='mega-sub-menu'><li class='mega-menu-item'><a class='mega-menu-link'"
        " href='/sport/vela/'>Vela</a></li></ul></li></ul></div>"
    )
    assert menu(body) == [
        MenuItem("Sport", f"{SITE}/sport/", None, "category"),
        MenuItem("Vela", f"{SITE}/sport/vela/", f"{SITE}/sport/"),
    ]


TRAPS = {
    "breadcrumbs": "<nav class='breadcrumbs'><ol><li><a href='/x/'>X</a></li></ol></nav>",
    "labelled": "<nav aria-label='Breadcrumb'><ol><li><a href='/x/'>X</a></li></ol></nav>",
    "pager": "<nav class='pagination'><ul><li><a href='/page/2/'>2</a></li></ul></nav>",
    "social": "<ul class='menu social-navigation'><li class='menu-item'><a href='/x/'>X</a></ul>",
    "footer": f"<footer><ul class='menu'>{entry('X', '/x/')}</ul></footer>",
    "footer in a div": f"<div id='colophon'><ul class='menu'>{entry('X', '/x/')}</ul></div>",
    "widget": f"<div class='widget'><ul class='menu'>{entry('X', '/x/')}</ul></div>",
    "skip link": "<nav><a class='skip-link' href='#main'>Vai al contenuto</a></nav>",
    "languages": "<ul class='menu'><li class='lang-item menu-item'><a href='/en/'>EN</a></li></ul>",
    "article": f"<article><ul class='menu'>{entry('X', '/x/')}</ul></article>",
    "elsewhere": "<ul class='menu'><li class='menu-item'><a href='https://x.example/'>X</a></ul>",
    "mail": "<ul class='menu'><li class='menu-item'><a href='mailto:a@example.it'>X</a></ul>",
    "unnamed": "<ul class='menu'><li class='menu-item'><a href='/x/'><svg></svg></a></ul>",
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_not_of_a_menu(trap: str) -> None:
    assert menu(CLASSIC + trap) == menu(CLASSIC)
    assert menu(trap) == []


def test_a_widget_in_the_header_is_a_menu() -> None:
    body = f"<header><div class='widget'><ul class='menu'>{entry('X', '/x/')}</ul></div></header>"
    assert shown(body) == [("X", "/x/")]


def test_navigation_without_lists() -> None:
    links = "<a href='/sport/'>Sport</a><a href='#main'>Vai</a><a href='/vela/'>Vela</a>"
    expected = [("Sport", "/sport/"), ("Vela", "/vela/")]
    assert shown(f"<div role='navigation'>{links}</div>") == expected
    assert shown(f"<header>{links}</header>") == expected


def test_jnews_tells_what_is_below() -> None:
    body = (
        "<ul class='jeg_menu jeg_main_menu'>"
        + entry("Sport", "/category/sport/", below=entry("Calcio", "/category/sport/calcio/"))
        + "</ul><nav><ul class='menu'>"
        + entry("Contatti", "/contatti/", "page")
        + "</ul></nav>"
    )
    sport = f"{SITE}/category/sport/"
    assert menu(body) == [
        MenuItem("Sport", sport, None, "category"),
        MenuItem("Calcio", f"{sport}calcio/", sport, "category"),
    ]
