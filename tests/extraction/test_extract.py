"""One page to one finished article, whatever the page."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import newscrawl
from newscrawl import extract
from newscrawl.items import ARTICLE_FIELDS, Article

SITE = "https://www.alanews.it"
HERE = f"{SITE}/2026/07/04/esteri/un-titolo-qui/"
NOW = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)


def page(
    text: str = "Città", *, body: str = "<p>Il testo.</p>", head: str = "", end: str = "</html>"
) -> str:
    """Return an article page of the theme with `text` in each of its places."""
    return f"""<!doctype html><html lang="it-IT"><head>{head}<title>{text}</title></head>
<body class="single single-post postid-4711 single-format-video"><div class="jeg_viewport">
<div class="post-wrapper"><div class="post-wrap"><div class="jeg_main">
<div class="jeg_breadcrumbs"><div id="breadcrumbs"><a href="/">Home</a>
<a href="/x/">{text}</a></div></div>
<div class="entry-header"><h1 class="jeg_post_title">{text}</h1>
<h2 class="jeg_post_subtitle">{text}</h2><div class="jeg_meta_container">
<div class="jeg_meta_author">by <a href="/author/a/">{text}</a></div>
<div class="jeg_meta_date"><a>16 Luglio 2026</a></div>
<div class="jeg_meta_category"><a>{text}</a></div></div></div>
<div class="jeg_featured featured_image"><a href="/a.jpg"><img src="/a.jpg" alt="{text}">
<p class="wp-caption-text">{text} | {text}</p></a></div>
<div class="jeg_featured_video_wrapper"><div data-src="https://v.example.com/x" data-type="{text}">
</div></div><div class="content-inner">{body}
<div class="jeg_post_tags"><a rel="tag" href="/tag/a/">{text}</a></div></div>
<div class="jnews_related_post_container"><article class="jeg_post"><div class="jeg_thumb">
<img alt="{text}"></div><div class="jeg_post_category"><a>{text}</a></div>
<h3 class="jeg_post_title"><a href="/esteri/altro-titolo/">{text}</a></h3>
<div class="jeg_meta_date">{text}</div></article></div></div></div></div></div></body>{end}"""


def read(html: str | bytes, url: str = HERE, fetched_at: datetime = NOW) -> Article:
    article = extract(html, url, fetched_at=fetched_at)
    assert article is not None
    return article


def test_an_article_has_all_its_fields_in_order() -> None:
    article = read(page())
    assert tuple(asdict(article)) == ARTICLE_FIELDS
    assert (article.id, article.url, article.headline) == ("alanews:4711", HERE, "Città")
    assert (article.body, article.word_count, article.format) == ("Il testo.", 2, "video")
    assert (article.date_published, article.date_modified) == ("2026-07-04", "2026-07-16")
    assert article.extractor == f"newscrawl/{newscrawl.__version__} JNewsArticlePage"


@pytest.mark.parametrize(
    "moment", [NOW, NOW.astimezone(timezone(timedelta(hours=9))), NOW.replace(microsecond=999_999)]
)
def test_the_fetch_is_dated_in_utc(moment: datetime) -> None:
    article = read(page(), fetched_at=moment)
    assert article.fetched_at == article.first_seen_at == "2026-11-23T09:00:01Z"


def test_a_fetch_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        extract(page(), HERE, fetched_at=datetime(2026, 11, 23))  # noqa: DTZ001 - the mistake itself


def test_a_fetch_without_a_date_is_now() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    article = extract(page(), HERE)
    assert article
    assert article.fetched_at
    assert before <= datetime.fromisoformat(article.fetched_at) <= datetime.now(UTC)


@pytest.mark.parametrize(
    ("charset", "head"),
    [
        ("utf-8", ""),
        ("utf-8", "<meta charset='utf-8'>"),
        ("utf-8-sig", "<meta charset='iso-8859-1'>"),
        ("cp1252", "<meta charset='windows-1252'>"),
        ("cp1252", "<meta charset='iso-8859-1'>"),
        ("cp1252", "<meta http-equiv='Content-Type' content='text/html; charset=windows-1252'>"),
        ("utf-16", ""),
    ],
)
def test_bytes_are_decoded_as_a_browser_does(charset: str, head: str) -> None:
    assert read(page("Città – “perché”", head=head).encode(charset)).headline == "Città – “perché”"


def test_bytes_and_text_are_one_article() -> None:
    assert read(page()) == read(page().encode())


@pytest.mark.parametrize(
    "html",
    ["", " \n", b"", b"\xef\xbb\xbf", "\x00", b"\x00" * 10, b"\xff\xfe", b"\x89PNG\r\n\x1a\n" * 9,
     b"%PDF-1.4", bytes(range(256)), "{}", "<!-- x -->", "<?xml version='1.0'?>", "<", "&",
     "\ud800", "<html>", "<frameset><frame></frameset>", "<!doctype html>"],
)  # fmt: skip
def test_what_is_no_page_is_no_article(html: str | bytes) -> None:
    assert extract(html, HERE, fetched_at=NOW) is None


@pytest.mark.parametrize(
    "url", ["http://[::1", "", "nonsense", "mailto:a@b.it", "https://x.it/?p=1"]
)
def test_any_address_is_survived(url: str) -> None:
    extract(page(), url, fetched_at=NOW)
    extract(page().replace("content-inner", "x"), url, fetched_at=NOW)


def test_the_twin_names_the_live_site() -> None:
    article = read(page(), HERE.replace(SITE, "http://127.0.0.1:8000"))
    assert article == read(page())


@pytest.mark.parametrize("missing", ["headline", "body"])
def test_an_article_without_headline_or_body_is_none(missing: str) -> None:
    html = page("") if missing == "headline" else page(body="")
    assert extract(html, HERE, fetched_at=NOW) is None


PAGES = (
    "<div class='jeg_pagelinks'><span class='page_info'>Page 1 of 2</span>"
    f"<a class='page_number' href='{HERE}2/'>2</a></div>"
)
WORDPRESS = (
    "<p class='post-nav-links'>Pagine: <span class='post-page-numbers current'>"
    "<span class='page_number'>1</span></span> "
    f"<a href='{HERE}2/' class='post-page-numbers'><span class='page_number'>2</span></a></p>"
)
SCRIPTED = WORDPRESS.replace(f"href='{HERE}2/'", "href='#' data-page='2'").replace(
    "<p class='post-nav-links'>Pagine: ", "<div class='page-links'>Page 1 "
)


@pytest.mark.parametrize(
    ("html", "flags"),
    [
        (page(), ["date_from_url"]),
        (page(body=f"<p>Uno.</p>{WORDPRESS}"), ["date_from_url", "truncated"]),
        (page(body=f"<p>Uno.</p>{SCRIPTED}"), ["date_from_url", "truncated"]),
        (page(body="<p>Uno.</p><div class='page-links'>Pagina 1</div>"), ["date_from_url"]),
        (page(body=f"<p>Uno.</p>{PAGES}"), ["date_from_url", "truncated"]),
        (page(end=""), ["date_from_url", "truncated"]),
        (page().partition('<div class="jnews_related')[0], ["date_from_url", "truncated"]),
    ],
    ids=[
        "whole",
        "in pages of WordPress",
        "in pages by a script",
        "in one page",
        "in pages",
        "cut at the end",
        "cut in the middle",
    ],
)
def test_what_is_not_all_there_is_flagged(html: str, flags: list[str]) -> None:
    article = read(html)
    assert article.flags == flags
    assert "Page 1" not in article.body
    assert "Pagin" not in article.body


def test_text_lost_to_deep_nesting_is_flagged() -> None:
    body = f"<p>Uno.</p>{'<div>' * 5_000}<p>Due.</p>{'</div>' * 5_000}"
    article = extract(page(body=body), HERE, fetched_at=NOW)
    assert article is None or "Due." in article.body or "truncated" in article.flags


HOSTILE = "a\x00\x07\x1b[31mb\x85\u2028c\u2029\u202e\ufeff\u200b\u00add\r\n\tè"
CLEAN = "a[31mb c d è"
JSONLD = """<script type="application/ld+json">{"@type": "NewsArticle",
"headline": "%(t)s", "datePublished": "2026-07-04T10:00:00+02:00%(t)s",
"dateModified": "2026-07-05T10:00:00+02:00 %(t)s", "keywords": ["%(t)s"],
"articleSection": ["%(t)s"], "image": "https://x.example.com/%(t)s.jpg",
"author": [{"name": "%(t)s", "url": "https://www.alanews.it/author/%(t)s/"}]}</script>"""
META = "".join(
    f"<meta property='{name}' content='{HOSTILE}'>"
    for name in ("og:title", "article:section", "article:tag", "robots", "tdm-policy", "og:image")
)
BODY = "".join(
    template % HOSTILE
    for template in (
        "<p>%s</p>", "<h2>%s</h2>", "<ul><li>%s</li></ul>", "<blockquote>%s</blockquote>",
        "<table><tr><td>%s</td></tr></table>", "<pre>%s</pre>",
        "<blockquote class='twitter-tweet'>%s</blockquote>",
        "<figure><img src='/b.jpg' alt='%s'></figure>",
        "<figure><img src='/c.jpg'><figcaption>%s</figcaption></figure>",
        "<p><a href='https://x.example.com/%s'>x</a></p>",
        "<iframe src='https://www.youtube.com/embed/%s' title='x'></iframe>",
    )
)  # fmt: skip


def texts(value: object) -> list[str]:
    """Return every text within a value."""
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def assert_clean(article: Article) -> None:
    """Check that an article is one line of JSON without anything unseen."""
    line = json.dumps(asdict(article), ensure_ascii=False)
    assert len(line.splitlines()) == 1
    line.encode("utf-8")
    for text in texts(asdict(article)):
        bad = {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(one) for one in text if one != "\n"}
        assert not bad, ascii(text)
        assert not {*"\u202e\ufeff\u200b\u00ad"} & {*text}, ascii(text)


class TestHostileCharacters:
    def test_in_every_text_of_a_page(self) -> None:
        article = read(page(HOSTILE, body=BODY, head=META))
        assert_clean(article)
        assert article.headline == CLEAN
        assert article.subtitle == CLEAN
        assert article.authors[0].name == CLEAN
        assert article.related[0].headline == CLEAN
        assert article.keywords == [CLEAN]
        assert article.blocks[0].text == CLEAN

    @pytest.mark.parametrize(
        "text", ["\\u0000\\u2028\\u0085x", "\\ud800", "\\u202e\\u001b[31m", "\\n\\r"]
    )
    @pytest.mark.parametrize("title", ["Un titolo", ""])
    def test_in_json_ld(self, title: str, text: str) -> None:
        html = page("x", head=JSONLD % {"t": text}).replace(">x</h1>", f">{title}</h1>")
        for source in (html, html.replace("jeg_meta_author", "").replace("featured_image", "")):
            article = extract(source, HERE, fetched_at=NOW)
            if article is not None:
                assert_clean(article)

    def test_formulas_stay_verbatim(self) -> None:
        assert read(page('=HYPERLINK("x")')).headline == '=HYPERLINK("x")'


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            ["<html>", "<body class='single postid-1'>", "<div class='content-inner'>", "</div>",
             "<h1 class='jeg_post_title'>", "<p>", "<article>", "<h1>", "<script>", "<!--", "-->",
             "<svg>", "<template>", "<div class='jeg_meta_container jeg_meta_date'>", "</html>",
             "<link rel='canonical' href='//['>", "<base href='http://['>", "<a href='http://['>",
             "<meta property='og:type' content='article'>", "<img src='//['>", "<iframe src='//['>",
             "<script type='application/ld+json'>{\"@type\":\"Article\"}</script>"]
        ),
        st.text(st.characters(exclude_categories=()), max_size=20),
    ),
    max_size=15,
).map("".join)  # fmt: skip


@given(st.one_of(MARKUP, st.text(st.characters(exclude_categories=()))))
@example("<a>\ud800")
def test_no_text_raises(html: str) -> None:
    article = extract(html, HERE, fetched_at=NOW)
    if article is not None:
        assert_clean(article)


@given(st.binary())
def test_no_bytes_raise(html: bytes) -> None:
    extract(html, HERE, fetched_at=NOW)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_of_an_article_raises(text: str) -> None:
    article = extract(page(text, body=f"<p>{text}</p><p>fine</p>"), HERE, fetched_at=NOW)
    if article is not None:
        assert_clean(article)


_PAGE = """<html lang="it"><head><title>Il porto riapre - Giornale</title>{}
<meta property="article:published_time" content="2026-11-20T10:00:00+01:00"></head>
<body class="single single-post postid-7"><article class="post-7 post"><h1 class="entry-title">
Il porto riapre</h1><div class="entry-content"><p>Il porto ha riaperto alle navi dopo tre mesi.</p>
<p>La <a href="/cronaca/il-molo-e-chiuso/">notizia del molo</a> era nota da giorni, in paese.</p>
</div></article></body></html>"""


@pytest.mark.parametrize(
    ("url", "canonical", "expected"),
    [
        ("http://g.example/sport/il-porto-riapre/", "", "http://g.example/sport/il-porto-riapre/"),
        ("https://g.example/sport/il-porto-riapre", "", "https://g.example/sport/il-porto-riapre/"),
        # The page says that the site is served by https, and has no slashes.
        ("http://g.example/sport/il-porto-riapre/", "https://g.example/sport/il-porto-riapre",
         "https://g.example/sport/il-porto-riapre"),
        ("http://g.example/il-porto-riapre.html", "http://g.example/il-porto-riapre.html",
         "http://g.example/il-porto-riapre.html"),
        ("http://g.example/sport/il-porto-riapre/", "https://other.example/sport/il-porto",
         "http://g.example/sport/il-porto-riapre/"),
    ],
)  # fmt: skip
def test_addresses_have_the_scheme_and_the_form_of_the_site(
    url: str, canonical: str, expected: str
) -> None:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    article = extract(_PAGE.format(link), url)
    assert article is not None
    assert article.url == expected
    scheme = expected.partition("://")[0]
    assert [entry.url.partition("://")[0] for entry in article.links] == [scheme]


PAID = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Il molo riapre",'
    ' "isAccessibleForFree": false, "datePublished": "2026-11-20T08:00:00+01:00"}</script>'
)
SIGN_IN = "<form action='/login'><input name='u'><input type='password' name='p'></form>"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Accedi per continuare a leggere.", None),
        ("Il molo vecchio riapre dopo tre anni.", "Il molo vecchio riapre dopo tre anni."),
    ],
)
def test_a_form_to_sign_in_is_below_a_teaser_or_in_its_place(text: str, body: str | None) -> None:
    html = (
        f"<html lang='it'><head><title>Il molo riapre</title>{PAID}</head>"
        "<body class='single single-post postid-7'><h1 class='entry-title'>Il molo riapre</h1>"
        f"<div class='entry-content'><p>{text}</p>{SIGN_IN}</div></body></html>"
    )
    article = extract(html, HERE, fetched_at=NOW)
    assert (article.body if article else None) == body
