"""Pages whose layout is not the theme's: a redesign, another theme."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from parsel import Selector

from newscrawl import extract
from newscrawl.extraction.read import open_page
from newscrawl.pages.generic import GenericArticlePage
from newscrawl.pages.jnews import JNewsArticlePage
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from newscrawl.items import Article

SITE = "https://www.alanews.it"
HERE = f"{SITE}/2026/07/04/esteri/un-titolo-qui/"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TITLE = "Nuovo accordo sulle terre rare"
FIRST = (
    "Il governo ha annunciato ieri un nuovo accordo sulle terre rare con due paesi vicini, dopo "
    "mesi di trattative che si erano arenate più volte per ragioni di bilancio e di ambiente."
)
SECOND = (
    "Secondo il ministro l’intesa riduce la dipendenza dalle importazioni e porta lavoro nelle "
    "regioni del sud, dove le miniere erano chiuse dagli anni novanta."
)
TEXT = f"<p>{FIRST}</p><h2>Le trattative</h2><p>{SECOND}</p><ul><li>Uno</li><li>Due</li></ul>"
JSONLD = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2026-07-04T08:15:30+00:00",
    "dateModified": "2026-07-05T08:15:30+00:00",
    "author": [{"@type": "Person", "name": "Anna Rossi", "url": f"{SITE}/author/anna/"}],
    "articleSection": "Esteri",
    "keywords": ["terre rare", "accordo"],
    "image": {"url": f"{SITE}/wp-content/uploads/a.jpg"},
    "isAccessibleForFree": False,
}
META = (
    f"<meta property='og:type' content='article'>"
    f"<meta property='og:title' content='{TITLE} - Alanews'>"
    "<meta property='article:published_time' content='2026-07-04T08:15:30+00:00'>"
    "<meta property='article:section' content='Esteri'><meta name='author' content='Anna Rossi'>"
    "<meta property='article:tag' content='terre rare'>"
    f"<meta property='og:image' content='{SITE}/wp-content/uploads/a.jpg'>"
)


def page(head: str = "", main: str = "", classes: str = "") -> str:
    return (
        f"<!doctype html><html lang='it-IT'><head><title>{TITLE}</title>{head}</head>"
        f"<body class='{classes}'><header><nav><a href='/esteri/'>Esteri</a></nav></header>"
        f"<main>{main}</main><footer><p>Alanews</p></footer></body></html>"
    )


def script(**changes: Any) -> str:
    source = json.dumps({**JSONLD, **changes})
    return f"<script type='application/ld+json'>{source}</script>"


STORY = f"<article><h1>{TITLE}</h1>{TEXT}</article>"


def read(html: str, url: str = HERE) -> Article:
    article = extract(html, url, fetched_at=NOW)
    assert article is not None
    return article


@pytest.mark.parametrize("head", [script(), META], ids=["jsonld", "meta"])
def test_metadata_give_what_they_state(head: str) -> None:
    article = read(page(head, STORY))
    assert article.headline == TITLE
    assert [author.name for author in article.authors] == ["Anna Rossi"]
    assert article.date_published == "2026-07-04T10:15:30+02:00"
    assert (article.section, article.sections) == ("Esteri", ["Esteri"])
    assert article.keywords[0] == "terre rare"
    assert article.image
    assert article.image.url == f"{SITE}/wp-content/uploads/a.jpg"
    assert article.language == "it"


def test_json_ld_alone_states_these() -> None:
    article = read(page(script(), STORY))
    assert article.date_modified == "2026-07-05T10:15:30+02:00"
    assert article.is_accessible_for_free is False
    assert article.authors[0].url == f"{SITE}/author/anna/"
    assert article.date_published_source == "jsonld"


def test_the_text_is_trafilaturas() -> None:
    article = read(page(script(), STORY))
    assert FIRST in article.body
    assert SECOND in article.body
    assert "Alanews" not in article.body
    assert article.provenance["body"] == "generic"
    kinds = [block.type for block in article.blocks]
    assert kinds.count("paragraph") >= 2
    for block in article.blocks:
        assert block.text or block.items


def test_it_says_how_it_was_read() -> None:
    article = read(page(script(), STORY))
    assert "body_generic" in article.flags
    assert article.extractor.endswith("GenericArticlePage")
    assert "body_generic" not in read(page(script(), THEMED, "single postid-1")).flags


THEMED = f"<h1 class='jeg_post_title'>{TITLE}</h1><div class='content-inner'>{TEXT}</div>"


@pytest.mark.parametrize(
    ("main", "classes", "expected"),
    [(STORY, "", GenericArticlePage), (THEMED, "single", JNewsArticlePage),
     (THEMED, "", GenericArticlePage), (STORY, "single single-post", GenericArticlePage)],
)  # fmt: skip
def test_the_theme_decides_who_reads(main: str, classes: str, expected: type) -> None:
    selector = Selector(text=page(script(), main, classes))
    assert type(open_page(selector, HERE, SiteUrls(ALANEWS))) is expected


def test_without_metadata_the_page_and_its_address_decide() -> None:
    article = read(page("", STORY))
    assert article.headline == TITLE
    assert (article.date_published, article.date_published_source) == ("2026-07-04", "url")
    assert article.section == "Esteri"
    assert article.flags == ["body_generic", "date_from_url"]


@pytest.mark.parametrize(
    ("main", "url"),
    [
        (STORY, f"{SITE}/chi-siamo/"),
        (STORY, f"{SITE}/category/esteri/"),
        (STORY.replace("article>", "div>"), HERE),
        (f"<article>{TEXT}</article>", HERE),
        (f"<article><h1>{TITLE}</h1><p>Poche parole.</p></article>", HERE),
    ],
    ids=["page", "archive", "no article element", "no title", "no text"],
)
def test_without_metadata_less_is_no_article(main: str, url: str) -> None:
    assert extract(page("", main), url, fetched_at=NOW) is None


CARDS = "".join(
    f"<article><h2><a href='/2026/07/0{n}/esteri/titolo-numero-{n}/'>Titolo {n}</a></h2>"
    f"<p>{FIRST}</p></article>"
    for n in range(1, 6)
)


@pytest.mark.parametrize(
    ("head", "classes", "url"),
    [
        ("", "archive category", f"{SITE}/category/esteri/"),
        (f"<link rel='canonical' href='{SITE}/category/esteri/'>", "", f"{SITE}/category/esteri/"),
        ("<meta property='og:type' content='website'>", "", f"{SITE}/esteri/page/2/"),
        (script(**{"@type": "CollectionPage"}), "", f"{SITE}/tag/a/"),
        (f"<link rel='canonical' href='{SITE}/'>", "", HERE),
    ],
)
def test_a_list_of_articles_is_no_article(head: str, classes: str, url: str) -> None:
    html = page(head, f"<h1>Esteri</h1>{CARDS}", classes)
    assert extract(html, url, fetched_at=NOW) is None


@pytest.mark.parametrize("title", ["Pagina non trovata", "Page not found", "404", "Errore 404"])
@pytest.mark.parametrize("head", ["", META.replace(TITLE, "Alanews")])
def test_a_soft_404_is_no_article(title: str, head: str) -> None:
    html = page(head, f"<article><h1>{title}</h1>{TEXT}</article>").replace(
        f"<title>{TITLE}", f"<title>{title}"
    )
    assert extract(html, HERE, fetched_at=NOW) is None
