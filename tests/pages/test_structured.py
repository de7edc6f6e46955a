"""JSON-LD and meta tags as sites write them, well or badly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from newscrawl.pages.structured import JsonLd, Meta, types
from tests.support.cost import at_most

ARTICLE = {"@type": "NewsArticle", "headline": "Un titolo"}


def read(*scripts: Any, kind: str = "application/ld+json") -> JsonLd:
    """Return the JSON-LD of a page with these scripts; texts stand as they are."""
    sources = [one if isinstance(one, str) else json.dumps(one) for one in scripts]
    head = "".join(f'<script type="{kind}">{source}</script>' for source in sources)
    return JsonLd(Selector(text=f"<html><head>{head}</head><body></body></html>").root)


def meta(tags: str) -> Meta:
    return Meta(Selector(text=f"<html><head>{tags}</head><body></body></html>").root)


@pytest.mark.parametrize(
    "document",
    [
        ARTICLE,
        [ARTICLE],
        [[[ARTICLE]]],
        {"@graph": [ARTICLE]},
        {"@graph": ARTICLE},
        [{"@graph": [[ARTICLE]]}],
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": "WebPage", "@graph": [{"@type": "Person", "name": "A"}, ARTICLE]},
        [None, 1, "x", {}, {"@type": None}, {"@type": 3}, ARTICLE],
        {**ARTICLE, "@type": ["Thing", "Article"]},
        {**ARTICLE, "@type": "article"},
        {**ARTICLE, "@type": "http://schema.org/ReportageNewsArticle"},
        {**ARTICLE, "@type": "schema:BlogPosting"},
        {**ARTICLE, "@type": "VideoObject"},
    ],
    ids=str,
)
def test_an_article_is_found_wherever_it_is(document: Any) -> None:
    assert read(document).text("headline") == "Un titolo"


@pytest.mark.parametrize(
    "source",
    [
        "<!-- %s -->",
        "//<![CDATA[\n%s\n//]]>",
        "<![CDATA[%s]]>",
        "/*<![CDATA[*/%s/*]]>*/",
        "%s;",
        "\n\t %s \n",
    ],
)
def test_wrappings_do_not_matter(source: str) -> None:
    assert read(source % json.dumps(ARTICLE)).text("headline") == "Un titolo"


@pytest.mark.parametrize(
    "kind",
    [
        "application/ld+json",
        "application/ld+json; charset=utf-8",
        "application/ld+json;charset=UTF-8",
        "APPLICATION/LD+JSON",
        " application/ld+json ",
    ],
)
def test_spellings_of_the_type_do_not_matter(kind: str) -> None:
    assert read(ARTICLE, kind=kind).text("headline") == "Un titolo"


BAD = {
    "empty": "",
    "cut": '{"@type": "Article", "headline": "Un',
    "words": "nothing here",
    "nested": "[" * 100_000,
    "nested objects": '{"@graph":' * 100_000,
    "digits": '{"@type": "Article", "headline": ' + "1" * 5_000 + "}",
    "huge": '{"@type": "Article", "headline": "' + "a" * 5_000_000 + '"}',
    "many": "[" + "0," * 900_000 + "0]",
}


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_a_bad_script_costs_only_itself(source: str) -> None:
    with at_most(5):
        assert read(source).articles == []
        assert read(source, ARTICLE).text("headline") == "Un titolo"


def test_line_breaks_within_a_text_are_tolerated() -> None:
    assert read('{"@type":"Article","headline":"Un\n\ttitolo\x0b"}').text("headline") == "Un titolo"


def test_a_video_describes_the_page_only_where_no_article_does() -> None:
    video = {"@type": "VideoObject", "headline": "Il video", "name": "x"}
    assert read(video, ARTICLE).text("headline") == "Un titolo"
    assert read({"@type": "VideoObject", "name": "solo nome"}).articles == []


def test_breadcrumbs_and_organisations_are_no_articles() -> None:
    assert read({"@type": "BreadcrumbList"}, {"@type": "NewsMediaOrganization"}).articles == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("L&#8217;intesa &amp; <b>Cina</b>", "L’intesa & Cina"),
        ([1, "Il primo", "x"], "Il primo"),
        ("", None),
        (["", None], None),
        (3, None),
        ({"@value": "x"}, "x"),
        ("\ud800\u2028", None),
    ],
)
def test_a_headline_is_a_text(value: Any, expected: str | None) -> None:
    assert read({"@type": "Article", "headline": value}).text("headline") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Trump, Cina ,, Trump", ["Trump", "Cina"]),
        (["Trump", "", "Trump", 2, "Cina"], ["Trump", "Cina"]),
        ([], []),
        (None, []),
    ],
)
def test_keywords_are_a_list_or_a_text_with_commas(value: Any, expected: list[str]) -> None:
    assert read({"@type": "Article", "keywords": value}).texts("keywords") == expected


def test_a_section_keeps_its_comma() -> None:
    assert read({**ARTICLE, "articleSection": "Arte, cultura"}).texts("articleSection") == [
        "Arte, cultura"
    ]


PERSON = {"@type": "Person", "@id": "#a", "name": "Anna Rossi", "url": "https://x.it/a/"}


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Anna Rossi", [("Anna Rossi", None)]),
        ({"name": "Anna Rossi"}, [("Anna Rossi", None)]),
        ({"@id": "#a"}, [("Anna Rossi", "https://x.it/a/")]),
        (
            [{"@id": "#a"}, {"name": "B", "url": 3}],
            [("Anna Rossi", "https://x.it/a/"), ("B", None)],
        ),
        ({"@id": "#unknown"}, []),
        ({"@id": ["#a"]}, []),
        ([None, 1, [], {}, {"name": ""}, {"name": [1]}], []),
        ({"name": " Anna&nbsp;Rossi\u200b"}, [("Anna Rossi", None)]),
    ],
)
def test_authors_are_named_or_referred_to(author: Any, expected: list[Any]) -> None:
    assert read({"@graph": [{**ARTICLE, "author": author}, PERSON]}).people("author") == expected


@pytest.mark.parametrize(
    "image",
    [
        "https://x.it/a.jpg",
        ["https://x.it/a.jpg", "https://x.it/b.jpg"],
        {"@type": "ImageObject", "url": "https://x.it/a.jpg"},
        {"@id": "#image"},
        [{"@id": "#none"}, {"@id": "#image"}],
    ],
)
def test_an_image_is_an_address_an_object_or_a_reference(image: Any) -> None:
    known = {"@type": "ImageObject", "@id": "#image", "url": "https://x.it/a.jpg"}
    assert read({"@graph": [{**ARTICLE, "image": image}, known]}).image() == "https://x.it/a.jpg"


def test_dates_come_from_articles_first_then_from_pages() -> None:
    page = {"@type": ["WebPage", "ItemPage"], "datePublished": "2025-10-28"}
    article = {**ARTICLE, "datePublished": "2025-10-28T10:00:00+00:00"}
    assert read(page, article).dates("datePublished") == [
        "2025-10-28T10:00:00+00:00",
        "2025-10-28",
    ]
    assert read({**ARTICLE, "datePublished": 20251028}).dates("datePublished") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), ("False", False), ("true ", True), ("", None), (1, None), (None, None)],
)
def test_free_access_is_a_boolean_or_its_name(value: Any, *, expected: bool | None) -> None:
    assert read({**ARTICLE, "isAccessibleForFree": value}).is_accessible_for_free() is expected


def test_types_are_plain_lower_case_names() -> None:
    found = types({"@type": ["https://schema.org/NewsArticle", "schema:Thing", 1]})
    assert found == {"newsarticle", "thing"}


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@graph", "author", "name", "url", "image", "keywords"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_no_json_raises(one: Any, other: Any) -> None:
    found = read(json.dumps([one, {**ARTICLE, "author": other, "image": other, "@id": other}]))
    found.text("headline")
    found.texts("keywords")
    found.people("author")
    found.image()
    found.is_accessible_for_free()
    found.dates("datePublished")


class TestMeta:
    def test_the_first_that_says_something_counts(self) -> None:
        found = meta(
            '<meta property="og:image" content=" "><meta property="og:image" content="a.jpg">'
            '<meta property="og:image" content="b.jpg">'
        )
        assert found.first("og:image") == "a.jpg"
        assert found.first("x", "og:image") == "a.jpg"
        assert found.first("x") is None

    def test_doubles_are_named_once(self) -> None:
        tags = "".join(f'<meta property="article:tag" content="{one}">' for one in "abca")
        assert meta(tags).every("article:tag") == ["a", "b", "c"]

    def test_name_and_property_and_case_do_not_matter(self) -> None:
        found = meta('<meta NAME="Robots" content="noindex"><meta property="OG:Type" content="x">')
        assert (found.first("robots"), found.first("og:type")) == ("noindex", "x")

    @pytest.mark.parametrize("mark", "-–—|»·")
    def test_a_title_loses_the_name_of_the_site(self, mark: str) -> None:
        found = meta(f'<meta property="og:title" content="Un titolo - parte 2 {mark} Alanews">')
        assert found.title("Alanews") == "Un titolo - parte 2"

    @pytest.mark.parametrize("title", ["Alanews", "Il caso Alanews", "Un titolo - Ansa"])
    def test_other_titles_stay(self, title: str) -> None:
        assert meta(f'<meta property="og:title" content="{title}">').title("Alanews") == title

    def test_texts_are_clean(self) -> None:
        tags = (
            '<meta property="og:title" content="a&#8232;b &amp;lt;em&amp;gt;c&amp;lt;/em&amp;gt;">'
        )
        assert meta(tags).title("Alanews") == "a b c"


@pytest.mark.parametrize(
    ("value", "dates"),
    [
        (1795158000, ["1795158000"]),
        (1795158000000, ["1795158000000"]),
        (1795158000.5, ["1795158000"]),
        ([1795158000, "2026-11-20"], ["1795158000", "2026-11-20"]),
        (2026, []),
        (20261120, []),
        (True, []),
        (-1795158000, []),
        (10**20, []),
    ],
)
def test_a_date_may_be_a_number_of_seconds_or_milliseconds(value: Any, dates: list[str]) -> None:
    found = read({"@type": "NewsArticle", "datePublished": value})
    assert found.dates("datePublished") == dates
