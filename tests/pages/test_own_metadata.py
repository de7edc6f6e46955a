"""Which object of a page's JSON-LD speaks for its article."""

from __future__ import annotations

import json
from typing import Any

import pytest
from parsel import Selector

from newscrawl.pages.jsonld_source import decode
from newscrawl.pages.structured import JsonLd
from tests.support.cost import at_most

HERE = "https://www.alanews.it/2026/11/20/esteri/la-regata-dei-due-fari/"
THERE = "https://www.alanews.it/2026/11/01/esteri/il-nuovo-ponte-mobile/"
OWN = {"@type": "NewsArticle", "headline": "La regata dei due fari", "keywords": "own"}
OTHER = {"@type": "NewsArticle", "headline": "Il nuovo ponte mobile", "keywords": "other"}


def keywords(*documents: Any) -> list[str]:
    """Return the keywords of the objects that speak for the page."""
    scripts = "".join(
        f'<script type="application/ld+json">{json.dumps(document)}</script>'
        for document in documents
    )
    html = f"<html><head>{scripts}</head><body><h1>La regata dei due fari</h1></body></html>"
    jsonld = JsonLd(Selector(text=html).root, [HERE, f"{HERE}?utm_source=x"])
    return [node["keywords"] for node in jsonld.articles]


@pytest.mark.parametrize(
    "own",
    [
        OWN,
        {**OWN, "url": HERE},
        {**OWN, "url": HERE.replace("https://www.", "http://").rstrip("/")},
        {**OWN, "url": "/2026/11/20/esteri/la-regata-dei-due-fari/"},
        {**OWN, "url": "https://www.alanews.it/?p=7001"},
        {**OWN, "url": f"{HERE}amp/"},
        {**OWN, "@id": f"{HERE}#article"},
        {**OWN, "mainEntityOfPage": HERE},
        {**OWN, "mainEntityOfPage": {"@id": f"{HERE}#webpage"}},
        {**OWN, "headline": "Un titolo per i motori", "url": HERE},
        {**OWN, "headline": "Un titolo per i motori", "mainEntityOfPage": [{"@id": HERE}]},
        {**OWN, "headline": {"@value": "La regata dei due fari"}},
        {**OWN, "headline": "La REGATA dei due fari ", "url": "https://www.alanews.it/"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "other",
    [OTHER, {**OTHER, "url": THERE}, {**OTHER, "mainEntityOfPage": {"@id": THERE}}],
    ids=str,
)
def test_only_the_page_s_own_object_speaks(own: dict[str, Any], other: dict[str, Any]) -> None:
    assert keywords([other, own]) == ["own"]
    assert keywords(own, other) == ["own"]
    assert keywords({"@graph": [other, own, {**other, "keywords": "third"}]}) == ["own"]


@pytest.mark.parametrize(
    "other",
    [
        {**OTHER, "url": THERE},
        {**OTHER, "@id": THERE},
        {**OTHER, "mainEntityOfPage": THERE},
        OTHER,
    ],
    ids=str,
)
def test_another_article_alone_does_not_speak(other: dict[str, Any]) -> None:
    assert keywords(other) == []


@pytest.mark.parametrize(
    "alone",
    [
        {"@type": "NewsArticle", "keywords": "own"},
        {**OWN, "headline": "La regata dei due fari: tutte le foto"},
        {**OWN, "url": "https://www.alanews.it/"},
        {**OWN, "@id": "#article"},
    ],
    ids=str,
)
def test_an_object_that_nothing_contradicts_speaks(alone: dict[str, Any]) -> None:
    assert keywords(alone) == ["own"]


def test_two_objects_about_the_page_both_speak() -> None:
    assert keywords({**OWN, "url": HERE}, {**OWN, "keywords": "second"}) == ["own", "second"]


@pytest.mark.parametrize(
    "update", [{"url": f"{HERE}#a1"}, {"@id": f"{HERE}#a1"}, {"@id": f"{HERE}#a1", "url": HERE}]
)
@pytest.mark.parametrize("links", [True, False])
def test_updates_of_a_live_blog_do_not_speak(update: dict[str, str], *, links: bool) -> None:
    blog: dict[str, Any] = {**OWN, "@type": "LiveBlogPosting", "url": HERE}
    if links:
        blog |= {"liveBlogUpdate": [{"@id": update["@id"]}] if "@id" in update else []}
    post: dict[str, Any] = {
        "@type": "BlogPosting",
        "headline": "Aggiornamento 1",
        "keywords": "update",
        **update,
    }
    assert keywords({"@graph": [post, blog]}) == ["own"]


def test_lists_of_other_articles_do_not_speak() -> None:
    entry = {"@type": "ListItem", "position": 1, "item": {**OTHER, "url": THERE}}
    listed = {"@type": "ItemList", "itemListElement": [entry]}
    assert keywords(listed, {"@type": "WebPage", "mainEntity": {**OWN, "url": HERE}}) == ["own"]


def test_the_page_of_another_article_states_no_date() -> None:
    page = {"@type": "WebPage", "@id": THERE, "datePublished": "2026-11-01"}
    html = f'<script type="application/ld+json">{json.dumps(page)}</script>'
    assert JsonLd(Selector(text=html).root, [HERE]).dates("datePublished") == []
    assert JsonLd(Selector(text=html).root, [THERE]).dates("datePublished") == ["2026-11-01"]


VALUE = {"@type": "Article", "headline": 'A, "b" // c /* d */', "url": "https://x.example/,}"}
WRITTEN = json.dumps(VALUE)


@pytest.mark.parametrize(
    "source",
    [
        f"\ufeff{WRITTEN}",
        f"<!-- {WRITTEN} -->",
        f"<!--//--><![CDATA[//><!--\n{WRITTEN}\n//--><!]]>",
        f"/* <![CDATA[ */\n{WRITTEN}\n/* ]]> */",
        f"// <![CDATA[\n{WRITTEN}\n// ]]>",
        f"// Yoast\n{WRITTEN}",
        f"/* a, }} */ {WRITTEN} // end",
        WRITTEN.replace("}", ",\n}").replace(",,\n}", ",}"),
        f"{WRITTEN};",
        f"{WRITTEN}\n;;\n",
        WRITTEN.replace('"', "&quot;").replace("\\&quot;", "\\&#92;&quot;").replace("&#92;", ""),
    ],
)
def test_slips_are_tolerated(source: str) -> None:
    values = decode(source)
    assert [value["@type"] for value in values] == ["Article"]
    assert values[0]["headline"].startswith("A, ")


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ('{"a": 1}{"a": 2}', [{"a": 1}, {"a": 2}]),
        ('{"a": 1},\n{"a": 2},', [{"a": 1}, {"a": 2}]),
        ('{"a": "La "regata" dei fari"}', [{"a": 'La "regata" dei fari'}]),
        (r'{"a": "L\'intesa \x"}', [{"a": "L'intesa x"}]),
        ('{"a": "x\n\ty"}', [{"a": "x\n\ty"}]),
        ('{"a": [1, 2,],}', [{"a": [1, 2]}]),
        ('{"a": "b', []),
        ("", []),
        ("nothing", []),
    ],
)
def test_values(source: str, values: list[Any]) -> None:
    assert decode(source) == values


def test_backslashes_and_quotation_marks_take_linear_time() -> None:
    with at_most(5):
        for part in ('\\"', '"', "/*", "//", ",", "{", '{"', '"a" '):
            assert not any(isinstance(value, dict) for value in decode(part * 300_000))
