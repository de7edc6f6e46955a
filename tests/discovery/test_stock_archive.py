"""Pagination of archives on WordPress's stock themes."""

from __future__ import annotations

from datetime import UTC, datetime

from parsel import Selector

from newscrawl.discovery import archive
from newscrawl.discovery.archive import Pagination, Step
from newscrawl.pages.listing import ListingPage
from newscrawl.sites.example import EXAMPLE
from newscrawl.urls import SiteUrls

ROOT = "https://www.example.it/category/esteri/"
URLS = SiteUrls(EXAMPLE)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def step(body: str, pagination: Pagination | None = None) -> Step:
    pagination = pagination or Pagination("esteri", ROOT)
    html = f"<html><body class='archive category category-esteri category-5'>{body}</body></html>"
    page = ListingPage(Selector(text=html), pagination.page_url(), URLS)
    return archive.first_step(page, pagination, NOW)


def posts(*numbers: int) -> str:
    return "".join(
        f"<article class='post-{number} type-post hentry'><h2 class='entry-title'>"
        f"<a href='/titolo-{number}/'>Titolo {number}</a></h2></article>"
        for number in numbers
    )


def pager(href: str) -> str:
    return f"<nav class='pagination'><a class='next page-numbers' href='{href}'>Avanti</a></nav>"


PREVIOUS = f"<nav class='pagination'><a class='prev page-numbers' href='{ROOT}'>Indietro</a></nav>"


def test_a_list_with_a_pager() -> None:
    following = step(posts(9, 8) + pager(f"{ROOT}page/2/")).next_pagination
    assert following is not None
    assert (following.page_url(), following.is_announced) == (f"{ROOT}page/2/", True)
    assert following.last_named == 2
    last = step(posts(7, 6) + PREVIOUS, following)
    assert (last.ended, last.is_broken) == ("last_page", False)


def test_a_list_whose_pages_have_a_parameter() -> None:
    following = step(posts(9, 8) + pager("?query-0-page=2")).next_pagination
    assert following is not None
    assert following.page_url() == f"{ROOT}?query-0-page=2"
    assert Pagination.from_json(following.as_json()) == following
    third = step(posts(7, 6) + pager("?query-0-page=3"), following).next_pagination
    assert third is not None
    assert third.page_url() == f"{ROOT}?query-0-page=3"
    assert third.page_url(1) == ROOT


def test_a_list_that_a_script_continues_is_followed_by_number() -> None:
    following = step(posts(9, 8)).next_pagination
    assert following is not None
    assert (following.page_url(), following.is_announced) == (f"{ROOT}page/2/", False)


def test_an_empty_list() -> None:
    assert step("<section class='no-results not-found'>Niente</section>").ended == "empty_page"


def test_a_stored_pagination_of_an_earlier_version() -> None:
    stored = Pagination("esteri", ROOT, page=3).as_json()
    del stored["page_parameter"]
    assert Pagination.from_json(stored).page_url() == f"{ROOT}page/3/"
