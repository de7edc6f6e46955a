"""A page that has been read leaves memory at once."""

from __future__ import annotations

import gc
import weakref

from scrapy.http import HtmlResponse

from newscrawl.middlewares.page_text import PageTreeMiddleware


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
