"""REST's list of all posts: what is read of whole and damaged answers."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery.categories import Category
from newscrawl.discovery.post_list import PostFilter, address, count_address, maximum_stated, read
from newscrawl.discovery.section_categories import SectionCategories
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

URLS = SiteUrls(ALANEWS)


def record(number: Any = 7, **others: Any) -> dict[str, Any]:
    return {
        "id": number,
        "link": f"{ALANEWS.origin}/2026/11/23/esteri/una-notizia-dal-mondo-{number}/",
        "date_gmt": "2026-11-23T09:00:00",
        "categories": [5],
        "content": {"protected": False},
        **others,
    }


def body(*records: Any) -> bytes:
    return json.dumps(records).encode()


def test_a_post_has_what_the_comparison_needs() -> None:
    page = read(body(record(), record(8, content={"protected": True}, categories="x")), URLS)
    first, second = page.posts
    assert (first.id, first.categories, first.is_protected) == (7, (5,), False)
    assert first.published == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert (second.is_protected, second.categories, second.other_kind) == (True, (), "")
    assert (page.records, page.is_whole, page.has_prefix) == (2, True, False)


@pytest.mark.parametrize(
    ("others", "kind"),
    [
        ({"status": "draft"}, "draft"),
        ({"type": "page"}, "page"),
        ({"date_gmt": "0000-00-00T00:00:00"}, "draft"),
        ({"status": "publish", "type": "post"}, ""),
    ],
)
def test_what_is_not_a_published_post_is_named(others: dict[str, Any], kind: str) -> None:
    (post,) = read(body(record(**others)), URLS).posts
    assert post.other_kind == kind


def test_records_that_are_not_posts_are_counted() -> None:
    page = read(body(record(), None, {}, record("9"), record(id=True), record(3, link="")), URLS)
    assert ([post.id for post in page.posts], page.records) == ([7], 6)


def test_a_post_elsewhere_is_foreign() -> None:
    (post,) = read(body(record(link="https://www.example.org/a/")), URLS).posts
    assert post.is_foreign
    assert post.is_protected is False


def test_notices_around_the_list_are_skipped() -> None:
    text = b"<b>Warning</b>: a[0], b[{] in /x.php\n" + body(record()) + b"\n<br />"
    page = read(text, URLS)
    assert ([post.id for post in page.posts], page.is_whole, page.has_prefix) == ([7], True, True)


@given(st.integers(min_value=2, max_value=2_000))
def test_a_cut_list_gives_its_whole_records(length: int) -> None:
    whole = body(*(record(number) for number in range(1, 6)))
    cut = whole[: min(length, len(whole) - 1)]
    count = cut.count(b'{"protected": false}}')
    if not count:
        with pytest.raises(ValueError, match="is not a list of posts"):
            read(cut, URLS)
        return
    page = read(cut, URLS)
    assert [post.id for post in page.posts] == [*range(1, count + 1)]
    assert not page.is_whole


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<!DOCTYPE html><html></html>", "it is a web page"),
        (b'{"code": "rest_disabled", "message": "No."}', "rest_disabled: No."),
        (b"3", "it is of type int"),
        (b"", "Expecting value"),
        (b"[" * 100_000, "is not a list of posts"),
    ],
)
def test_an_answer_without_a_list_says_why(answer: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match="is not a list of posts") as error:
        read(answer, URLS)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


@given(st.binary(max_size=300))
def test_any_answer_is_read_or_refused_in_one_line(answer: bytes) -> None:
    text = ""
    with suppress(ValueError):
        try:
            read(answer, URLS)
        except ValueError as error:
            text = str(error)
            raise
    assert len(text.splitlines()) <= 1


def test_addresses_state_fields_order_and_filter() -> None:
    chosen = PostFilter((4, 7), date(2026, 11, 1), date(2026, 11, 30))
    url = address(ALANEWS.origin, chosen, 3, 10)
    assert url.startswith("https://www.alanews.it/wp-json/wp/v2/posts?_fields=id,link,date_gmt,")
    assert url.endswith(
        "content.protected&orderby=id&order=asc&per_page=10&categories=4,7"
        "&after=2026-10-31T23:59:59&before=2026-12-01T00:00:00&page=3"
    )
    assert count_address(ALANEWS.origin, PostFilter()).endswith("?_fields=id&per_page=1")
    assert maximum_stated(b"nothing of the kind") == 10


def test_a_category_is_in_its_section_and_in_those_above() -> None:
    site = f"{ALANEWS.origin}/category"
    listed = [
        Category(1, "Sport", "sport", f"{site}/sport/"),
        Category(2, "Calcio", "calcio", f"{site}/sport/calcio/", 1),
        Category(3, "Serie A", "serie-a", f"{site}/sport/calcio/serie-a/", 2),
        Category(4, "Varie", "varie", f"{site}/varie/"),
        Category(5, "A", "a", f"{site}/a/", 6),
        Category(6, "B", "b", f"{site}/b/", 5),
    ]
    known = SectionCategories(URLS, listed)
    assert known.sections_of([3]) == ("calcio", "sport")
    assert known.sections_of([4, 1, 99]) == ("varie", "sport")
    assert known.sections_of([5]) == ("a",)
    assert known.ids_of("sport") == (1, 2, 3)
    assert known.ids_of("esteri") == ()
