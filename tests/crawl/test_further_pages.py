"""Articles in several pages, whose pages are linked in one way or another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import crawl
from tests.support.truth import differences
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

SIZE = 60


@pytest.mark.parametrize(
    "switches",
    [
        Switches(page_links="wordpress"),
        Switches(page_links="next"),
        Switches(page_links="wordpress", template="custom"),
        Switches(layout="redesign"),
    ],
    ids=["wordpress", "next", "page builder", "redesign"],
)
def test_all_pages_of_an_article_are_read(switches: Switches, tmp_path: Path) -> None:
    content = Content(size=SIZE)
    posts = [post for post in content.posts if len(post.pages) > 1 and not post.locked]
    assert max(len(post.pages) for post in posts) > 2
    addresses = ",".join(truth.url(post, switches) for post in posts)
    with TwinProcess(size=SIZE, switches=switches) as twin:
        run = crawl("alanews", tmp_path, site_url=twin.url, urls=addresses)
    assert run.code == 0, run.stderr
    assert len(run.articles) == len(posts)
    assert differences(run.articles, content, switches) == []
    whole = truth.expected(content, replace(switches, layout="jnews"))
    for item in run.articles:
        paragraphs = [block.text for block in whole[item["id"]].blocks if block.type == "paragraph"]
        read = [block["text"] for block in item["blocks"] if block["text"]]
        assert paragraphs[-1] in read
        assert len(read) == len({*read}) or switches.layout == "jnews"
        assert not any("Pagin" in text for text in read if text)
