"""Article or not, on pages of unknown layouts: what metadata, address and elements say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import trafilatura

from newscrawl import extract
from tests.support.labelled_pages import LabelledPage, labelled_pages

SITE = "https://www.ilfaro.example"
ARTICLE = f"{SITE}/porto/il-molo-nuovo-apre-sabato/"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TITLE = "Il molo nuovo apre"
FIRST = "Il molo nuovo apre sabato mattina, con due mesi di ritardo sul calendario dei lavori."
SECOND = "La capitaneria ha collaudato le bitte e le luci, e il comune ha posato le panchine."
# Fifteen words.
SHORT = "Il molo nuovo resta chiuso oggi e domani per il mare mosso, avverte la capitaneria locale."
LONG = f"<p>{FIRST}</p><p>{SECOND}</p><p>{FIRST} {SECOND}</p>"
DATE = "<time datetime='2026-11-20T08:00:00+01:00'>20 novembre 2026</time>"
STORY = f"<article><h1>{TITLE}</h1>{DATE}{LONG}</article>"
OG = "<meta property='og:type' content='article'>"
CARDS = "".join(
    f"<article><h2><a href='/porto/titolo-numero-{n}/'>Titolo {n}</a></h2>{DATE}<p>{FIRST}</p>"
    "</article>"
    for n in range(4)
)


def typed(*kinds: str, **values: Any) -> str:
    objects = [{"@type": kind, "headline": TITLE, **values} for kind in kinds]
    return f"<script type='application/ld+json'>{json.dumps(objects)}</script>"


def is_article(main: str, url: str = ARTICLE, head: str = "", classes: str = "") -> bool:
    html = (
        f"<!doctype html><html lang='it'><head><title>{TITLE}</title>{head}</head>"
        f"<body class='{classes}'><main>{main}</main></body></html>"
    )
    return extract(html, url, fetched_at=NOW) is not None


@pytest.mark.parametrize(
    ("main", "url", "head"),
    [
        (STORY, ARTICLE, ""),
        (STORY.replace("article>", "div>"), ARTICLE, ""),
        (STORY, f"{SITE}/molo-nuovo/", ""),
        (STORY, f"{SITE}/2026/il-molo-nuovo/", ""),
        (STORY, f"{SITE}/molo-nuovo.html", ""),
        (STORY, f"{SITE}/molo/", OG),
        (STORY, f"{SITE}/molo/", typed("NewsArticle")),
        (STORY, f"{SITE}/molo/", typed("NewsArticle", "FAQPage") + OG),
        (f"<article><h1>{TITLE}</h1>{LONG}</article>", ARTICLE, ""),
        (f"<article><h1>{TITLE}</h1>{DATE}<p>{SHORT}</p></article>", ARTICLE, ""),
        (f"<article><h1>{TITLE}</h1><p>{SHORT}</p></article>", ARTICLE, OG),
        (f"{STORY}{CARDS}", ARTICLE, ""),
    ],
)
def test_evidence_makes_an_article(main: str, url: str, head: str) -> None:
    assert is_article(main, url, head)


@pytest.mark.parametrize(
    ("main", "url", "head"),
    [
        (f"<h1>Porto</h1>{CARDS}", ARTICLE, ""),
        (f"<h1>Porto</h1>{CARDS}", f"{SITE}/category/porto/", OG),
        (f"<h1>Porto</h1>{CARDS}", ARTICLE, OG + typed("CollectionPage")),
        (f"<h1>Risultati</h1>{CARDS}", f"{SITE}/?s=molo", OG),
        (f"<h1>Risultati per molo</h1>{LONG}", ARTICLE, typed("SearchResultsPage")),
        (f"<h1>Anna Berti</h1>{LONG}", f"{SITE}/author/anna-berti/", OG),
        (f"<article><h1>Anna Berti</h1>{LONG}</article>", ARTICLE, typed("ProfilePage")),
        (STORY, ARTICLE, "<meta property='og:type' content='profile'>"),
        (f"<h1>Scrivici</h1><form>{LONG}<input name='a'></form>", f"{SITE}/contatti/", ""),
        (STORY, f"{SITE}/contatti/", typed("ContactPage")),
        (f"<article><h1>Chi siamo</h1>{LONG}</article>", f"{SITE}/chi-siamo/", ""),
        (f"<article><h1>{TITLE}</h1><p>{SHORT}</p></article>", ARTICLE, ""),
        (f"<article>{DATE}{LONG}</article>", ARTICLE, ""),
        (STORY, f"{SITE}/tag/molo/", ""),
        (STORY, f"{SITE}/2026/11/", ""),
    ],
)
def test_without_evidence_it_is_not_an_article(main: str, url: str, head: str) -> None:
    assert not is_article(main, url, head)


@pytest.mark.parametrize("classes", ["page", "home", "search page--article", "archive", "blog"])
def test_words_of_another_system_do_not_decide(classes: str) -> None:
    assert is_article(STORY, classes=classes)
    assert is_article(STORY, f"{SITE}/molo/", OG, classes)


def wrong(pages: list[LabelledPage], is_read: list[bool]) -> list[tuple[str, str]]:
    return [
        (page.name, "metadata" if page.has_metadata else "bare")
        for page, value in zip(pages, is_read, strict=True)
        if page.is_article != value
    ]


def test_labelled_pages_are_told_apart() -> None:
    pages = labelled_pages()
    assert sum(page.is_article for page in pages) >= 60
    assert sum(not page.is_article for page in pages) >= 60
    assert not wrong(pages, [extract(page.html, page.url) is not None for page in pages])


def test_no_length_of_text_tells_them_apart() -> None:
    pages = labelled_pages()
    lengths = [
        len((trafilatura.extract(page.html, url=page.url, include_comments=False) or "").split())
        for page in pages
    ]
    least = min(len(wrong(pages, [n >= limit for n in lengths])) for limit in range(0, 300, 10))
    assert least > len(pages) // 10
