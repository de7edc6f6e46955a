"""Pictures and videos: which file, whose credit, which player."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from newscrawl.pages import captions, media
from newscrawl.pages.lead_media import LeadMedia
from newscrawl.pages.structured import JsonLd, Meta
from newscrawl.pages.theme_elements import ThemeElements
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support.cost import at_most

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.items import Image

SITE = "https://www.alanews.it"
HERE = f"{SITE}/esteri/un-titolo-qui/"
FILES = f"{SITE}/wp-content/uploads/2026"
URLS = SiteUrls(ALANEWS)


def element(markup: str, css: str) -> Element:
    return Selector(text=f"<html><body>{markup}</body></html>").css(css)[0].root  # type: ignore[no-any-return]


def image(markup: str) -> Image | None:
    return media.body_image(element(markup, "img"), URLS, HERE)


@pytest.mark.parametrize(
    ("words", "caption", "credit"),
    [
        ("", None, None),
        ("La premier Takaichi", "La premier Takaichi", None),
        ("La premier | Ansa", "La premier", "Ansa"),
        ("La premier|Ansa", "La premier", "Ansa"),
        ("La premier / Ansa", "La premier", "Ansa"),
        ("Donald Trump | Shutterstock - alanews", "Donald Trump", "Shutterstock - alanews"),
        ("A | B | Ansa", "A | B", "Ansa"),
        ("Ansa", None, "Ansa"),
        ("ANSA.", None, "ANSA."),
        ("Foto Ansa", None, "Foto Ansa"),
        ("Foto: LaPresse", None, "Foto: LaPresse"),
        ("© Ansa", None, "© Ansa"),
        ("Ansa/Reuters", None, "Ansa/Reuters"),
        ("Ansa | Reuters", None, "Ansa | Reuters"),
        ("Getty Images", None, "Getty Images"),
        ("Il premio 2024/2025", "Il premio 2024/2025", None),
        ("L’Ansa compie 80 anni", "L’Ansa compie 80 anni", None),
        ("Fotografi al lavoro", "Fotografi al lavoro", None),
        ("Photoansa", "Photoansa", None),
        ("| Ansa", None, "Ansa"),
    ],
)
def test_caption_and_credit(words: str, caption: str | None, credit: str | None) -> None:
    assert captions.caption_and_credit(words, ALANEWS) == (caption, credit)


@pytest.mark.parametrize("mark", [" - ", "a - ", "- ", " © ", "© ", "1/1 - ", " (a) "])
def test_captions_of_many_marks_take_little_time(mark: str) -> None:
    line = " ".join((mark * 40_000).split())
    with at_most(2):
        assert captions.caption_and_credit(line, ALANEWS)[1] is None
        _, credit = captions.caption_and_credit(f"{line} il porto - Foto: Ansa", ALANEWS)
    assert credit == "Foto: Ansa"


def test_a_credit_ends_a_long_caption() -> None:
    words = "Il porto - il molo - la banchina " * 40 + "a sera"
    assert captions.caption_and_credit(f"{words} - Ansa", ALANEWS) == (words, "Ansa")


@given(st.text())
def test_a_caption_of_any_text_is_a_caption_or_a_credit(words: str) -> None:
    caption, credit = captions.caption_and_credit(words, ALANEWS)
    assert "" not in {caption, credit}


PICTURES = {
    f"<img src='{FILES}/a.jpg' width='800' height='600'>": (f"{FILES}/a.jpg", 800, 600),
    f"<img src='{FILES}/a-300x200.jpg' width=300 height=200>": (
        f"{FILES}/a-300x200.jpg", None, None,
    ),
    f"<a href='{FILES}/a.jpg'><img src='{FILES}/a-300x200.jpg' width=300></a>": (
        f"{FILES}/a.jpg", None, None,
    ),
    f"<a href='{SITE}/esteri/x-y/'><img src='{FILES}/a.jpg'></a>": (f"{FILES}/a.jpg", None, None),
    f"<img src='{FILES}/jeg-empty.png' data-src='{FILES}/a.jpg'>": (f"{FILES}/a.jpg", None, None),
    f"<img src='data:image/gif;base64,R' data-lazy-src='{FILES}/a.jpg'>": (
        f"{FILES}/a.jpg", None, None,
    ),
    f"<img src='{FILES}/a-1.jpg' srcset='{FILES}/a-1.jpg 300w, {FILES}/a.jpg 1200w'>": (
        f"{FILES}/a.jpg", None, None,
    ),
    f"<img src='{FILES}/a-1.jpg' srcset='{FILES}/a-1.jpg 300w,{FILES}/a.jpg 1200w'>": (
        f"{FILES}/a.jpg", None, None,
    ),
    f"<img src='{FILES}/a.jpg' srcset='' width='100%' height='1'>": (f"{FILES}/a.jpg", None, None),
    f"<img src='{FILES}/a.jpg' srcset='x, , 3w, y zw, {FILES}/b.jpg 2x'>": (
        f"{FILES}/b.jpg", None, None,
    ),
    "<img src='/wp-content/Foto%20A.JPG?resize=1'>": (
        f"{SITE}/wp-content/Foto%20A.JPG", None, None,
    ),
    "<img src='//i0.wp.com/x/a.jpg?w=1'>": ("https://x/a.jpg", None, None),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), PICTURES.items())
def test_the_largest_file_is_taken(markup: str, expected: tuple[Any, ...]) -> None:
    found = image(markup)
    assert found is not None
    assert (found.url, found.width, found.height) == expected


@pytest.mark.parametrize(
    "markup", ["<img>", "<img src=''>", "<img src='/x/jeg-empty.png'>", "<img src='javascript:x'>"]
)
def test_what_shows_nothing_is_no_picture(markup: str) -> None:
    assert image(markup) is None


@pytest.mark.parametrize(
    ("url", "provider"),
    [
        ("https://www.youtube.com/embed/x", "youtube"),
        ("https://youtu.be/x", "youtube"),
        ("https://player.vimeo.com/video/1", "vimeo"),
        ("https://geo.dailymotion.com/player.html?video=x", "dailymotion"),
        ("https://www.facebook.com/plugins/video.php?href=x", "facebook"),
        ("https://x.it/a.mp4?t=1", "file"),
        ("https://x.it/a.webm", "file"),
        ("https://youtube.com.example.com/x", None),
        ("https://notyoutube.com/x", None),
        ("https://example.com/?u=https://www.youtube.com/", None),
        ("nonsense", None),
    ],
)
def test_provider(url: str, provider: str | None) -> None:
    assert media.provider(url) == provider


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (
            "<iframe src='//www.youtube.com/embed/x' title=' Il\u00a0video '></iframe>",
            ("https://www.youtube.com/embed/x", "youtube", "Il video"),
        ),
        (
            "<iframe src='about:blank' data-src='https://vimeo.com/1'></iframe>",
            ("https://vimeo.com/1", "vimeo", None),
        ),
        ("<video src='/a.mp4'></video>", (f"{SITE}/a.mp4", "file", None)),
        ("<video><source src='/a.mp4'></video>", (f"{SITE}/a.mp4", "file", None)),
        ("<video src='/stream'></video>", (f"{SITE}/stream/", "file", None)),
    ],
)
def test_video(markup: str, expected: tuple[Any, ...]) -> None:
    found = media.video(element(markup, "iframe, video"), URLS, HERE)
    assert found is not None
    assert (found.url, found.provider, found.title) == expected


@pytest.mark.parametrize(
    "markup",
    ["<iframe></iframe>", "<iframe src='https://maps.google.com/'></iframe>", "<video></video>"],
)
def test_other_frames_are_no_videos(markup: str) -> None:
    assert media.video(element(markup, "iframe, video"), URLS, HERE) is None


class Page:
    """What is above the text on a page with this body and these meta tags."""

    def __init__(self, body: str, head: str = "") -> None:
        root = Selector(text=f"<html><head>{head}</head><body>{body}</body></html>").root
        self.lead = LeadMedia(ThemeElements(root).by_name, URLS, HERE)
        self.meta, self.jsonld = Meta(root), JsonLd(root)
        self.notes: dict[str, str] = {}

    def image(self) -> Image | None:
        return self.lead.image(self.meta, self.jsonld, self.notes.__setitem__)


def framed(inner: str, caption: str = "") -> str:
    words = f"<p class='wp-caption-text'>{caption}</p>" if caption else ""
    return (
        f"<div class='jeg_featured featured_image'><a href='{FILES}/a.jpg'>"
        f"<div class='thumbnail-container'>{inner}</div>{words}</a></div>"
    )


LAZY = (
    f"<img src='/jeg-empty.png' data-src='{FILES}/a-750x375.jpg' data-srcset='' alt='La premier'>"
)
JSONLD = f"""<script type='application/ld+json'>
{{"@type": "Article", "image": "{FILES}/ld.jpg"}}</script>"""
OG = f"<meta property='og:image' content='{FILES}/og.jpg'>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (framed(LAZY, "Al vertice | Ansa"), ("Al vertice", "Ansa", "La premier")),
        # A credit alone leaves the picture's own words as its caption (seed article).
        (framed(LAZY, "Ansa"), ("La premier", "Ansa", "La premier")),
        (framed(LAZY, "Al vertice"), ("Al vertice", None, "La premier")),
        (framed(LAZY), (None, None, "La premier")),
        (
            framed(f"<div class='lazyload' title='La premier' data-bgset='{FILES}/a-1.jpg'></div>"),
            (None, None, "La premier"),
        ),
        (
            (
                "<div class='jeg_featured_bg'><div class='jeg_featured_img' style="
                f"'background-image: url({FILES}/a.jpg)'></div></div>"
            ),
            (None, None, None),
        ),
        (
            f"<div class='jeg_featured_bg'><img src='{FILES}/a.jpg' alt='x'></div>",
            (None, None, "x"),
        ),
    ],
)
def test_the_lead_image_is_the_full_file_in_every_template(
    body: str, expected: tuple[str | None, ...]
) -> None:
    page = Page(body, OG)
    found = page.image()
    assert found is not None
    assert found.url == f"{FILES}/a.jpg"
    assert (found.caption, found.credit, found.alt) == expected
    assert page.notes == {"image": "visible"}


@pytest.mark.parametrize(
    ("head", "url", "source"),
    [
        (OG, f"{FILES}/og.jpg", "meta"),
        (
            JSONLD,
            f"{FILES}/ld.jpg",
            "jsonld",
        ),
    ],
)
def test_an_empty_frame_leaves_the_word_to_metadata(head: str, url: str, source: str) -> None:
    page = Page("<div class='jeg_featured featured_image'></div>", head)
    found = page.image()
    assert found is not None
    assert (found.url, page.notes) == (url, {"image": source})


def test_no_image_at_all() -> None:
    page = Page("<div class='jeg_featured featured_image'></div>")
    assert page.image() is None
    assert page.notes == {}


@pytest.mark.parametrize(("name", "size"), [("a", (1200, 800)), ("other", (None, None))])
def test_a_size_counts_only_for_the_same_file(name: str, size: tuple[int | None, ...]) -> None:
    head = (
        f"<meta property='og:image' content='{FILES}/{name}.jpg'>"
        "<meta property='og:image:width' content='1200'>"
        "<meta property='og:image:height' content='800'>"
    )
    found = Page(framed(LAZY), head).image()
    assert found is not None
    assert (found.width, found.height) == size


def test_a_gallery_is_all_its_pictures_and_leads_with_the_first() -> None:
    anchors = "".join(f"<a href='{FILES}/{one}.jpg'>{one}</a>" for one in ("22", "23"))
    page = Page(f"<div class='jeg_featured'><div class='featured_gallery'>{anchors}</div></div>")
    found = page.image()
    assert found is not None
    assert found.url == f"{FILES}/22.jpg"
    assert [one.url for one in page.lead.gallery()] == [f"{FILES}/22.jpg", f"{FILES}/23.jpg"]


def film(inner: str) -> str:
    return f"<div class='jeg_featured_video_wrapper'>{inner}</div>"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            "<div class='youtube-class' data-src='https://youtu.be/x'><div></div></div>",
            ("https://youtu.be/x", "youtube"),
        ),
        (
            "<div data-src='https://v.example.com/x' data-type='house\u2028\u202e player'></div>",
            ("https://v.example.com/x", "house player"),
        ),
        (
            "<iframe src='https://player.vimeo.com/video/1'></iframe>",
            ("https://player.vimeo.com/video/1", "vimeo"),
        ),
        ("<video poster='/p.jpg'><source src='/a.mp4'></video>", (f"{SITE}/a.mp4", "file")),
    ],
)
def test_a_featured_video(inner: str, expected: tuple[str, str]) -> None:
    assert [(one.url, one.provider) for one in Page(film(inner)).lead.videos()] == [expected]


def test_a_poster_is_the_image_where_nothing_else_is() -> None:
    body = film("<video poster='/p.jpg'><source src='/a.mp4'></video>")
    without, stated = Page(body).image(), Page(body, OG).image()
    assert without is not None
    assert stated is not None
    assert (without.url, stated.url) == (f"{SITE}/p.jpg", f"{FILES}/og.jpg")
