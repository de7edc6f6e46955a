"""Text behind stray closing tags is the article's, wherever the parser puts it."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.pages.body import BodyReader
from newscrawl.pages.theme_elements import ThemeElements
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

HERE = "https://www.alanews.it/esteri/un-titolo-qui/"
PAGE = (
    "<html><body class='single-post'><div class='jeg_viewport'><div class='post-wrapper'>"
    "<div class='post-wrap'><div class='jeg_main'><div class='jeg_container'>"
    "<div class='entry-content'><div class='content-inner'>{}"
    "<div class='jeg_post_tags'><a rel='tag' href='/tag/vela/'>vela</a></div></div></div>"
    "<div class='jeg_share_bottom_container'>Condividi</div><div class='jeg_custom_box'>no</div>"
    "<div class='jnews_related_post_container'><p>related</p></div></div>"
    "<div class='jeg_sidebar'><p>sidebar</p></div></div></div></div>"
    "<div class='footer-holder' id='footer'><p>footer</p></div></div><p>last</p></body></html>"
)


def read(body: str) -> tuple[str, ThemeElements]:
    elements = ThemeElements(Selector(text=PAGE.format(body)).root)
    reader = BodyReader(SiteUrls(ALANEWS), HERE)
    content = elements["content"]
    assert content is not None
    reader.read(content)
    return reader.text(), elements


STRAY = ("", "</div>", "</div></div>", "</div>" * 5, "</body>", "</html>", "</body></html>")
BOX = "<div class='jeg_ad jnews_content_inline_ads'>ADVERTISEMENT</div>"
RELATED = "<div class='jnews_inline_related_post_wrapper'><h3><a href='/x/y/'>No</a></h3></div>"
REST = {
    "<p>due</p><p>tre</p>": "due\n\ntre",
    "<p>due</p>tre<p>quattro</p>": "due\n\ntre\n\nquattro",
    "due<p>tre</p>": "due\n\ntre",
    "due": "due",
    "due <b>tre</b> quattro": "due tre quattro",
    f"<p>due</p>{BOX}<p>tre</p>": "due\n\ntre",
    f"{RELATED}<p>due</p>{RELATED}<p>tre</p>": "due\n\ntre",
    "<script>no()</script><!-- no --><p>due</p><div class='x'>tre</div><p>quattro</p>": (
        "due\n\ntre\n\nquattro"
    ),
    "<p>due</p><ul><li>tre</li></ul><div class='wp-block-group'><p>quattro</p></div>": (
        "due\n\ntre\n\nquattro"
    ),
    "<h2>due</h2><blockquote><p>tre</p></blockquote>": "due\n\ntre",
}


@pytest.mark.parametrize("stray", STRAY)
@pytest.mark.parametrize("rest", REST)
def test_the_text_goes_on_behind_a_stray_tag(stray: str, rest: str) -> None:
    text, elements = read(f"<p>uno</p>{stray}{rest}")
    assert text == f"uno\n\n{REST[rest]}"
    tags, related = elements["tags"], elements["related"]
    assert tags is not None
    assert tags.findtext("a") == "vela"
    assert related is not None
    assert related.findtext("p") == "related"


def test_a_page_without_stray_tags_ends_where_its_container_ends() -> None:
    assert read("<p>uno</p>")[0] == "uno"


def test_bare_text_on_both_sides_of_a_stray_tag_is_two_paragraphs() -> None:
    text, _ = read("Il primo testo.</div>Il <b>secondo</b> testo.")
    assert text == "Il primo testo.\n\nIl secondo testo."
