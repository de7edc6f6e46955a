"""Pages that a script would fill, told from what the server sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from parsel import Selector

from newscrawl.pages import scripted
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme import router
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.site import Site

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CONTENT = Content(size=60)
INDEX = Index(CONTENT)
MENU = "<ul>" + "<li><a href='/x/'>Una voce del menu</a></li>" * 4 + "</ul>"
TEXT = "<p>" + "parola " * 60 + "</p>"


def root(html: str) -> Element:
    return Selector(text=html, type="html").root  # type: ignore[no-any-return]


def themed(inner: str) -> Element:
    """Return an article's page of the theme with this in its text container."""
    return root(
        f"<html><body class='single postid-1'>{MENU}<div class='jeg_viewport'>"
        f"<div class='content-inner '>{inner}<div class='jeg_post_tags'><a>Roma</a></div></div>"
        "<noscript>Attiva JavaScript</noscript></div></body></html>"
    )


def page(body: str, head: str = "<script src='/app.js'></script>") -> Element:
    return root(f"<html><head>{head}</head><body>{body}</body></html>")


def listing(inner: str) -> Element:
    return root(f"<html><body><div class='jeg_block_container'>{inner}</div></body></html>")


def printed(path: str, switches: Switches) -> Element:
    site = Site(CONTENT, switches, "http://twin.test", INDEX)
    return root(str(router.answer(site, Asked(path)).body))


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<div data-url='/wp-json/x'><p>Caricamento…</p></div>", "empty_body"),
        ("<div data-endpoint='https://www.alanews.it/x'></div>", "empty_body"),
        ("<section aria-busy='true'>Un momento</section>", "empty_body"),
        ("<noscript>Abilita JavaScript per leggere</noscript>", "noscript"),
        # A text is there, whatever else is still to come.
        ("<p>Testo.</p><div data-url='/wp-json/commenti'></div>", None),
        ("<p>Testo.</p><noscript>Attiva JavaScript per i video</noscript>", None),
        # A video post without text, as the theme prints it.
        ("", None),
        ("<figure><img data-src='/x.jpg'></figure>", None),
        ("<div class='youtube-class' data-src='https://youtu.be/x'></div>", None),
        ("<noscript><img src='/x.jpg'></noscript>", None),
        ("<div class='jeg_ad' data-url='/banner'></div>", None),
    ],
)
def test_an_articles_gap(inner: str, expected: str | None) -> None:
    assert scripted.article_gap(themed(inner)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div id='root'></div>", "app_shell"),
        (f"{MENU}<div id='__next'> </div>", "app_shell"),
        ("<noscript>You need to enable JavaScript to run this app.</noscript>", "noscript"),
        (f"<div id='root'>{TEXT}</div>", None),
        (f"<div id='app'></div>{TEXT}", None),
        ("<h1>Pagina vuota</h1>", None),
        ("<div id='challenge-form'></div><noscript>Enable JavaScript and cookies</noscript>", None),
        (
            "<div id='root'></div><script src='/cdn-cgi/challenge-platform/h/b.js'></script>",
            None,
        ),
        ("<div class='g-recaptcha'></div><noscript>JavaScript</noscript>", None),
    ],
)
def test_the_gap_of_another_layouts_page(body: str, expected: str | None) -> None:
    assert scripted.article_gap(page(body)) == expected
    assert scripted.list_gap(page(body)) == expected


def test_a_shell_without_a_script_stays_empty() -> None:
    assert scripted.article_gap(page("<div id='root'></div>", head="")) is None


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("<div class='jeg_posts' data-url='/wp-json/lista'></div>", "empty_list"),
        ("<div class='jeg_posts'><div aria-busy='true'></div></div>", "empty_list"),
        ("<div class='jeg_posts'></div>", None),
        ("<div class='jeg_posts' data-url='/x'><div class='jeg_empty_module'>-</div></div>", None),
        (
            "<div class='jeg_posts' data-url='/x'><article class='jeg_post x'>A</article></div>",
            None,
        ),
    ],
)
def test_a_lists_gap(inner: str, expected: str | None) -> None:
    assert scripted.list_gap(listing(inner)) == expected


def test_what_is_there_is_seen() -> None:
    assert scripted.has_article(themed("<p>Testo</p>"))
    assert not scripted.has_article(themed("<div data-url='/x'><p>Caricamento…</p></div>"))
    assert scripted.has_article(page(TEXT))
    assert not scripted.has_article(page(MENU))
    assert scripted.has_list(listing("<div class='jeg_posts'><article class='jeg_post x'/></div>"))
    assert scripted.has_list(
        listing("<div class='jeg_posts'><div class='jeg_empty_module'/></div>")
    )
    assert not scripted.has_list(listing("<div class='jeg_posts'></div>"))


@pytest.mark.parametrize("layout", ["jnews", "redesign"])
@pytest.mark.parametrize("template", ["1", "5", "10", "custom"])
def test_no_page_of_the_theme_seems_to_have_a_gap(layout: str, template: str) -> None:
    switches = Switches(layout=layout, template=template)
    for post in CONTENT.posts:
        path = addresses.path(post, switches)
        assert scripted.article_gap(printed(path, switches)) is None, path


@pytest.mark.parametrize("mode", ["nav_1", "nextprev", "loadmore", "scrollload"])
def test_no_list_of_the_theme_seems_to_have_a_gap(mode: str) -> None:
    for path in ("/", "/category/esteri/", "/category/esteri/page/9/", "/tag/roma/"):
        assert scripted.list_gap(printed(path, Switches(archive=mode))) is None, path


def test_the_twins_own_gaps_are_seen() -> None:
    switches = Switches(script_pages=True, archive="scroll")
    for post in CONTENT.posts:
        if "protected" not in post.edge_cases:
            gap = scripted.article_gap(printed(addresses.path(post, switches), switches))
            is_scripted = post.format == "video" or len(post.pages) > 1
            assert gap == ("empty_body" if is_scripted else None)
    assert scripted.list_gap(printed("/category/esteri/", switches)) == "empty_list"
