"""Row 23 and D2 of the hostile web: what a page states of itself, and cannot be believed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import measured
from tests.support.altered_pages import altered
from tests.support.crawling import Crawl, crawl
from tests.support.measured import MEMORY
from twin import addresses, truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.front import Front, Visit
    from twin.model import Post

pytestmark = pytest.mark.e2e
SIZE = 60
SPIDER = "esteri"
_JSONLD = re.compile(r'(<script type="application/ld\+json"[^>]*>)(.*?)(</script>)', re.DOTALL)
_CANONICAL = r'<link rel="canonical" href="[^"]*"'
_OG_URL = r'<meta property="og:url" content="[^"]*"'


@cache
def content() -> Content:
    return Content(seed=1, size=SIZE)


def posts() -> list[Post]:
    every = [content().post(index) for index in content().category(SPIDER)]
    return [post for post in every if "reference-article" not in post.edge_cases]


def ids() -> set[str]:
    return set(truth.expected(content(), Switches(), SPIDER))


def address(post: Post) -> str:
    return f"https://www.alanews.it{addresses.path(post, Switches())}"


def line_of(run: Crawl, post: Post) -> dict[str, Any]:
    (line,) = (line for line in run.articles if line["id"] == truth.article_id(post))
    return line


def with_jsonld(change: Callable[[str], str]) -> Callable[[str], str]:
    """Return a change of the text of a page's JSON-LD scripts."""
    return lambda page: _JSONLD.sub(lambda match: match[1] + change(match[2]) + match[3], page)


def with_article(values: dict[str, Any]) -> Callable[[str], str]:
    """Return a change of the article's object in a page's JSON-LD."""

    def change(source: str) -> str:
        document = json.loads(source)
        for node in document.get("@graph", [document]):
            if "NewsArticle" in str(node.get("@type")):
                node.update(values)
        return json.dumps(document)

    return with_jsonld(change)


@pytest.mark.parametrize("stated", ["canonical", "canonical and og:url", "all"])
def test_d2_a_canonical_link_that_names_another_article(
    stated: str, front: Front, tmp_path: Path
) -> None:
    victim, other = posts()[1:3]
    own, claimed = (f"{front.url}{addresses.path(post, Switches())}" for post in (victim, other))

    def change(page: str) -> str:
        if stated == "all":
            return page.replace(own, claimed)
        page = re.sub(_CANONICAL, f'<link rel="canonical" href="{claimed}"', page)
        if stated == "canonical":
            return page
        return re.sub(_OG_URL, f'<meta property="og:url" content="{claimed}"', page)

    front.answers[f"/{victim.slug}/$"] = altered(front, change)
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert {line["id"] for line in run.articles} == ids()
    assert len({line["url"] for line in run.articles}) == len(run.articles)
    written = line_of(run, victim)
    assert written["url"] == address(victim)
    assert written["headline"] == victim.title
    flagged = [line["id"] for line in run.articles if "url_conflict" in line["flags"]]
    assert (flagged, run.code) == ([truth.article_id(victim)], 0)


def test_d2_an_address_that_answers_with_another_article_s_page_is_not_that_article(
    front: Front, tmp_path: Path
) -> None:
    victim, other = posts()[1:3]
    path = addresses.path(other, Switches())

    def answer(visit: Visit, _: socket.socket) -> bytes:
        return front.of_twin(replace(visit, path=path))

    front.answers[f"/{victim.slug}/$"] = answer
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert {line["id"] for line in run.articles} == ids() - {truth.article_id(victim)}
    assert not any("url_conflict" in line["flags"] for line in run.articles)
    assert line_of(run, other)["url"] == address(other)


