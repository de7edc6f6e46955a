"""What the ledger makes of pages that were opened in the browser, or were not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from newscrawl.ledger.records import ARTICLE, Leased
from newscrawl.ledger.scrapy.leases import META, Lease, LeaseMiddleware, settle
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NOW = 1_800_000_000
URL = "https://www.alanews.it/esteri/un-titolo/"


def settled(**meta: Any) -> Any:
    """Return what becomes of an article whose callback leaves this in its meta."""
    lease = Lease(Leased(1, URL, ARTICLE, 0, 0, 0, 0, None, None, None))
    request = Request(URL, meta={META: lease, **meta})
    response = HtmlResponse(URL, headers={"ETag": '"x"'}, request=request)
    middleware = LeaseMiddleware(get_crawler())

    async def nothing() -> AsyncIterator[Any]:
        return
        yield

    async def run() -> None:
        middleware.process_spider_input(response)
        async for _ in middleware.process_spider_output(response, nothing()):
            pass

    asyncio.run(run())
    lease.result = None if "excluded" in meta else "written"
    return settle(lease, NOW, [])


def test_what_a_script_has_filled_is_not_asked_for_conditionally() -> None:
    assert settled().etag == '"x"'
    opened = settled(in_browser=True)
    assert (opened.state, opened.etag, opened.last_modified) == (DONE, None, None)


@pytest.mark.parametrize(("reason", "due"), [("needs_browser", NOW + 86_400), ("home_page", None)])
def test_a_page_that_lacked_a_browser_is_looked_at_again(reason: str, due: int | None) -> None:
    found = settled(excluded=f"not_article: {reason}")
    assert (found.state, found.due) == (EXCLUDED, due)


def test_a_page_that_the_browser_failed_on_is_tried_again() -> None:
    found = settled(failure="browser: deadline")
    assert (found.state, found.result, found.due) == (FAILED, "browser: deadline", NOW)
