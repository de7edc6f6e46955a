"""Broken pages: whatever is on them, reading ends, and what it returns is an article."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.dumps.checking.article_rules import faults_of_article
from newscrawl.dumps.checking.schema_check import schema_faults
from tests.support import seed_pages
from tests.support.cost import at_most
from tests.support.generated import some_pages
from tests.support.page_mutations import KINDS, Change, mutate, mutations
from tests.support.seed_pages import SeedPage, article_of, seed_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.items import Article

PAGE = st.sampled_from(seed_pages.NAMES)
PATHS = ("2026/11/20/esteri/un-titolo-qui/", "esteri/un-titolo-qui/")
MOST_SECONDS = 5
"""Processor time for a page that takes 0.05 seconds unbroken."""


def check(page: SeedPage, html: str) -> Article | None:
    """Return the article that is read of `html`; fail where it is not a valid one."""
    with at_most(MOST_SECONDS):
        article = page.extract(html)
    if article is not None:
        record = json.loads(json.dumps(asdict(article), ensure_ascii=False).encode())
        assert not [*schema_faults(record)]
        assert not [*faults_of_article(article)]
        # After `plaintext` entities are text as they are written.
        assert len(article.body) <= len(escape(html))
    return article


@some_pages(30)
@given(PAGE, mutations())
@example("jnews 0", [Change("insert text", 28, 2_212), Change("nest", 0, 1_961_181)])
def test_any_broken_page_is_an_article_or_none(name: str, changes: list[Change]) -> None:
    page = seed_page(name)
    check(page, mutate(page.html, changes))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_change_changes_a_page(kind: str) -> None:
    html = seed_page("jnews 0").html
    assert any(mutate(html, [Change(kind, 1_000, way)]) != html for way in range(300, 310))


CONTROLS = {
    "theme": "<div class='content-inner'><p>Il testo.</p></div>Altro\x0b testo.",
    "bare theme": "<div class='content-inner'>Il\x0b testo.</div> Altro testo.",
    "core": "<div class='entry-content'>Il testo. <p class='byline'>x</p>Altro\x0b testo.</div>",
    "bare core": "<div class='entry-content'><p class='entry-meta'>x</p>Il testo. Altro\x0b testo.",
}


@pytest.mark.parametrize("kind", CONTROLS)
def test_text_with_control_characters_may_be_moved(kind: str) -> None:
    html = (
        "<html><body class='single single-post postid-7'><div class='post-wrap'>"
        f"<h1 class='jeg_post_title entry-title'>Un titolo</h1>{CONTROLS[kind]}"
    )
    article = check(SeedPage(html, f"https://www.alanews.it/{PATHS[0]}"), html)
    assert article is not None
    assert article.body.split() == ["Il", "testo.", "Altro", "testo."]


# Each took half a minute, or more levels of calls than Python allows.
REPEATED = {
    "nested tables": "<table><tr><td>",
    "nested lists": "<ul><li>",
    "nested quotations": "<blockquote>",
    "nested divisions": "<div>",
    "bylines": "<span class='author vcard'>",
    "signs": ".,;:!? ",
    "line breaks": "Una frase.<br><br>",
    "labels": "<p>Leggi anche: <a href='/x/'>Un titolo</a></p>",
}


@pytest.mark.parametrize("name", ["jnews 0", "block-none 0", "short news/metadata 0"])
@pytest.mark.parametrize("kind", REPEATED)
@pytest.mark.soak
def test_what_is_repeated_takes_time_in_proportion(kind: str, name: str) -> None:
    page, article = seed_page(name), article_of(name)
    assert article is not None
    start = (article.blocks[0].text or "")[:30]
    before, text, after = page.html.partition(start)
    assert text
    html = before + REPEATED[kind] * 500 + text + after
    check(page, html)


# JSON-LD.

KEYS = (
    *("@type", "@id", "@graph", "@context", "headline", "datePublished", "dateModified", "author"),
    *("name", "url", "image", "keywords", "articleSection", "mainEntityOfPage", "publisher"),
    *("isAccessibleForFree", "isPartOf", "description", "articleBody", "video", "width", "@list"),
    *("@value", "liveBlogUpdate", "sameAs", "inLanguage", "logo"),
)  # fmt: skip
TEXTS = (
    *("NewsArticle", "Person", "VideoObject", "WebPage", "BreadcrumbList", "LiveBlogPosting", "#a"),
    *("https://www.alanews.it/a/", "//x", "http://[", "2026-11-20T08:00:00+01:00", "2026-13-40"),
    *("<b>Titolo</b>", "&amp;#39;", "Di Anna Berti e Ugo Lari", "\ud800", "a,b;c|d"),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -(10**30), 1e308, float("nan"), float("inf"), 0.1]),
    st.text(max_size=20),
    st.sampled_from(TEXTS),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    ),
    max_leaves=25,
)
ARTICLES = st.fixed_dictionaries(
    {"@type": st.sampled_from(["NewsArticle", ["Thing", "BlogPosting"], "Article"])},
    optional={key: VALUES for key in KEYS if key != "@type"},
)


def with_jsonld(html: str, source: str) -> str:
    """Return a page with a script of JSON-LD in front of its own."""
    script = f"<script type='application/ld+json'>{source}</script>"
    return html.replace("</title>", f"</title>{script}", 1)


@some_pages(15)
@given(PAGE, st.one_of(VALUES, ARTICLES, st.lists(ARTICLES, max_size=3)), st.data())
def test_any_jsonld_is_survived(name: str, value: Any, data: st.DataObject) -> None:
    page = seed_page(name)
    source = json.dumps(value, ensure_ascii=data.draw(st.booleans(), label="is escaped"))
    cut = data.draw(st.one_of(st.none(), st.integers(0, len(source))), label="cut")
    lost = data.draw(st.one_of(st.none(), st.integers(0, len(source))), label="lost sign")
    source = source if lost is None else source[:lost] + source[lost + 1 :]
    check(page, with_jsonld(page.html, source[:cut]))


@some_pages(15)
@given(PAGE, mutations(most=6))
def test_any_broken_jsonld_is_survived(name: str, changes: list[Change]) -> None:
    page = seed_page(name)
    before, opening, rest = page.html.partition("application/ld+json")
    source, closing, after = rest.partition("</script>")
    check(page, f"{before}{opening}{mutate(source, changes)}{closing}{after}")


# Dates.

DATE_PARTS = st.sampled_from(
    (
        *("2026", "26", "0000", "99999", "11", "13", "32", "00", "-", "/", ".", ":", "T", "Z"),
        *("+01:00", "+99:99", " ", "novembre", "nov", "lunedì", "sabato", "ieri", "oggi", "ore"),
        *("alle", "h", "fa", "2 ore", "3 giorni", "999999999 anni", "un'ora", "mezzanotte", "1°"),
        *("°", "PM", "mezzogiorno"),
        *("Aggiornato", "Pubblicato il", "CET", "GMT", "EST", "²", "\u0663", "\u00a0"),
        *("&#8211;", "e", ","),
    )
)  # fmt: skip
STATED = (
    *("2026-11-20T08:00:00+01:00", "20 Novembre 2026, 08:00", "Ven, 20 Nov 2026 08:00:00 +0100"),
    *("20/11/2026 8.00", "Aggiornato il 20 novembre 2026 alle ore 8", "2 ore fa", "1795158000"),
)
DATES = st.one_of(
    st.text(max_size=40),
    st.lists(DATE_PARTS, max_size=12).map("".join),
    st.lists(DATE_PARTS, max_size=12).map(" ".join),
    st.tuples(st.sampled_from(STATED), st.integers(0, 40), st.text(max_size=3)).map(
        lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] + 1 :]
    ),
    st.datetimes().map(str),
)


def dated(published: str, modified: str, shown: str) -> str:
    """Return a page of the theme with dates in each place that has one."""
    stated = {"@type": "NewsArticle", "datePublished": published, "dateModified": modified}
    source = json.dumps(stated).replace("<", "\\u003c")
    values = [escape(value) for value in (published, modified, shown)]
    return (
        f"<html><head><meta property='article:published_time' content='{values[0]}'>"
        f"<meta property='article:modified_time' content='{values[1]}'>"
        f"<script type='application/ld+json'>{source}</script></head>"
        "<body class='single single-post postid-7'><div class='post-wrap'>"
        "<h1 class='jeg_post_title'>Un titolo</h1><div class='jeg_meta_container'>"
        f"<div class='jeg_meta_date'>{values[2]}</div></div><div class='content-inner'>"
        f"<p>Roma, {values[2]} - Il testo.</p></div><div class='jnews_related_post_container'>"
        "<article class='jeg_post'><h3 class='jeg_post_title'><a href='/esteri/altro-titolo/'>"
        f"Altro</a></h3><div class='jeg_meta_date'>{values[2]}</div></article></div></div>"
    )


def plain(published: str, modified: str, shown: str) -> str:
    """Return a page of another layout with dates in each place that has one."""
    html = dated(published, modified, shown)
    for name in ("single", "single-post", "postid-7", "content-inner", "jeg_meta_date", "jeg"):
        html = html.replace(name, "x")
    text = "La giunta ha approvato il piano per la nuova strada lungo il torrente. " * 8
    return html.replace("Il testo.", f"Il testo.</p><p><time>{escape(shown)}</time></p><p>{text}")


@some_pages(30)
@given(DATES, DATES, DATES, st.sampled_from([dated, plain]))
def test_dates_of_any_text_are_valid(
    published: str, modified: str, shown: str, layout: Callable[[str, str, str], str]
) -> None:
    html = layout(published, modified, shown)
    for url in (
        "https://www.alanews.it/2026/11/20/esteri/un-titolo-qui/",
        "https://a.example/x-y-z/",
    ):
        check(SeedPage(html, url), html)
