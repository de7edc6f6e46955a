"""Rows 19 and 32 to 34 of the hostile web: teasers, and dates that are easily read wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.altered_pages import altered, with_text
from tests.support.crawling import crawl
from tests.support.front import Front
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.e2e
SIZE = 100
SPIDER = "esteri"
_TIME = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
_CLOCK = "<div class='jeg_top_date'>Lunedì 1 Gennaio 2024, 10:15</div>"
_SIDEBAR = (
    "<aside class='jeg_sidebar'><time datetime='2019-05-05T08:00:00+02:00'>5 Maggio 2019</time>"
    "<article class='jeg_post'><h3><a href='/2019/05/05/esteri/un-altro-titolo-di-ieri/'>Altro</a>"
    "</h3><div class='jeg_meta_date'>5 Maggio 2019</div></article></aside>"
)


def dated(stated: str) -> Callable[[str], str]:
    """Return a change of all times in a page's metadata."""
    return lambda page: _TIME.sub(stated, page)


def other_dates(page: str) -> str:
    page = re.sub(r"(<body[^>]*>)", lambda match: f"{match[1]}{_CLOCK}{_SIDEBAR}", page)
    return page.replace("</body>", f"{_SIDEBAR}{_CLOCK}</body>")


def teaser(page: str) -> str:
    page = page.replace('"headline":', '"isAccessibleForFree":false,"headline":', 1)
    return with_text(
        "<p>Il vertice si è chiuso all’alba, senza un testo comune.</p><form><p>Accedi per "
        "continuare</p><input type='password' name='p'><button>Accedi</button></form>"
    )(page)


CHANGES: dict[str, Callable[[str], str]] = {
    "teaser": teaser,
    "twice": dated("2025-10-26 02:30:00"),
    "never": dated("2025-03-30 02:30:00"),
    "others": other_dates,
    "evening": dated("2026-11-20T23:30:00+00:00"),
}


@pytest.fixture(scope="module")
def lines(
    twin: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[dict[str, Any], Any]]:
    """Return the line and the truth of the article that each change was made to."""
    content = Content(seed=1, size=SIZE)
    expected = truth.expected(content, Switches(), SPIDER)
    posts = [content.post(index) for index in content.category(SPIDER)]
    posts = [post for post in posts if len(post.pages) == 1 and "protected" not in post.edge_cases]
    victims = dict(zip(CHANGES, posts, strict=False))
    with Front(twin.url) as front:
        for name, post in victims.items():
            front.answers[f"/{post.slug}/$"] = altered(front, CHANGES[name])
        run = crawl(SPIDER, tmp_path_factory.mktemp("output"), site_url=front.url)
    assert run.code == 0
    written = {line["id"]: line for line in run.articles}
    assert written.keys() == expected.keys()
    ids = {name: truth.article_id(post) for name, post in victims.items()}
    return {name: (written[own], expected[own]) for name, own in ids.items()}


def test_row_19_a_paywall_teaser_is_an_article_that_is_not_free(lines: Any) -> None:
    line, _ = lines["teaser"]
    assert line["is_accessible_for_free"] is False
    assert line["provenance"]["is_accessible_for_free"] == "jsonld"
    assert "Il vertice si è chiuso" in line["body"]
    others = [
        line["is_accessible_for_free"] for name, (line, _) in lines.items() if name != "teaser"
    ]
    assert False not in others


def test_row_32_an_hour_that_comes_twice_or_never(lines: Any) -> None:
    assert lines["twice"][0]["date_published"] == "2025-10-26T02:30:00+02:00"
    assert lines["never"][0]["date_published"] == "2025-03-30T03:30:00+02:00"


def test_row_33_other_dates_on_the_page_do_not_count(lines: Any) -> None:
    line, expected = lines["others"]
    assert line["date_published"] == expected.date_published
    assert line["date_modified"] == expected.date_modified
    assert line["date_published_source"] == expected.date_published_source


def test_row_34_the_evening_in_utc_is_the_next_italian_day(lines: Any) -> None:
    assert lines["evening"][0]["date_published"] == "2026-11-21T00:30:00+01:00"
