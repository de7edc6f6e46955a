"""Pages of the kinds of tests/data/cases in the markup of other plugins, tools and systems."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from newscrawl import extract

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.items import Article

    Layout = Callable[[str], str]

READ_AT = datetime.fromisoformat("2026-11-27T12:00:00+00:00")
HERE = "https://www.faro.example/2026/11/20/cronaca/la-regata-dei-due-fari/"
OTHER = "https://www.faro.example/2026/11/01/cronaca/il-nuovo-ponte-mobile/"
FILES = "https://www.faro.example/wp-content/uploads/2026/11/"
GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
PLAYER = "https://www.youtube.com/embed/abcdefghijk"
TITLE = "La regata dei due fari"
FIRST = (
    "La regata parte dal molo nuovo e gira intorno ai due fari prima di rientrare in porto con la "
    "marea."
)
SECOND = (
    "Gli equipaggi iscritti sono diciotto e tre arrivano da oltre confine, secondo il comitato "
    "promotore."
)
THIRD = (
    "Il comitato ricorda che la partenza può slittare in caso di vento forte e che il pubblico "
    "potrà seguire le prove dalla diga."
)
TEXT = f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
LINK = f"<a href='{OTHER}'>Il nuovo ponte mobile</a>"
JSONLD = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "url": HERE,
    "datePublished": "2026-11-20T08:00:00+01:00",
}
SCRIPT = f"<script type='application/ld+json'>{json.dumps(JSONLD)}</script>"


def wordpress(body: str) -> str:
    """Return a page of a stock theme of WordPress."""
    return (
        f"<!doctype html><html lang='it-IT'><head><title>{TITLE} – Il Faro</title></head>"
        "<body class='single single-post postid-41'><main><article class='post-41 post'>"
        f"<h1 class='entry-title'>{TITLE}</h1><div class='entry-content'>{body}</div>"
        "<footer class='entry-footer'><time datetime='2026-11-20T08:40:12+01:00'>20 novembre"
        "</time> <a rel='author' href='/author/lucilla/'>Lucilla Fornasari</a></footer></article>"
        "</main><footer>Il Faro</footer></body></html>"
    )


def unknown(
    body: str, head: str = SCRIPT, heading: str = f"<h1>{TITLE}</h1>", line: str = ""
) -> str:
    """Return a page of a layout that no class describes."""
    return (
        f"<!doctype html><html lang='it'><head><title>{TITLE} | Il Faro</title>{head}</head><body>"
        "<header><a href='/'>Il Faro</a></header><main><article>"
        f"{heading}{line}<div class='testo'>{body}</div></article></main>"
        "<footer>Il Faro srl</footer></body></html>"
    )


def read(page: str) -> Article:
    article = extract(page, HERE, fetched_at=READ_AT)
    assert article is not None
    return article


def around(markup: str) -> str:
    return f"<p>{FIRST}</p>{markup}<p>{SECOND}</p><p>{THIRD}</p>"


LAYOUTS = pytest.mark.parametrize("layout", [wordpress, unknown])


@LAYOUTS
@pytest.mark.parametrize(
    "end", ["</body>", "</html>", "</body></html>", "</BODY></HTML>", "</body\n></html >"]
)
def test_the_text_goes_on_behind_an_early_end_of_the_page(layout: Layout, end: str) -> None:
    article = read(layout(around(end)))
    assert article.body == TEXT
    if layout is wordpress:
        assert [author.name for author in article.authors] == ["Lucilla Fornasari"]


@LAYOUTS
@pytest.mark.parametrize(
    "markup",
    [
        f"<p>LEGGI: {LINK}</p>",
        f"<p>Leggi anche qui: {LINK}</p>",
        f"<p>Leggi l'articolo completo: {LINK}</p>",
        f"<p>Leggi altre notizie su: {LINK}</p>",
        f"<p>Guarda il video: {LINK}</p>",
        f"<p>Sullo stesso tema</p><p>{LINK}</p>",
        (
            "<p>Leggi anche:</p><figure class='wp-block-embed is-type-wp-embed'>"
            f"<div class='wp-block-embed__wrapper'><blockquote class='wp-embedded-content'>{LINK}"
            f"</blockquote><iframe class='wp-embedded-content' src='{OTHER}embed/'></iframe></div>"
            "</figure>"
        ),
        (
            "<div class='wp-block-group'><h2>Ultime notizie</h2><ul class='wp-block-latest-posts'>"
            f"<li>{LINK}</li></ul></div>"
        ),
        "<p>- Pubblicità -</p>",
        "<p>L'articolo continua dopo la pubblicità</p>",
        "<div style='width:0;height:0;overflow:hidden'>Nascosto</div>",
    ],
)
def test_what_is_no_text_is_left_out(layout: Layout, markup: str) -> None:
    assert read(layout(around(markup))).body == TEXT


@LAYOUTS
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Leggi: così si intitola il libro.</p>", "Leggi: così si intitola il libro."),
        (
            "<h2>Ultime notizie dal molo</h2><p>Il vento gira.</p>",
            "Ultime notizie dal molo\n\nIl vento gira.",
        ),
        ("<p>La pubblicità torna sul molo.</p>", "La pubblicità torna sul molo."),
        ("<p style='width:0'>Il vento gira.</p>", "Il vento gira."),
    ],
)
def test_what_reads_alike_is_text(layout: Layout, markup: str, text: str) -> None:
    assert read(layout(around(markup))).body == f"{FIRST}\n\n{text}\n\n{SECOND}\n\n{THIRD}"


PICTURE = f"{FILES}barca.jpg"


@LAYOUTS
@pytest.mark.parametrize(
    "markup",
    [
        # Autoptimize and others put the copy for readers without scripts first.
        (
            f"<noscript><img src='{PICTURE}'></noscript>"
            f"<img class='lazyload' src='{GIF}' data-src='{PICTURE}'>"
        ),
        f"<img src='{GIF}' data-echo='{PICTURE}'>",
        f"<img src='{GIF}' data-original-set='{PICTURE} 1200w'>",
        (
            f"<picture><source type='image/webp' data-srcset='{PICTURE}.webp'>"
            f"<img src='{GIF}' data-src='{PICTURE}'></picture>"
        ),
        (
            f"<picture><source type='image/webp' srcset='{FILES}barca.webp'><img src='{PICTURE}'>"
            "</picture>"
        ),
        (
            f"<picture><source media='(max-width:600px)' srcset='{FILES}barca-600x600.jpg'>"
            f"<source media='(min-width:601px)' srcset='{PICTURE}'>"
            f"<img src='{FILES}barca-600x600.jpg'></picture>"
        ),
        (
            "<img src='https://i0.wp.com/www.faro.example/wp-content/uploads/2026/11/barca.jpg"
            "?resize=300%2C200&amp;ssl=1'>"
        ),
    ],
)
def test_a_picture_is_read_once_in_full_size(layout: Layout, markup: str) -> None:
    article = read(layout(around(markup)))
    assert [image.url for image in article.images] == [PICTURE]
    assert article.body == TEXT


@LAYOUTS
@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<lite-youtube videoid='abcdefghijk'></lite-youtube>", PLAYER),
        ("<amp-youtube data-videoid='abcdefghijk' layout='responsive'></amp-youtube>", PLAYER),
        ("<div class='fb-video' data-href='https://www.facebook.com/faro/videos/12/'></div>",
         "https://www.facebook.com/faro/videos/12/"),
        ("<div class='fb-post' data-href='https://www.facebook.com/faro/posts/12/'></div>", None),
        (("<blockquote class='tiktok-embed' cite='https://www.tiktok.com/@faro/video/7123'>"
         "<section><a href='https://www.tiktok.com/@faro'>@faro</a> <p>La partenza</p></section>"
         "</blockquote>"), "https://www.tiktok.com/@faro/video/7123"),
        (("<blockquote class='twitter-tweet'><p>La regata parte</p>&mdash; Porto (@porto) <a "
         "href='https://twitter.com/porto/status/1'>November 20, 2026</a></blockquote>"), None),
    ],
)  # fmt: skip
def test_posts_and_players_are_no_text(layout: Layout, markup: str, url: str | None) -> None:
    article = read(layout(around(markup)))
    assert [video.url for video in article.videos] == ([url] if url else [])
    assert article.body == TEXT


@pytest.mark.parametrize(
    ("old", "new"),
    [("{", "\u00a0{\u00a0"), ('"@type"', '"wordCount": undefined, "@type"')],
)
def test_json_ld_with_slips_is_read(old: str, new: str) -> None:
    article = read(unknown(around(""), SCRIPT.replace(old, new)))
    assert article.date_published == "2026-11-20T08:00:00+01:00"
    assert article.date_published_source == "jsonld"


ARTICLE = "<meta property='og:type' content='article'>"
SHOWN = {
    "<meta itemprop='datePublished' content='2026-11-20T08:00:00+01:00'>": (
        "", "2026-11-20T08:00:00+01:00",
    ),
    ARTICLE: (
        "<span>Aggiornato il 21 novembre 2026</span> <span>Pubblicato il 19 novembre 2026</span>",
        "2026-11-19",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("head", "line", "date"), [(h, *rest) for h, rest in SHOWN.items()])
def test_the_date_of_publication_is_read(head: str, line: str, date: str) -> None:
    page = unknown(around(""), ARTICLE + head, line=line)
    article = extract(page, "https://www.faro.example/la-regata.html", fetched_at=READ_AT)
    assert article is not None
    assert article.date_published == date


def test_a_signature_behind_the_text_is_its_author_and_date() -> None:
    lines = "<p class='firma'>Ettore Malavolti</p><p class='data'>19 novembre 2026</p>"
    page = unknown(around("") + lines, ARTICLE)
    article = extract(page, "https://www.faro.example/la-regata.html", fetched_at=READ_AT)
    assert article is not None
    assert article.body == TEXT
    assert article.date_published == "2026-11-19"
    assert [author.name for author in article.authors] == ["Ettore Malavolti"]


@pytest.mark.parametrize(
    "heading",
    [
        f"<h1><a href='/'>Il Faro</a></h1><h2>{TITLE}</h2>",
        f"<h1><a href='/'><img src='/logo.png' alt='Il Faro'></a></h1><h2>{TITLE}</h2>",
        f"<h1 style='display:none'>Tutte le notizie</h1><h2>{TITLE}</h2>",
        f"<div itemprop='headline'>{TITLE}</div>",
    ],
)
def test_the_headline_is_the_shown_one(heading: str) -> None:
    assert read(unknown(around(""), ARTICLE, heading)).headline == TITLE
