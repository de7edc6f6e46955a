"""A page has one tree, which leaves memory with it."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from parsel import selector
from scrapy import Request
from scrapy.core.spidermw import SpiderMiddlewareManager
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from newscrawl import settings
from newscrawl.middlewares.page_text import PageBoundError, PageTreeMiddleware
from newscrawl.pages.page_tree import is_bounded

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from scrapy.crawler import Crawler
    from scrapy.http import Response


def test_a_page_is_freed_without_a_collection() -> None:
    page = HtmlResponse("https://www.example.it/", body=b"<html><body><p>Testo</p></body></html>")
    PageTreeMiddleware().process_spider_input(page)
    assert page.css("p::text").get() == "Testo"
    reference = weakref.ref(page)
    gc.disable()
    try:
        del page
        assert reference() is None
    finally:
        gc.enable()


def test_a_page_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrapy builds a tree of its own for whatever reads the selector first."""
    monkeypatch.setattr(selector, "create_root_node", lambda *_, **__: pytest.fail("a second tree"))
    request = Request("https://www.example.it/", meta={"is_page": True})
    page = HtmlResponse(request.url, body=b"<html><body><p>Testo</p></body></html>")
    page.request = request
    _pass(page, _crawler())
    assert page.css("p::text").get() == "Testo"


def test_a_page_nested_too_deep_counts_as_answered() -> None:
    request = Request("https://www.example.it/", meta={"is_page": True})
    page = HtmlResponse(request.url, body=b"<html><body>" + b"<b>" * 3_000 + b"Testo")
    page.request = request
    crawler = _crawler()
    with pytest.raises(PageBoundError, match="nested too deep"):
        _pass(page, crawler)
    assert crawler.stats.get_value("pages/answered") == 1


def _crawler() -> Crawler:
    return get_crawler(settings_dict={"SPIDER_MIDDLEWARES": settings.SPIDER_MIDDLEWARES})


def _pass(page: Response, crawler: Crawler) -> None:
    """Do to a page what is done to it on its way to the spider."""
    methods = SpiderMiddlewareManager.from_crawler(crawler).methods["process_spider_input"]
    for process in methods:
        if process is not None:
            process(page)


def test_only_a_tree_of_parsel_is_searched_for_deep_nesting() -> None:
    pages = [HtmlResponse("https://www.example.it/", body=b"<b>" * 300 + b"Testo") for _ in "ab"]
    PageTreeMiddleware().process_spider_input(pages[0])
    assert [is_bounded(page.selector.root) for page in pages] == [True, False]
    assert [max(map(_level, page.selector.root.iter())) > 256 for page in pages] == [False, True]


def _level(element: Element) -> int:
    return 1 + sum(1 for _ in element.iterancestors())
