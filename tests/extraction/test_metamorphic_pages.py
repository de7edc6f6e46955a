"""What is around an article changes nothing of it: adverts, boxes, scripts, comments, space."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support import page_additions, seed_pages
from tests.support.generated import some_pages
from tests.support.page_additions import ADDITIONS, UNSEEN
from tests.support.seed_pages import article_of, seed_page

NAMES = [name for name in seed_pages.LAYOUTS if "/bare" not in name]
"""Without metadata some layouts are not articles."""
MAY_DIFFER = frozenset({"related", "provenance"})
CLASSES = ("", "class='qx-outer'", "id='w1' class='wrap clearfix'")
# trafilatura takes another article's card for the text where the page's own has no elements.
NOT_KEPT = frozenset({("line breaks/metadata 0", "related, posts")})


def fields_of(name: str, html: str) -> dict[str, Any]:
    """Return the article that is read at the page's address; empty when there is none."""
    article = seed_page(name).extract(html)
    return asdict(article) if article is not None else {}


@cache
def unchanged_fields(name: str) -> dict[str, Any]:
    return fields_of(name, page_additions.unchanged(name))


def assert_same(name: str, html: str, *, but: frozenset[str] = frozenset()) -> None:
    """Fail where a page is not read as without the change."""
    before, after = unchanged_fields(name), fields_of(name, html)
    assert before
    assert after
    changed = {field: after[field] for field in before if after[field] != before[field]}
    assert not changed.keys() - but, {field: (before[field], changed[field]) for field in changed}


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_are_articles_with_places_around_them(name: str) -> None:
    article = article_of(name)
    assert article is not None
    places = page_additions.places(name)
    assert {place.split()[0] for place in places} == {"head", "before", "behind"}
    assert page_additions.wrappings(name)


def place(name: str, part: str, number: int) -> str:
    """Return one of a page's places in `part`, by any number."""
    places = [place for place in page_additions.places(name) if place.startswith(part)]
    return places[number % len(places)]


@some_pages(70)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["before", "behind"]),
    st.integers(0, 60),
    st.sampled_from(sorted(ADDITIONS)),
)
@example("jnews 0", "behind", 0, "related, read also")
@example("jnews-2 0", "behind", 0, "related, label and list")
@example("builder-none 0", "before", 0, "advert, label")
@example("builder-none 0", "behind", 0, "related, list")
@example("page builder/metadata 0", "before", 0, "related, read also")
@example("div soup/metadata 0", "before", 6, "related, read also")
@example("recipe lists/metadata 0", "before", 0, "advert, frame")
def test_what_is_around_the_article_is_not_of_it(
    name: str, part: str, number: int, addition: str
) -> None:
    if addition.startswith("comments") and part == "before":
        part = "behind"
    if (name, addition) not in NOT_KEPT:
        html = page_additions.with_addition(name, place(name, part, number), addition)
        assert_same(name, html, but=MAY_DIFFER)


@some_pages(20)
@given(st.sampled_from(NAMES), st.integers(0, 60), st.sampled_from(sorted(UNSEEN)))
def test_what_nobody_sees_may_be_in_the_head(name: str, number: int, addition: str) -> None:
    html = page_additions.with_addition(name, place(name, "head", number), addition)
    assert_same(name, html, but=MAY_DIFFER)


@some_pages(40)
@given(st.sampled_from(NAMES), st.integers(0, 60), st.sampled_from(CLASSES))
@example("jnews 0", 21, "")
def test_a_division_around_the_text_changes_nothing(
    name: str, number: int, attributes: str
) -> None:
    names = page_additions.wrappings(name)
    html = page_additions.wrapped(name, names[number % len(names)], attributes)
    assert_same(name, html)


@pytest.mark.parametrize("name", ["jnews 0", "jnews-7 0"])
def test_the_whole_page_may_be_in_one_division(name: str) -> None:
    outermost = page_additions.wrappings(name)[-1]
    assert outermost.startswith("content")
    assert_same(name, page_additions.wrapped(name, outermost, ""))
