"""What pages of lists state about themselves, and whether they are what was requested."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.pages.listing_identity import (
    Contradiction,
    ExpectedList,
    contradiction,
    is_archive,
    name_of,
)
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

URLS = SiteUrls(ALANEWS, "http://127.0.0.1:8000")
BASE = "http://127.0.0.1:8000"
LIVE = "https://www.alanews.it"
ROOT = "/category/esteri/"
ESTERI = "archive category category-esteri category-5 wp-embed-responsive"
ESTERI_2 = "archive paged category category-esteri category-5 jnews paged-2 category-paged-2"
ESTERI_4 = ESTERI_2.replace("paged-2", "paged-4")
CRONACA_2 = "archive paged category category-cronaca category-2 jnews paged-2 category-paged-2"


def judged(  # noqa: PLR0913 - what a page can state
    number: int = 2,
    *,
    classes: str = "",
    canonical: str = "",
    og_url: str = "",
    title: str = "",
    heading: str = "",
    pager: str = "",
    at: str | None = None,
    is_moved: bool = False,
    requested: str = ROOT,
) -> Contradiction | None:
    html = (
        f"<html><head><title>{title}</title>"
        + (f"<link rel='canonical' href='{canonical}'>" if canonical else "")
        + (f"<meta property='og:url' content='{og_url}'>" if og_url else "")
        + f"</head><body class='{classes}'>"
        + (f"<h1>{heading}</h1>" if heading else "")
        + f"{pager}</body></html>"
    )
    expected = ExpectedList(
        frozenset({name_of(BASE + requested, URLS)}),
        number,
        frozenset({"esteri"}),
        frozenset({"cronaca", "sport", "calcio"}),
        is_moved,
    )
    path = requested + (f"page/{number}/" if number > 1 else "")
    return contradiction(Selector(text=html).root, BASE + (at or path), expected, URLS)


JNEWS = (
    "<div class='jeg_navigation jeg_pagination'><span class='page_number active'>{}</span></div>"
)
CORE = "<span aria-current='page' class='page-numbers current'>{}</span>"


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"classes": ESTERI_2},
        {"canonical": f"{LIVE}{ROOT}page/2/"},
        {"canonical": f"{LIVE}{ROOT}page/2"},
        {"canonical": f"{BASE}{ROOT}page/2/amp/"},
        {"canonical": f"{LIVE}{ROOT}page/2/?utm_source=x"},
        {"canonical": f"{LIVE}{ROOT}?paged=2"},
        {"canonical": f"{ROOT}page/2/"},
        {"og_url": f"{LIVE}/categoria/esteri/page/2/"},
        # SEO plugins that name the first page, or the home page, on all pages.
        {"canonical": f"{LIVE}{ROOT}", "classes": ESTERI_2},
        {"canonical": f"{LIVE}{ROOT}", "og_url": f"{LIVE}{ROOT}", "pager": JNEWS.format(2)},
        {"canonical": f"{LIVE}{ROOT}", "pager": CORE.format("Pagina 2")},
        {"canonical": f"{LIVE}{ROOT}", "title": "Esteri – Pagina 2 – Alanews"},
        {"canonical": f"{LIVE}/", "classes": ESTERI_2},
        {"canonical": f"{LIVE}/", "title": "Esteri - Alanews", "pager": CORE.format(2)},
        {"canonical": f"{LIVE}/", "heading": "Esteri"},
        # What is the same on all pages of a site says nothing.
        {"canonical": "https://gruppo.example/"},
        {"canonical": f"{LIVE}/wp-content/x.jpg"},
        {"classes": "home"},
        {"classes": "home page page-id-7", "canonical": f"{LIVE}{ROOT}page/2/"},
        {"classes": "category-layout category-wide"},
        {"classes": "category-layout category-page-1 paged-2"},
        # The menu may lead to the same list by other paths.
        {"at": "/categoria/esteri/page/2/"},
        {"at": f"{ROOT}?paged=2", "classes": ESTERI_2},
        {"canonical": "http://[", "og_url": "mailto:x"},
    ],
    ids=str,
)  # fmt: skip
def test_the_page_that_was_requested_is_believed(stated: dict[str, str]) -> None:
    assert judged(**stated) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"classes": ESTERI}, "page: its body has the classes of page 1"),
        ({"classes": ESTERI_4}, "page: its body has the class paged-4"),
        ({"classes": CRONACA_2}, "list: its body has the class category-cronaca"),
        ({"classes": "tag tag-nato tag-9"}, "list: its body has the class tag-nato"),
        ({"classes": "home blog paged paged-2"}, "list: its body has the class home"),
        ({"classes": "home page page-id-7"}, "list: its body has the class home"),
        ({"classes": "archive date paged paged-2"}, "list: its body has the classes archive date"),
        ({"classes": "search search-results"},
         "list: its body has the classes search search-results"),
        ({"classes": "single single-post postid-3"},
         "list: its body has the classes single single-post"),
        ({"canonical": f"{LIVE}/"}, f"list: its canonical link is {LIVE}/"),
        ({"canonical": f"{LIVE}/page/2/"}, f"list: its canonical link is {LIVE}/page/2/"),
        ({"canonical": f"{LIVE}/category/cronaca/page/2/"},
         f"list: its canonical link is {LIVE}/category/cronaca/page/2/"),
        ({"og_url": f"{BASE}/category/cronaca/"}, f"list: its og:url is {LIVE}/category/cronaca/"),
        ({"canonical": f"{LIVE}{ROOT}page/4/"},
         f"page: its canonical link is {LIVE}{ROOT}page/4/"),
        ({"pager": JNEWS.format(4)}, "page: its pager is at page 4"),
        ({"pager": CORE.format(1)}, "page: its pager is at page 1"),
        ({"at": ROOT}, f"page: redirected to {LIVE}{ROOT}"),
        ({"at": "/"}, f"list: redirected to {LIVE}/"),
        ({"at": "/category/cronaca/page/2/"},
         f"list: redirected to {LIVE}/category/cronaca/page/2/"),
    ],
    ids=str,
)  # fmt: skip
def test_another_page_is_not(stated: dict[str, str], reason: str) -> None:
    assert judged(**stated) == Contradiction(f"another {reason}")  # type: ignore[arg-type]


def test_a_canonical_link_to_page_1_alone_lets_the_articles_decide() -> None:
    weak = judged(canonical=f"{LIVE}{ROOT}")
    assert weak == Contradiction(f"another page: its canonical link is {LIVE}{ROOT}", is_weak=True)
    redirected = judged(canonical=f"{LIVE}{ROOT}", at=ROOT)
    assert redirected
    assert not redirected.is_weak


@pytest.mark.parametrize("at", [ROOT, f"{ROOT}page/1/"])
def test_page_1_has_a_number_or_none(at: str) -> None:
    assert judged(1, classes=ESTERI, canonical=f"{LIVE}{ROOT}", at=at) is None
    later = judged(1, classes=ESTERI_2, at=at)
    assert later == Contradiction("another page: its body has the class paged-2")


def test_a_permanent_redirect_may_have_renamed_the_list() -> None:
    mondo = ESTERI.replace("esteri", "mondo")
    new = {"at": "/category/mondo/", "classes": mondo, "canonical": f"{LIVE}/category/mondo/"}
    assert judged(1, **new, is_moved=True) is None
    assert judged(1, **new) == Contradiction("another list: its body has the class category-mondo")  # type: ignore[arg-type]
    cronaca = {"at": "/category/cronaca/", "classes": ESTERI.replace("esteri", "cronaca")}
    assert judged(1, **cronaca, is_moved=True) is not None
    assert judged(2, **new, is_moved=True) is not None


def test_months_are_told_apart() -> None:
    dated = "archive paged date jnews paged-2 date-paged-2"
    month = {"requested": "/2026/09/", "classes": "archive date"}
    assert judged(1, **month, canonical=f"{LIVE}/2026/09/") is None  # type: ignore[arg-type]
    assert judged(2, requested="/2026/09/", classes=dated) is None
    assert judged(1, **month, canonical=f"{LIVE}/2026/08/", at="/2026/08/") is not None  # type: ignore[arg-type]
    assert judged(1, requested="/2026/09/", classes=ESTERI) is not None


@pytest.mark.parametrize(
    "stated",
    [
        # A slug without a letter that a class may have: core prints the category's number.
        {"classes": "archive paged category category-5 category-5 paged-2 category-paged-2"},
        # Lists of the theme's own have the same classes and canonical link on all pages.
        {"at": f"{ROOT}?query-0-page=2", "classes": ESTERI, "canonical": f"{LIVE}{ROOT}"},
        {"at": f"{ROOT}?query-0-page=2", "classes": ESTERI, "pager": CORE.format(2)},
        {"canonical": f"{LIVE}/", "heading": "Categoria: Esteri", "pager": CORE.format(2)},
    ],
    ids=str,
)
def test_other_themes_pages_are_believed(stated: dict[str, str]) -> None:
    assert judged(**stated) is None  # type: ignore[arg-type]


def test_a_slug_that_a_class_shortens() -> None:
    classes = "archive category category-citt-vecchia category-5"
    requested = "/category/citt%c3%a0-vecchia/"
    assert judged(1, classes=classes, requested=requested) is None
    assert judged(1, classes=ESTERI, requested=requested) is not None


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"classes": "archive paged tax-luoghi term-roma term-7 paged-2"},
         "list: its body has the class term-roma"),
        ({"at": f"{ROOT}?query-0-page=3", "classes": ESTERI},
         f"page: redirected to {LIVE}{ROOT}?query-0-page=3"),
    ],
)  # fmt: skip
def test_other_themes_pages_of_other_lists(stated: dict[str, str], reason: str) -> None:
    contradicts = judged(**stated)  # type: ignore[arg-type]
    assert contradicts is not None
    assert contradicts.reason == f"another {reason}"


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        (ESTERI_2, True),
        ("archive date wp-embed-responsive", True),
        ("archive paged tax-luoghi term-roma term-7", True),
        ("home blog", False),
        ("page page-id-7", False),
        ("archive-layout category", False),
    ],
)
def test_what_wordpress_marks_as_an_archive(classes: str, expected: bool) -> None:  # noqa: FBT001
    root = Selector(text=f"<html><body class='{classes}'></body></html>").root
    assert is_archive(root) is expected
