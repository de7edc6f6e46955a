"""Kinds of markup within a text, and their neighbours that are read as before."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from parsel import Selector

import newscrawl
from newscrawl.pages.body import BodyReader
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from newscrawl.items import Article

SITE = "https://www.alanews.it"
HERE = f"{SITE}/esteri/un-titolo-qui/"
FILES = "https://file.example"
OTHER = f"{SITE}/esteri/un-altro-titolo/"
LINK = f"<a href='{OTHER}'>Un altro titolo</a>"
SHORT = "https://youtu.be/abcdefghijk"
STILL = "<img src='https://i.ytimg.com/vi/abcdefghijk/0.jpg'>"
YOUTUBE = "https://www.youtube.com/embed/abcdefghijk"
WATCH = "https://www.youtube.com/watch?v=abcdefghijk"
URLS = SiteUrls(ALANEWS)
FIRST = "La regata parte dal molo nuovo e gira intorno ai due fari prima di rientrare in porto."
SECOND = "Gli equipaggi iscritti sono diciotto e tre arrivano da oltre confine, dice il comitato."
THIRD = "Il comitato ricorda che la partenza può slittare in caso di vento forte sulla diga."


def read(body: str) -> BodyReader:
    reader = BodyReader(URLS, HERE)
    page = Selector(text=f"<html><body><div class='content-inner'>{body}</div></body></html>")
    reader.read(page.css(".content-inner")[0].root)
    return reader


def extract(page: str, url: str) -> Article:
    article = newscrawl.extract(page, url, fetched_at=datetime(2026, 11, 27, tzinfo=UTC))
    assert article is not None
    return article


def wordpress(text: str, behind: str = "") -> Article:
    return extract(
        "<html lang=it><head><title>La regata – La Valle</title></head>"
        "<body class='single single-post postid-71'><div id=page class=site><main class=site-main>"
        "<article class='post-71 post type-post'><h1 class=entry-title>La regata</h1>"
        "<time class='entry-date published' datetime='2026-11-20T10:00:00+01:00'>20/11/2026</time>"
        f"<div class=entry-content><p>{FIRST}</p>{text}</div>"
        f"<footer class=entry-footer>Archiviato in Esteri</footer></article>{behind}</main>"
        "<footer class=site-footer><p>La Valle è una testata.</p></footer></div></body></html>",
        "https://www.lavalle.example/2026/11/20/la-regata/",
    )


def unknown(text: str) -> Article:
    return extract(
        "<html lang=it><head><title>La regata</title><meta property=og:type content=article>"
        "<meta property=article:published_time content=2026-11-20></head><body><main><article>"
        f"<h1>La regata</h1><div class=testo><p>{FIRST}</p>{text}<p>{SECOND}</p><p>{THIRD}</p>"
        "</div></article></main></body></html>",
        "https://www.faro.example/regata.html",
    )


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<div class='youtube' data-video-id='abcdefghijk'></div>", YOUTUBE),
        ("<div class='youtube-player' data-id='abcdefghijk'><div></div></div>", YOUTUBE),
        ("<div data-youtube-id='abcdefghijk'><img src='/a.jpg'></div>", YOUTUBE),
        ("<div data-plyr-provider='youtube' data-plyr-embed-id='abcdefghijk'></div>", YOUTUBE),
        (f"<youtube-video src='{WATCH}'></youtube-video>", WATCH),
        (
            "<div class='vimeo' data-video-id='12345678'></div>",
            "https://player.vimeo.com/video/12345678",
        ),
        (
            "<div class='dailymotion_player' videoID='x7tgad0'></div>",
            "https://www.dailymotion.com/embed/video/x7tgad0",
        ),
        (
            "<amp-dailymotion data-videoid='x7tgad0'></amp-dailymotion>",
            "https://www.dailymotion.com/embed/video/x7tgad0",
        ),
        (
            "<video-js data-account='12' data-player='abc' data-video-id='34'></video-js>",
            "https://players.brightcove.net/12/abc_default/index.html?videoId=34",
        ),
        (
            "<script src='https://cdn.jwplayer.com/players/abcd1234-XYZ.js'></script>",
            "https://cdn.jwplayer.com/players/abcd1234-XYZ.html",
        ),
        (
            "<script src='https://geo.dailymotion.com/player/x.js' data-video='x7tgad0'></script>",
            "https://geo.dailymotion.com/player/x.html?video=x7tgad0",
        ),
        (f"<p>{WATCH}</p>", WATCH),
        (f"<p><a href='{SHORT}'>{SHORT}</a></p>", SHORT),
        (f"<p>[embed]{WATCH}[/embed]</p>", WATCH),
        (f"<p>[youtube {WATCH}]</p>", WATCH),
        (f"<p><a href='{WATCH}'>{STILL}</a></p>", WATCH),
        (f"<a href='{WATCH}'><div>{STILL}</div></a>", WATCH),
    ],
)  # fmt: skip
def test_a_video_is_known_by_its_identifier_its_script_or_its_address(
    markup: str, url: str
) -> None:
    reader = read(f"<p>a</p>{markup}<p>b</p>")
    assert [video.url for video in reader.videos] == [url]
    assert [block.type for block in reader.blocks] == ["paragraph", "video", "paragraph"]
    assert not reader.images


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='share youtube' data-id='42'></div>",
        "<div class='box' data-video-id='abcdefghijk'></div>",
        "<div class='youtube' data-id='placeholder'></div>",
        "<script src='https://www.googletagmanager.com/gtag/js?id=1'></script>",
        "<script src='https://geo.dailymotion.com/player/x.js'></script>",
        "<p>https://www.youtube.com/@ilfaro</p>",
        f"<p>Il video è su {WATCH}</p>",
        "<p>[nota]</p>",
        "<p><a href='https://www.youtube.com/@ilfaro'><img src='https://i.ytimg.com/vi/a/0.jpg'></a></p>",
        f"<p><a href='{WATCH}'><img src='/wp-content/uploads/a.jpg'></a></p>",
    ],
)
def test_other_identifiers_scripts_and_addresses_are_no_videos(markup: str) -> None:
    assert read(f"<p>a</p>{markup}<p>b</p>").videos == []


def test_a_post_of_telegram_is_an_embed() -> None:
    script = "<script src='https://telegram.org/js/telegram-widget.js' data-telegram-post='faro/6'>"
    blocks = read(f"<p>a</p>{script}</script><p>b</p>").blocks
    assert [(block.type, block.url) for block in blocks[1:2]] == [("embed", "https://t.me/faro/6")]


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<a href='F/a.jpg'><span><img src='F/a-300x200.jpg'></span></a>", ["a.jpg"]),
        ("<a href='F/a.jpg'><figure><img src='F/a-300x200.jpg'></figure></a>", ["a.jpg"]),
        ("<a href='F/a.jpg'><b><img src='F/b.jpg'><img src='F/c.jpg'></b></a>", ["b.jpg", "c.jpg"]),
        ("<a href='/una-pagina/'><span><img src='F/a.jpg'></span></a>", ["a.jpg"]),
        ("<a class='e-gallery-item' href='F/a.jpg'><div role='img'></div></a>", ["a.jpg"]),
        ("<p><a href='F/a.jpg'></a><img src='F/a-300x200.jpg'></p>", ["a.jpg"]),
        ("<p><img src='F/a.jpg'><a href='F/a.jpg'></a></p>", ["a.jpg"]),
        ("<p><a href='/una-pagina/'></a></p>", []),
        ("<p><img src='F/a-300x200.jpg' data-full='F/a.jpg'></p>", ["a.jpg"]),
        ("<p><img src='data:image/gif;base64,R0' data-spai='F/a.jpg'></p>", ["a.jpg"]),
        ("<amp-img src='F/a.jpg' width='800' height='600'></amp-img>", ["a.jpg"]),
        (
            "<picture><source media='(a)' srcset='F/s.jpg'><img src='F/l.jpg'></picture>",
            ["l.jpg"],
        ),
        ("<picture><source srcset='F/a.webp'><img src='F/a-300x200.jpg'></picture>", ["a.webp"]),
    ],
)  # fmt: skip
def test_a_picture_is_the_file_that_its_link_and_its_frame_name(
    markup: str, names: list[str]
) -> None:
    images = read(f"<p>a</p>{markup.replace('F/', FILES + '/')}<p>b</p>").images
    assert [image.url for image in images] == [f"{FILES}/{name}" for name in names]


def test_words_with_a_class_of_captions_in_a_figure_are_the_caption() -> None:
    reader = read(
        "<figure><img src='/a/b.jpg'><p class='caption'>Il molo nuovo</p></figure><p>b</p>"
    )
    assert (reader.images[0].caption, reader.text()) == ("Il molo nuovo", "b")
    reader = read("<figure><img src='/a/b.jpg'><p>Il molo nuovo</p></figure><p>b</p>")
    assert (reader.images[0].caption, reader.text()) == (None, "Il molo nuovo\n\nb")


@pytest.mark.parametrize(
    ("heading", "text"),
    [
        ("<h3><button>Chi parte?<span aria-hidden='true'>+</span></button></h3>", "Chi parte?"),
        ("<h3>Chi parte? <button>Chiudi</button></h3>", "Chi parte?"),
        ("<h3 id='a'>Chi parte? <a href='#a'>#</a></h3>", "Chi parte?"),
        ("<h3 id='a'><a href='#a'>¶</a> Chi parte?</h3>", "Chi parte?"),
        ("<h3>Il linguaggio C#</h3>", "Il linguaggio C#"),
        ("<h3>#iorestoacasa</h3>", "#iorestoacasa"),
    ],
)
def test_a_heading_has_its_button_and_not_the_sign_of_its_own_link(heading: str, text: str) -> None:
    assert read(f"{heading}<p>b</p>").text() == f"{text}\n\nb"


def test_a_footnote_has_no_link_back() -> None:
    notes = "<ol><li>Dato del comune. <a href='#a'>↩︎</a></li><li>Vai ↩ torna</li></ol>"
    assert read(notes).text() == "Dato del comune.\n\nVai ↩ torna"


@pytest.mark.parametrize(
    "lines",
    [
        f"<p>Ti consigliamo di leggere: {LINK}</p>",
        f"<p>Potrebbe piacerti anche {LINK}</p>",
        f"<p>Se ti interessa, leggi anche: {LINK}</p>",
        f"<p>Per saperne di più: {LINK}</p>",
        f"<p>Non perdere: {LINK}</p>",
        f"<h3>Leggi gli altri articoli</h3><ul><li>{LINK}</li></ul>",
        f"<div><span>Leggi anche</span><span>{LINK}</span></div>",
        f"<p>Leggi anche:</p><ul><li>{LINK} (1 novembre 2026)</li><li>{LINK} – Il Faro</li></ul>",
        f"<p>Leggi anche:</p><p>{OTHER}</p>",
        "<p>Messaggio pubblicitario</p>",
        "<p>L’articolo continua sotto la pubblicità</p>",
        "<p>Scorri per continuare a leggere</p>",
        "<p>Condividi questo articolo</p>",
        "<p>Copyright © 2026 Il Faro</p>",
        "<div class='elementor-widget-share-buttons'><span>Facebook</span></div>",
        "<div class='elementor-widget-posts'><h3>Altri articoli</h3><p>Un riassunto.</p></div>",
        "<ul><li>Seguici su <a href='/f/'>Facebook</a></li></ul>",
        "<p><a href='https://wa.me/?text=x'>WhatsApp</a> <a href='https://x.com/intent/t'>X</a></p>",
        "<p>Iscriviti alla nostra newsletter</p>",
        "<p>Scegli Il Faro come <a href='/g/'>fonte preferita su Google</a></p>",
        "<p>Scarica la nostra app: <a href='/i/'>iOS</a> e <a href='/a/'>Android</a></p>",
        "<p>Sostieni il giornalismo indipendente: <a href='/d/'>dona ora</a></p>",
    ],
)
def test_further_labels_notices_and_invitations_are_no_text(lines: str) -> None:
    assert read(f"<p>a</p>{lines}<p>b</p>").text() == "a\n\nb"


@pytest.mark.parametrize(
    "line",
    [
        f"<p>Per saperne di più il comune ha aperto {LINK} al molo</p>",
        f"<p>Ti consigliamo {LINK} per la cena</p>",
        f"<p><a href='{OTHER}'>Non perdere la testa</a></p>",
        f"<p>Rivedi i conti, dice {LINK}</p>",
        f"<p>L’approfondimento di {LINK} è in edicola</p>",
        "<p>Copyright, la battaglia del 2026</p>",
        "<p>Messaggio pubblicitario vietato</p>",
        "<p>Condividi la merenda</p>",
        "<p>Il post è su <a href='https://x.com/share?a'>X</a> da ieri</p>",
        "<p><a href='https://x.com/ilfaro'>Il Faro</a></p>",
        "<ul><li>Segui Meta su <a href='/f/'>Facebook</a>, dice Anna</li></ul>",
        "<div class='elementor-widget-theme-post-content'>Il testo</div>",
        "<p>Segui Meta su Facebook</p>",
        "<p>Scarica l’app Io da <a href='/a/'>Google Play</a></p>",
        "<p>Sostieni Emergency con una <a href='/d/'>donazione</a></p>",
        f"<h3>Approfondimento</h3> <ul><li>{LINK} spiega come si vota</li></ul>",
    ],
)
def test_sentences_that_begin_like_labels_are_text(line: str) -> None:
    words = " ".join(Selector(text=line).xpath("string()").get("").split())
    assert words in " ".join(read(f"<p>a</p>{line}<p>b</p>").text().split())
    assert read(f"<p>a</p>{line}<p>b</p>").text().count("\n\n") >= 2


@pytest.mark.parametrize(
    "behind",
    [
        f"</div></div><p>{SECOND}</p>",
        f"</div></div></div></article></main><p>{SECOND}</p>",
        f"</div></article><p>{SECOND}</p>",
        f"</div><p class='p1'>{SECOND}</p>",
        f"</div><p class='MsoNormal'>{SECOND}</p>",
        f"</div><div>{SECOND}</div>",
        f"</div><div class='wp-block-group is-layout-flow'><p>{SECOND}</p></div>",
    ],
)
def test_text_behind_several_stray_tags_is_text_on_any_theme(behind: str) -> None:
    assert wordpress(behind).body == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    "behind",
    [
        "<p>La Valle è una testata registrata presso il tribunale di Trieste.</p>",
        "<p class='credits'>Un sito della valle, fatto nella valle.</p>",
        "<div class='box'>Un sito della valle, fatto nella valle.</div>",
        f"<div>Un altro articolo: {LINK}.</div>",
    ],
)
def test_what_a_theme_prints_behind_the_post_is_no_text(behind: str) -> None:
    assert wordpress("", behind).body == FIRST


@pytest.mark.parametrize(
    ("style", "is_hidden"),
    [
        ("position:absolute;clip:rect(0,0,0,0)", True),
        ("position:absolute;clip:rect(1px 1px 1px 1px)", True),
        ("clip-path:inset(50%)", True),
        ("content-visibility:hidden", True),
        ("position:absolute;clip:rect(0,90px,90px,0)", False),
        ("clip-path:inset(5%)", False),
        ("content-visibility:auto", False),
        ("max-height:0;overflow:hidden", False),
    ],
)
def test_what_is_clipped_away_is_hidden(style: str, *, is_hidden: bool) -> None:
    text = read(f"<p>a</p><p style='{style}'>b</p>").text()
    assert text == ("a" if is_hidden else "a\n\nb")


@pytest.mark.parametrize(
    "words",
    [
        "<p>Partenza dal molo <span style='font-size:0'>e parole che non si vedono qui</span>.</p>",
        "<p>Partenza dal molo <span class='sr-only'>e parole che non si vedono qui</span>.</p>",
    ],
)
def test_hidden_words_on_unknown_layouts_cost_no_pictures(words: str) -> None:
    article = unknown(f"{words}<p><img src='{FILES}/a.jpg'></p>")
    assert "Partenza dal molo .\n" in article.body.replace("molo.", "molo .")
    assert [image.url for image in article.images] == [f"{FILES}/a.jpg"]


@pytest.mark.parametrize(
    "frame",
    [
        "<div class='wp-caption'>IMG<p class='wp-caption-text'>Il molo</p></div>",
        "<dl class='gallery-item'><dt>IMG</dt><dd class='wp-caption-text'>Il molo</dd></dl>",
    ],
)
def test_pictures_with_captions_of_wordpress_are_read_on_unknown_layouts(frame: str) -> None:
    article = unknown(frame.replace("IMG", f"<img src='{FILES}/a.jpg'>"))
    assert [(image.url, image.caption) for image in article.images] == [
        (f"{FILES}/a.jpg", "Il molo")
    ]
    assert "Il molo\n" not in article.body


def test_a_line_that_leads_to_others_within_a_paragraph_is_left_out_on_unknown_layouts() -> None:
    line = f"Il sindaco parla di vento.<br><strong>Leggi anche: {LINK}</strong>"
    assert "Leggi anche" not in unknown(f"<p>{line}</p>").body
