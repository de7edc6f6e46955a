"""The theme's headings and footers, wherever in a page they are."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.pages import page_tree
from newscrawl.pages.jnews import JNewsArticlePage
from newscrawl.pages.theme_elements import ThemeElements
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

HERE = "https://www.alanews.it/esteri/un-titolo-qui/"
TITLE = "<h1 class='jeg_post_title'>{}</h1>"
TEXT = "<div class='content-inner'><p>uno</p></div>"
RELATED = "<div class='jnews_related_post_container'></div>"


def court(place: str) -> str:
    return f"<p>Testata registrata al tribunale di {place} n. 12/2001</p>"


@pytest.mark.parametrize(
    ("article", "title"),
    [
        (TITLE.format("a") + TEXT + RELATED + TITLE.format("b"), "a"),
        (TEXT + RELATED + TITLE.format("b"), "b"),
        ("<h1>no</h1><div class='jeg_post_title'>no</div>" + TITLE.format("a") + TEXT, "a"),
        ("<h1 class='jeg_post_titles'>no</h1>" + TEXT, None),
        # The title in the box is before the one that was moved into the text, and behind it after.
        (
            TEXT + "<div class='jeg_box'>" + TITLE.format("box") + "</div><p>due</p>"
            "<section>" + TITLE.format("moved") + "</section><p>tre</p>",
            "moved",
        ),
    ],
)
def test_the_headline_is_the_first_of_the_theme_in_the_article(
    article: str, title: str | None
) -> None:
    page = f"<body><div class='post-wrap'>{article}</div></body>"
    heading = ThemeElements(page_tree.parse(page.encode())).heading("headline")
    assert (None if heading is None else heading.text) == title


@pytest.mark.parametrize(
    ("frame", "place"),
    [
        ("<div>{}<div id='footer'>" + court("Bari") + "</div></div>", "Bari"),
        (
            "<div><div>{}<div class='footer-holder x'>" + court("Bari") + "</div></div></div>",
            "Bari",
        ),
        ("<div>{}</div><div id='jeg_off_canvas'>" + court("Bari") + "</div>", "Bari"),
        ("<div>{}<div id='jeg_off_canvas'>" + court("Bari") + "</div></div>", "Bari"),
        ("<div>{}</div><div id='footer'>" + court("Bari") + "</div>", None),
        ("<div><div><div id='jeg_off_canvas'>" + court("Bari") + "</div></div>{}</div>", None),
        ("<div>{}</div><footer>" + court("Bari") + "</footer>", "Bari"),
        (
            "<div>{}<div id='footer'>" + court("Bari") + "</div></div>"
            "<footer>" + court("Asti") + "</footer>",
            "Bari",
        ),
        (
            "<footer>" + court("Asti") + "</footer>"
            "<div>{}<div id='footer'>" + court("Bari") + "</div></div>",
            "Asti",
        ),
    ],
)
def test_the_first_footer_that_states_a_registration_counts(frame: str, place: str | None) -> None:
    body = frame.format(f"<div class='post-wrap'>{TEXT}</div>")
    root = page_tree.parse(f"<body class='single-post'>{body}</body>".encode())
    page = JNewsArticlePage(Selector(root=root, type="html"), HERE, SiteUrls(ALANEWS))
    registration = page.publisher().registration
    assert registration == (place and f"tribunale di {place} n. 12/2001")
