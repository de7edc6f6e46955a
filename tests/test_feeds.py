"""The exporter writes to the letter what Scrapy's own writes."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from scrapy.exporters import JsonLinesItemExporter

from newscrawl.feeds import ArticleLinesExporter, line
from newscrawl.items import Article
from tests.support.crawling import crawl
from twin import addresses, truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return list(truth.expected(Content(size=50), Switches()).values())


def test_lines_are_those_of_scrapy(articles: list[Article]) -> None:
    ours, theirs = BytesIO(), BytesIO()
    for article in articles:
        ArticleLinesExporter(ours, encoding="utf-8").export_item(article)
        JsonLinesItemExporter(theirs, encoding="utf-8").export_item(article)
    assert ours.getvalue() == theirs.getvalue()
    assert ours.getvalue().count(b"\n") == len(articles)


def test_chosen_fields_go_scrapys_way(articles: list[Article]) -> None:
    file = BytesIO()
    options = {"encoding": "utf-8", "fields_to_export": ["id", "headline"]}
    ArticleLinesExporter(file, **options).export_item(articles[0])
    assert file.getvalue().decode().startswith(f'{{"id": "{articles[0].id}", "headline": "')


def test_other_items_and_ascii_go_scrapys_way(articles: list[Article]) -> None:
    file = BytesIO()
    ArticleLinesExporter(file).export_item(articles[0])
    assert file.getvalue().isascii()
    ArticleLinesExporter(file, encoding="utf-8").export_item({"url": "x"})
    assert file.getvalue().endswith(b'{"url": "x"}\n')


def test_a_value_that_is_no_part_of_an_article_is_refused() -> None:
    with pytest.raises(TypeError):
        line(Article(id=object()))  # type: ignore[arg-type]


@pytest.mark.e2e
def test_what_is_rejected_is_in_its_file_with_all_that_was_read(tmp_path: Path) -> None:
    content = Content(size=60)
    victim = next(post for post in content.posts if post.categories == ("esteri",))
    path = addresses.path(victim, Switches())
    # Cut behind the headline and before the text.
    fault = {"path": path, "kind": "truncate", "value": 0.25}
    with TwinProcess(size=60, faults=[fault]) as twin:
        run = crawl("esteri", tmp_path, site_url=twin.url, urls=f"https://www.alanews.it{path}")
    (file,) = (tmp_path / "esteri").glob("*.rejected.jsonl")
    (rejected,) = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert list(rejected) == ["url", "reasons", "rejected_at", "article"]
    assert rejected["url"] == f"https://www.alanews.it{path}"
    assert rejected["reasons"] == ["no_body"]
    assert rejected["article"]["headline"] == victim.title
    assert "AttributeError" not in run.stderr
