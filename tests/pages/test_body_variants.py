"""Variants of the cases of bodies in tests/data/cases: other words in other markup."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.pages.body import BodyReader
from newscrawl.pages.jnews import JNewsArticlePage
from newscrawl.pages.listing import ListingPage
from newscrawl.pages.menu import MenuPage
from newscrawl.pages.shown import is_hidden
from newscrawl.sites import ALANEWS
from newscrawl.text import fold
from newscrawl.urls import SiteUrls

SITE = "https://www.alanews.it"
HERE = f"{SITE}/esteri/un-titolo-qui/"
OTHER = f"{SITE}/esteri/un-altro-titolo/"
LINK = f"<a href='{OTHER}'>Un altro titolo</a>"
THIRD = f"<a href='{SITE}/esteri/un-terzo-titolo/'>Un terzo titolo</a>"
URLS = SiteUrls(ALANEWS)


def read(body: str) -> BodyReader:
    reader = BodyReader(URLS, HERE)
    page = Selector(text=f"<html><body><div class='content-inner'>{body}</div></body></html>")
    reader.read(page.css(".content-inner")[0].root)
    return reader


@pytest.mark.parametrize(
    "lines",
    [
        f"<p>Leggi anche:</p><p>{LINK}</p><p>{THIRD}</p>",
        f"<h3>Leggi anche</h3><p>{LINK}</p><h4>{THIRD}</h4>",
        f"<p><strong>LEGGI ANCHE</strong></p><p>{LINK}<br>{THIRD}</p>",
        f"<p>Vedi anche:</p><div class='jeg_ad'>ADV</div><p>{LINK}</p>",
        "<h4>Articoli correlati</h4><div class='yarpp'><a href='/x/'>x</a></div>",
        f"<blockquote><p>Leggi anche:</p><p>{LINK}</p></blockquote>",
        f"<p><strong>APPROFONDISCI</strong> {LINK}</p>",
        f"<p>Leggi di più: {LINK}</p>",
        f"<h3>Altre notizie</h3><ul><li>{LINK}</li></ul>",
        f"<dl><dt>Leggi anche</dt><dd>{LINK}</dd></dl>",
        f"<ul><li>Leggi anche</li> <li>{LINK}</li></ul>",
        f"<table><tr><td>LEGGI ANCHE</td></tr><tr><td>{LINK}</td></tr></table>",
        f"<p>Leggi anche:</p><figure><img src='/a/b.jpg'></figure><p>{LINK}</p>",
        f"<blockquote>Leggi anche: {LINK}</blockquote>",
        f"<table><tr><td>Leggi anche: {LINK}</td></tr></table>",
        f"<table><tr><td>Leggi anche: {LINK}</td><td></td></tr></table>",
    ],
)
def test_a_label_and_its_links_are_no_text(lines: str) -> None:
    assert read(f"<p>a</p>{lines}<p>b</p>").text() == "a\n\nb"
    assert read(f"<p>a</p>{lines}").text() == "a"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<p>La gara parte.<br>Leggi anche: {LINK}</p>", "La gara parte."),
        (f"<p>La gara parte.<br>Leggi anche:<br>{LINK}<br>{THIRD}</p>", "La gara parte."),
        (f"<p>Leggi anche: {LINK}<br>La gara parte.</p>", "La gara parte."),
        (f"<p>Parte {LINK}<br>alle otto.</p>", "Parte Un altro titolo\nalle otto."),
        (f"<h3>Per approfondire</h3><p>Il testo.</p><p>{LINK}</p>",
         "Per approfondire\n\nIl testo.\n\nUn altro titolo"),
        ("<h3>Per approfondire</h3><div class='jeg_ad'>ADV</div><p>Il testo.</p>",
         "Per approfondire\n\nIl testo."),
    ],
)  # fmt: skip
def test_lines_beside_a_label_stay(body: str, text: str) -> None:
    assert read(body).text() == text


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("<table><caption>Le tappe</caption><tr><td>a</td></tr></table>", "Le tappe\n\na"),
        ("<table>Prima<tr><td>a</td></tr>dopo</table>", "Prima\n\ndopo\n\na"),
        ("<table><tbody><p>Prima</p><tr><td>a</td></tr></tbody></table>", "Prima\n\na"),
        ("<table><tr><p>Prima</p><td>a</td></tr></table>", "Prima\n\na"),
    ],
)
def test_what_is_in_no_cell_comes_before_the_rows(table: str, text: str) -> None:
    assert read(table).text() == text


def is_style_hiding(style: str) -> bool:
    return is_hidden(Selector(text=f"<p style='{style}'>a</p>").css("p")[0].root)


@pytest.mark.parametrize(
    "style",
    [
        "display:none",
        "DISPLAY : NONE !important",
        "color:red; visibility: hidden",
        "visibility:collapse",
        "font-size:0",
        "font-size: 0px;",
        "text-indent:-9999px",
        "position:absolute;left:-9999px",
        "left:-200vw;position:fixed",
        "position:absolute; top:-1000em",
        "position:relative;left:-5000px",
        "position:absolute;width:1px;height:1px;overflow:hidden",
        "position:absolute;clip:rect(1px,1px,1px,1px);width:1px",
    ],
)
def test_a_style_hides_what_a_browser_does_not_show(style: str) -> None:
    assert is_style_hiding(style)


@pytest.mark.parametrize(
    "style",
    [
        "display:none;display:block",
        "left:-9999px",
        "margin-left:-9999px",
        "text-indent:-120px",
        "position:relative;left:-100px",
        "position:absolute;left:0",
        "font-size:0.9em",
        "overflow:hidden;width:1px",
        "background:url(display:none.png)",
        "",
    ],
)
def test_a_style_of_what_a_browser_shows_hides_nothing(style: str) -> None:
    assert not is_style_hiding(style)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u200db", "ab"),
        ("a\u200cb", "ab"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("\u200d👩\u200d", "👩"),
        ("per\u00adché", "perché"),
    ],
)
def test_joiners_stay_where_they_are_seen(text: str, expected: str) -> None:
    assert fold(text) == expected


BASE = "<html><head><base href='https://www.alanews.it/esteri/'></head><body class='single-post'>"


def test_relative_addresses_count_from_the_base() -> None:
    menu = Selector(text=f"{BASE}<nav><a href='vela/'>Vela</a></nav>")
    assert [item.url for item in MenuPage(menu, SITE, URLS).items()] == [f"{SITE}/esteri/vela/"]
    title = "<h3 class='jeg_post_title'><a href='un-altro-titolo/'>a</a></h3>"
    listing = Selector(text=f"{BASE}<article class='jeg_post'>{title}</article>")
    assert [card.address.url for card in ListingPage(listing, SITE, URLS).cards()] == [OTHER]
    parts = "<div class='jeg_pagelinks'><span class='page_info'>Page 1 of 2</span>"
    article = Selector(
        text=f"{BASE}<div class='content-inner'><p>a</p>{parts}"
        "<a class='page_number' href='un-titolo-qui/2/'>2</a></div></div>"
    )
    page_of_article = JNewsArticlePage(article, HERE, URLS)
    assert page_of_article.parts() == [f"{HERE}2/"]


@pytest.mark.parametrize(
    ("player", "url"),
    [
        ("<lite-youtube videoid='a1b2c3d4e5f'></lite-youtube>", "youtube.com/embed/a1b2c3d4e5f"),
        ("<p><amp-youtube data-videoid='a1b2c3d4e5f'></amp-youtube></p>",
         "youtube.com/embed/a1b2c3d4e5f"),
        ("<lite-vimeo videoid='123456789'><p>no</p></lite-vimeo>", "vimeo.com/video/123456789"),
        ("<div data-videoid='a1b2c3d4e5f'></div>", "youtube.com/embed/a1b2c3d4e5f"),
        ("<iframe data-borlabs-src='//player.vimeo.com/video/1'></iframe>", "vimeo.com/video/1"),
    ],
)  # fmt: skip
def test_a_player_named_by_its_video_alone_is_a_video(player: str, url: str) -> None:
    reader = read(f"<p>a</p>{player}<p>b</p>")
    assert [video.url.endswith(url) for video in reader.videos] == [True]
    assert reader.text() == "a\n\nb"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<h3>Approfondimento</h3><p>Il testo.</p>", "Approfondimento\n\nIl testo."),
        (f"<p>Leggi di più {LINK} e poi torna.</p>", "Leggi di più Un altro titolo e poi torna."),
        ("<p><i style='display:block'>uno</i><b style='display: flex'>due</b></p>", "uno due"),
        ("<p>uno<img src='/wp-content/uploads/a.jpg'>due</p>", "uno due"),
        ("<fieldset><legend>Nota</legend>Il testo.</fieldset>", "Nota\n\nIl testo."),
        ("<dialog>x</dialog><datalist><option>x</option></datalist><canvas>x</canvas>a", "a"),
        ("<table><tr><td>a</td><td hidden>x</td></tr><tr hidden><td>x</td></tr></table>", "a"),
        ("<table><thead hidden><tr><th>x</th></tr></thead><tr><td>a</td></tr></table>",
         "a"),
        ("<p>a<span class='screen-reader-only'>x</span></p>", "a"),
    ],
)  # fmt: skip
def test_further_variants(body: str, text: str) -> None:
    assert read(body).text() == text