def test_row_23_jsonld_that_names_another_address(front: Front, tmp_path: Path) -> None:
    victim, other = posts()[1:3]
    claims = {
        "mainEntityOfPage": {"@id": f"{front.url}{addresses.path(other, Switches())}"},
        "@id": f"{front.url}{addresses.path(other, Switches())}#article",
        "datePublished": "2019-01-01T08:00:00+00:00",
        "author": {"name": "Nessuno Davvero"},
    }
    front.answers[f"/{victim.slug}/$"] = altered(front, with_article(claims))
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert {line["id"] for line in run.articles} == ids()
    written = line_of(run, victim)
    assert written["url"] == address(victim)
    assert not written["date_published"].startswith("2019")
    assert "Nessuno Davvero" not in json.dumps(written)
    assert "url_conflict" in written["flags"]
    assert run.code == 0


TOMORROW = datetime.now(UTC) + timedelta(days=3)
IMPLAUSIBLE = {
    "1970": "1970-01-01T00:00:00+00:00",
    "epoch": "0",
    "1989": "1989-12-30T23:59:59+00:00",
    "next year": (TOMORROW + timedelta(days=365)).isoformat(),
    "in three days": TOMORROW.isoformat(),
    "offset": "2021-03-04T05:06:07+99:99",
    "wide offset": "2021-03-04T05:06:07+15:30",
    "minutes of an offset": "2021-03-04T05:06:07+0175",
    "not a date": "presto",
}


def test_row_23_implausible_dates_in_jsonld(front: Front, tmp_path: Path) -> None:
    """Each article of the section states another such date: the next source is used."""
    altered_posts = dict(zip(IMPLAUSIBLE, posts(), strict=False))
    for name, post in altered_posts.items():
        claims = {"datePublished": IMPLAUSIBLE[name], "dateModified": IMPLAUSIBLE[name]}
        front.answers[f"/{post.slug}/$"] = altered(front, with_article(claims))
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert (run.code, {line["id"] for line in run.articles}) == (0, ids())
    truths = truth.expected(content(), Switches(), SPIDER)
    for name, post in altered_posts.items():
        written = line_of(run, post)
        expected = truths[truth.article_id(post)].date_published
        assert (name, written["date_published"][:10]) == (name, str(expected)[:10])
        assert written["date_published_source"] == written["provenance"]["date_published"]


def _broken(source: str) -> str:
    return source.replace("}", "", 3).replace('"headline":', "headline:")


def _large(source: str) -> str:
    return json.dumps({**json.loads(source), "articleBody": "parola " * 750_000})


def _nested(source: str) -> str:
    document: Any = json.loads(source)
    for _ in range(40):
        document = [document]
    return json.dumps(document)


def _graphs(source: str) -> str:
    nodes = json.loads(source)["@graph"]
    graphs = [{"@context": "https://schema.org", "@graph": [node]} for node in nodes]
    return json.dumps(graphs)


def _types(source: str) -> str:
    return source.replace('["Article","NewsArticle"]', '["Thing",["NewsArticle"],"Article",null]')


def _deep(source: str) -> str:
    return "[" * 100_000 + source


SHAPES: dict[str, tuple[Callable[[str], str], bool]] = {
    "broken": (_broken, False),
    "5 MB": (_large, False),
    "100,000 brackets": (_deep, False),
    "nested lists": (_nested, True),
    "several graphs": (_graphs, True),
    "types": (_types, True),
}
"""What is done to the script, and whether it can still be read."""


def test_row_23_jsonld_of_every_shape(front: Front, tmp_path: Path) -> None:
    of_shape = dict(zip(SHAPES, posts(), strict=False))
    for name, post in of_shape.items():
        front.answers[f"/{post.slug}/$"] = altered(front, with_jsonld(SHAPES[name][0]))
    run = measured.crawl(SPIDER, tmp_path, site_url=front.url)
    assert (run.code, {line["id"] for line in run.articles}) == (0, ids())
    assert run.peak < MEMORY, run.peak
    truths = truth.expected(content(), Switches(), SPIDER)
    for name, post in of_shape.items():
        written, expected = line_of(run, post), truths[truth.article_id(post)]
        assert (name, written["headline"]) == (name, expected.headline)
        assert written["date_published"][:10] == str(expected.date_published)[:10]
        source = written["date_published_source"]
        assert (name, source == "jsonld") == (name, SHAPES[name][1])
