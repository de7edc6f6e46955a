"""How the text of an article is read: its blocks, and what stands among them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from newscrawl.pages.body import BodyReader
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support.cost import at_most

SITE = "https://www.alanews.it"
HERE = f"{SITE}/esteri/un-titolo-qui/"
OTHER = f"{SITE}/esteri/un-altro-titolo/"
URLS = SiteUrls(ALANEWS)


def read(*bodies: str) -> BodyReader:
    """Return the reader of an article whose parts hold these bodies."""
    reader = BodyReader(URLS, HERE)
    for body in bodies:
        page = Selector(text=f"<html><body><div class='content-inner'>{body}</div></body></html>")
        reader.read(page.css(".content-inner")[0].root)
    return reader


def blocks(*bodies: str) -> list[tuple[Any, ...]]:
    """Return each block as its type and whatever else it holds."""
    return [
        (block.type, *(one for one in (block.level, block.text, block.items, block.url) if one))
        for block in read(*bodies).blocks
    ]


def links(body: str) -> list[tuple[str, str]]:
    return [(link.url, link.text) for link in read(body).links]


BLOCKS: dict[str, list[tuple[Any, ...]]] = {
    # Paragraphs and line breaks.
    "<p>Uno</p><p> due\n tre </p>": [("paragraph", "Uno"), ("paragraph", "due tre")],
    "<p>a <b>b</b><i>c</i> <a href='/x/'>d</a></p>": [("paragraph", "a bc d")],
    "<p>a<br>b<br/> c</p>": [("paragraph", "a\nb\nc")],
    "<p>a<br><br>b<br>\n<br> <br>c</p>": [
        ("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c"),
    ],
    "<p><br>a<br></p>": [("paragraph", "a")],
    "<p>a<b><br></b>b</p>": [("paragraph", "a\nb")],
    "<p></p><p>&nbsp;</p><p><br></p><p>\u200b</p><div></div>": [],
    "<p>a<!-- no -->b</p>": [("paragraph", "ab")],
    "<p>&ldquo;L&#8217;Italia&rdquo; c&rsquo;&egrave;</p>": [("paragraph", "“L’Italia” c’è")],
    # Text without a paragraph of its own.
    "loose <em>text</em><p>p</p>tail": [
        ("paragraph", "loose text"), ("paragraph", "p"), ("paragraph", "tail"),
    ],
    "<div>a<div>b</div>c</div>": [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")],
    "<span>a<p>b</p>c</span>": [("paragraph", "a"), ("paragraph", "b"), ("paragraph", "c")],
    "<center><font>a</font></center>": [("paragraph", "a")],
    "<section><article><p>a</p></article></section>": [("paragraph", "a")],
    "<pre>a  b</pre>": [("paragraph", "a b")],
    # Headings.
    "<h2>Due <em>parole</em></h2><h3 class='wp-block-heading'>Tre</h3>": [
        ("heading", 2, "Due parole"), ("heading", 3, "Tre"),
    ],
    "<h2>a<br>b</h2><h4> </h4>": [("heading", 2, "a b")],
    # Lists.
    "<ul><li>a</li><li> </li><li><b>b</b> c</li></ul>": [("list", ["a", "b c"])],
    "<ol><li>a<ul><li>b</li><li>c</li></ul>d</li></ol>": [("list", ["a d", "b", "c"])],
    "<ul><li><p>a</p><p>b</p></li></ul>": [("list", ["a b"])],
    "<dl><dt>a</dt><dd>b</dd></dl>": [("list", ["a", "b"])],
    "<ul></ul>": [],
    # Quotes.
    "<blockquote><p>a</p><p>b</p><cite>Anna</cite></blockquote>": [("quote", "a\nb\nAnna")],
    "<blockquote>a</blockquote>": [("quote", "a")],
    "<blockquote><p>a</p><img src='/q.jpg'></blockquote>": [
        ("image", f"{SITE}/q.jpg"), ("quote", "a"),
    ],
    # Tables.
    "<table><tr><th>a</th><td>b <i>c</i></td></tr><tr><td></td></tr></table>": [
        ("table", ["a | b c"]),
    ],
    "<figure class='wp-block-table'><table><tr><td>a</td></tr></table>"
    "<figcaption>b</figcaption></figure>": [("table", ["a"]), ("paragraph", "b")],
    "<table><tr><td><p>a</p><p>b</p></td><td>c<br>d</td></tr></table>": [("table", ["a b | c d"])],
    "<table><tr><td>a<script>no()</script></td></tr></table>": [("table", ["a"])],
    # Embeds.
    "<blockquote class='twitter-tweet'><p>a <a href='https://t.co/1'>b</a></p>&mdash; Anna "
    "<a href='https://twitter.com/anna/status/1'>3 luglio</a></blockquote>"
    "<script src='w'></script>": [
        ("embed", "a b — Anna 3 luglio", "https://twitter.com/anna/status/1"),
    ],
    "<blockquote class='instagram-media'>"
    "<a href='https://www.instagram.com/p/1/'>a</a></blockquote>": [
        ("embed", "a", "https://www.instagram.com/p/1/"),
    ],
    "<figure class='wp-block-embed'><div class='wp-block-embed__wrapper'>\nhttps://x.com/a/1\n"
    "</div></figure>": [("embed", "https://x.com/a/1")],
    "<iframe src='https://www.google.com/maps/embed?pb=1'></iframe>": [
        ("embed", "https://www.google.com/maps/embed?pb=1"),
    ],
    "<p>https://x.com/a/1</p>": [("paragraph", "https://x.com/a/1")],
    # Videos.
    "<p>a<iframe src='//www.youtube.com/embed/x'></iframe>b</p>": [
        ("paragraph", "a"), ("video", "https://www.youtube.com/embed/x"), ("paragraph", "b"),
    ],
    "<video><source src='/wp-content/a.mp4'>no</video>": [("video", f"{SITE}/wp-content/a.mp4")],
    "<figure class='wp-block-embed is-type-video'><div class='wp-block-embed__wrapper'>"
    "<iframe title='t' data-src='https://www.youtube.com/embed/x'></iframe></div></figure>": [
        ("video", "https://www.youtube.com/embed/x"),
    ],
    # Images.
    "<p>a <img src='/a.jpg' alt='no'> b</p>": [("image", f"{SITE}/a.jpg"), ("paragraph", "a b")],
    "<figure><img src='/a.jpg'><figcaption>no</figcaption></figure>": [("image", f"{SITE}/a.jpg")],
    "<p>Ciao <img class='emoji' alt='😀' src='https://s.w.org/1.svg'></p>": [
        ("paragraph", "Ciao 😀"),
    ],
    "<p><img src='data:image/gif;base64,AA'><img></p>": [],
    "<ul><li>a<img src='/a.jpg'></li></ul>": [("image", f"{SITE}/a.jpg"), ("list", ["a"])],
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), BLOCKS.items(), ids=[key[:60] for key in BLOCKS])
def test_block(body: str, expected: list[tuple[Any, ...]]) -> None:
    assert blocks(body) == expected


NOISE = {
    "tags": "<div class='jeg_post_tags'><span>Tags:</span><a rel='tag' href='/tag/a/'>A</a></div>",
    "advertisement": "<div class='jeg_ad jeg_ad_article jnews_content_inline_ads'>"
    "<div class='ads-wrapper'><div class='ads-text'>ADVERTISEMENT</div></div></div>",
    "adsense": "<ins class='adsbygoogle'>ADV</ins>",
    "inline related": "<div class='jnews_inline_related_post_wrapper left'>"
    "<div class='jnews_inline_related_post'><h3><a href='/esteri/x-y/'>No</a></h3></div></div>",
    "page links": "<div class='jeg_pagelinks jeg_pagination'><span class='page_info'>Page 1 of 2"
    "</span><a class='page_number' href='2/'>2</a></div>",
    "source": "<div class='jeg_post_source'>Source: <a href='https://x.it/'>X</a></div>",
    "via": "<div class='jeg_post_via'>Via: <a href='https://x.it/'>X</a></div>",
    "share": "<div class='jeg_share_bottom_container'><a href='https://fb.com/'>Share</a></div>",
    "contents": "<div id='ez-toc-container'><p>Contenuti</p><ul><li>1</li></ul></div>",
    "stars": "<div class='kk-star-ratings kksr-auto'>Rate this post</div>",
    "script": "<script>document.write('no')</script>",
    "style": "<style scoped>.a{}</style>",
    "noscript": "<noscript><img src='/no.jpg'><p>no</p></noscript>",
    "form": "<form><p>Iscriviti</p><input value='no'><button>Invia</button></form>",
    "newsletter": "<div class='newsletter-box'><p>Iscriviti alla newsletter</p></div>",
    "cookies": "<div class='cookie-notice'><p>Accetta i cookie</p></div>",
    "comments": "<div id='respond'><p>Rispondi</p></div>",
    "boilerplate": "<p>Se non sei abbonato e vuoi acquistare questo video "
    "<a href='https://shop.example.com/'>clicca qui</a></p>",
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE)
@pytest.mark.parametrize("shape", ["<p>a</p>%s<p>b</p>", "<div><p>a</p>%s</div><p>b</p>"])
def test_noise_leaves_no_trace(shape: str, noise: str) -> None:
    reader = read(shape % noise)
    assert reader.text() == "a\n\nb"
    assert (reader.links, reader.images, reader.videos) == ([], [], [])


@pytest.mark.parametrize(
    "noise", [NOISE[name] for name in ("advertisement", "script", "form", "share")]
)
def test_noise_within_lists_and_quotes_leaves_none_either(noise: str) -> None:
    assert blocks(f"<ul><li>a{noise}</li></ul>") == [("list", ["a"])]
    assert blocks(f"<blockquote><p>a</p>{noise}</blockquote>") == [("quote", "a")]


def test_text_is_paragraphs_headings_entries_quotes_and_rows() -> None:
    body = (
        "<p>a</p><h2>b</h2><ul><li>c</li><li>d</li></ul><blockquote><p>e</p><p>f</p></blockquote>"
        "<table><tr><td>g</td><td>h</td></tr></table><figure><img src='/a.jpg'>"
        "<figcaption>no</figcaption></figure><blockquote class='twitter-tweet'>no</blockquote>"
    )
    assert read(body).text() == "a\n\nb\n\nc\n\nd\n\ne\nf\n\ng | h"


def test_parts_follow_each_other() -> None:
    assert read("<p>a</p>", "<p>b</p><img src='/a.jpg'>").text() == "a\n\nb"


LINKS: dict[str, list[tuple[str, str]]] = {
    "<p><a href='/esteri/un-altro-titolo/?utm_source=x#a'>qui</a></p>": [(OTHER, "qui")],
    "<p><a href='https://Example.com/A?b=1&amp;c=2'>là</a></p>": [
        ("https://Example.com/A?b=1&c=2", "là")
    ],
    "<p><a href='//example.com/a'>là</a></p>": [("https://example.com/a", "là")],
    "<p>a</p><p><a href=' /esteri/un-altro-titolo '> b <b>c</b></a></p>": [(OTHER, "b c")],
    "<p><a href='mailto:a@b.it'>a</a><a href='javascript:x'>b</a><a href='tel:1'>c</a>"
    "<a href='#n'>d</a><a name='e'>e</a><a href=' #n'>f</a></p>": [],
    "<p><a href='/a.jpg'><img src='/a-300x200.jpg'></a><a href='https://x.it/'> </a></p>": [],
    "<h2><a href='https://x.it/1'>a</a></h2><ul><li><a href='https://x.it/2'>b</a></li></ul>"
    "<blockquote><p><a href='https://x.it/3'>c</a></p></blockquote>": [
        ("https://x.it/1", "a"), ("https://x.it/2", "b"), ("https://x.it/3", "c"),
    ],
    "<table><tr><td><a href='https://x.it/1'>a</a></td></tr></table>": [("https://x.it/1", "a")],
    "<p><a href='https://x.it/1'>a</a>, <em><a href='https://x.it/2'>b</a></em></p>": [
        ("https://x.it/1", "a"), ("https://x.it/2", "b"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), LINKS.items(), ids=[key[:60] for key in LINKS])
def test_links(body: str, expected: list[tuple[str, str]]) -> None:
    assert links(body) == expected


TITLE = f"<a href='{OTHER}'>Un altro titolo</a>"


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Leggi anche: {TITLE}</p>",
        f"<p><strong>LEGGI ANCHE:</strong> <em>{TITLE}</em></p>",
        f"<p>Leggi anche » {TITLE}.</p>",
        f"<p>Vedi anche {TITLE}</p>",
        f"<p>Guarda anche – {TITLE}</p>",
        f"<p>Leggi pure: {TITLE}</p>",
        f"<p>Leggi anche:<br>{TITLE}</p>",
        f"<p><a href='{OTHER}'>Leggi anche: Un altro titolo</a></p>",
        f"<div>Leggi anche: {TITLE}</div>",
        f"<p>Testo.<br><br>Leggi anche: {TITLE}</p>",
    ],
)
def test_a_line_of_other_articles_leaves_only_its_link(line: str) -> None:
    reader = read(f"<p>a</p>{line}<p>b</p>")
    assert reader.text().replace("Testo.\n\n", "") == "a\n\nb"
    assert [link.url for link in reader.links] == [OTHER]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Leggi anche il testo di {TITLE} di ieri.</p>",
        "<p>Leggi anche i commenti.</p>",
        f"<p>Ha detto: leggi anche {TITLE}</p>",
        f"<p>{TITLE}</p>",
    ],
)
def test_a_sentence_with_such_words_stays(line: str) -> None:
    assert len(read(line).blocks) == 1


SHOP = (
    "Se non sei abbonato e vuoi acquistare questo video <a href='https://shop.it/'>clicca qui</a>"
)


@pytest.mark.parametrize(
    ("body", "text", "urls"),
    [
        (f"<p><a href='https://x.it/'>Testo</a>.<br><br>{SHOP}</p>", "Testo.", ["https://x.it/"]),
        (f"<p>{SHOP}<br><br><a href='https://x.it/'>Testo</a>.</p>", "Testo.", ["https://x.it/"]),
        (f"<p>{SHOP.upper().replace('HTTPS://SHOP.IT/', 'https://shop.it/')}.</p>", "", []),
    ],
)
def test_the_line_of_the_house_goes_with_its_link_alone(
    body: str, text: str, urls: list[str]
) -> None:
    reader = read(body)
    assert reader.text() == text
    assert [link.url for link in reader.links] == urls


def test_a_paragraph_that_goes_on_after_that_line_stays() -> None:
    assert "Il ministro" in read(f"<p>{SHOP}. Il ministro ha parlato a lungo.</p>").text()


def test_captions_go_to_their_images() -> None:
    body = (
        "<figure class='wp-block-image'><a href='/full.jpg'><img src='/full-300x200.jpg'></a>"
        "<figcaption>La <b>premier</b> | Ansa</figcaption></figure>"
        "<figure><img src='/b.jpg'><figcaption>Foto Ansa</figcaption></figure>"
        "<figure class='wp-caption'><img src='/c.jpg'><p class='wp-caption-text'>Solo</p></figure>"
        "<figure><img src='/d.jpg' alt='Alt'></figure>"
    )
    found = [(one.url, one.caption, one.credit, one.alt) for one in read(body).images]
    assert found == [
        (f"{SITE}/full.jpg", "La premier", "Ansa", None),
        (f"{SITE}/b.jpg", None, "Foto Ansa", None),
        (f"{SITE}/c.jpg", "Solo", None, None),
        (f"{SITE}/d.jpg", None, None, "Alt"),
    ]


def test_each_picture_of_a_gallery_has_its_own_caption() -> None:
    inner = "".join(
        f"<figure><img src='/{one}.jpg'><figcaption>{one}</figcaption></figure>" for one in "abc"
    )
    body = f"<figure class='wp-block-gallery'>{inner}<figcaption>tutte</figcaption></figure>"
    assert [one.caption for one in read(body).images] == ["a", "b", "c"]


def test_text_of_a_table_within_a_table_comes_once() -> None:
    body = "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>"
    assert read(body).text().count("b") == 1


def test_nested_inline_markup_is_read_through() -> None:
    assert read(f"<p>{'<b>' * 60}a{'</b>' * 60}</p>").text() == "a"
    assert read(f"{'<div>' * 60}<p>a</p>{'</div>' * 60}").text() == "a"


@pytest.mark.parametrize("tag", ["div", "span", "b", "blockquote", "ul><li", "table><tr><td", "a"])
def test_deep_nesting_is_survived(tag: str) -> None:
    closing = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    with at_most(10):
        read(f"<p>a</p>{f'<{tag}>' * 5_000}<p>b</p>{closing * 5_000}<p>c</p>")


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<br>",
            "<ul>",
            "<li>",
            "</ul>",
            "<blockquote>",
            "</blockquote>",
            "<table>",
            "<tr>",
            "<td>",
            "</table>",
            "<figure>",
            "<figcaption>",
            "</figure>",
            "<img/src=/a.jpg>",
            "<iframe/src=//youtube.com/a>",
            "<a/href=/esteri/a-b/>",
            "</a>",
            "<b>",
            "</b>",
            "<h2>",
            "</h2>",
            "<pre>",
            "Leggi",
            "anche:",
            "testo",
        ]
    ),
    max_size=25,
).map(" ".join)


@given(FRAGMENTS)
def test_no_markup_breaks_the_reader(body: str) -> None:
    reader = read(body)
    assert "\n\n\n" not in reader.text()
    for block in reader.blocks:
        assert block.text or block.items or block.url
