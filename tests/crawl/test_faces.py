"""Crawls of whole WordPress sites by their addresses: of four themes, with the truth known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import Crawl, crawl
from tests.support.truth import differences
from twin import faces, truth
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.model import Switches

pytestmark = pytest.mark.e2e
SIZE = 60
OTHERS = [name for name in faces.NAMES if name != faces.DEFAULT]
# The further ones take a while.
CHOSEN = [
    name if name in {"jnews", "classic"} else pytest.param(name, marks=pytest.mark.soak)
    for name in OTHERS
]
# A site with spiders of its own costs 17 requests when nothing is new. Core's index of sitemaps
# does not state when each has changed, so that the one of posts is requested too.
MOST_WHEN_NOTHING_IS_NEW = {"jnews": 17, "classic": 18, "block": 18, "builder": 18}


@pytest.fixture(scope="module", params=CHOSEN)
def site(request: pytest.FixtureRequest) -> Iterator[tuple[TwinProcess, Switches]]:
    with TwinProcess(size=SIZE, switches={"face": request.param}) as running:
        yield running, faces.switches({"face": request.param})


def run(twin: TwinProcess, output: Path, section: str | None = None, **more: object) -> Crawl:
    twin.reset()
    series = truth.site_key(twin.url) + (f".{section}" if section else "")
    arguments = {"site_url": twin.url, **({"section": section} if section else {}), **more}
    return crawl(
        "wordpress",
        output,
        settings={"RECHECK_AGES": ""},
        series=series,
        arguments=arguments,
    )


def test_a_site_is_crawled_whole_and_right_and_once(
    site: tuple[TwinProcess, Switches], tmp_path: Path
) -> None:
    twin, switches = site
    done = run(twin, tmp_path)
    assert done.code == 0, done.stderr[-3000:]
    content = twin.content()
    expected = truth.expected(content, switches, origin=twin.url)
    assert Counter(article["id"] for article in done.articles) == Counter(
        dict.fromkeys(expected, 1)
    )
    assert differences(done.articles, content, switches, origin=twin.url) == []
    again = run(twin, tmp_path)
    assert (again.code, len(again.dumps)) == (0, 1), again.stderr[-3000:]
    requested = [path for _, path, _ in twin.requests()]
    assert len(requested) <= MOST_WHEN_NOTHING_IS_NEW[switches.face], requested
    assert requested.count("/wp-sitemap-posts-post-1.xml") <= 1


def test_a_section_of_a_site(site: tuple[TwinProcess, Switches], tmp_path: Path) -> None:
    twin, switches = site
    content = twin.content()
    slug = faces.of(switches).by_key["sport"].slug
    done = run(twin, tmp_path, slug)
    assert done.code == 0, done.stderr[-3000:]
    expected = truth.expected(content, switches, "sport", origin=twin.url)
    assert {article["id"] for article in done.articles} == set(expected)
