"""Opens one page of the twin in the browser again and again, in a process of its own.

python -m tests.support.visits BASE PATH STEPS, where STEPS is a JSON list of scripts to add to
the page; `KILL` kills the browser instead, `IDLE` waits until it has been given up. A line of
JSON for each step says what came of it and what the browser has in memory then.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from contextlib import suppress
from typing import Any
from urllib.request import urlopen

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy.utils.project import get_project_settings
from twisted.internet import asyncioreactor

from newscrawl.browser import META, BrowserError, RenderRequest, session
from newscrawl.spiders.alanews import AlanewsSpider
from newscrawl.spiders.renderer import ARTICLE
from tests.support.chromium import descendants, memory
from tests.support.waiting import HANG

KILL, IDLE = "KILL", "IDLE"
HUNG = "<script>for (;;) {}</script>"


def fetched(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 - the twin's
        return str(answer.read().decode())


async def run(base: str, path: str, page: str, steps: list[str]) -> None:
    settings = get_project_settings()
    settings.setdict({"BROWSER_IDLE": 1.5, "BROWSER_MAX_RESTARTS": 1, "DOWNLOAD_DELAY": 0})
    crawler = Crawler(AlanewsSpider, settings)
    crawler._apply_settings()
    settings = crawler.settings
    settings.frozen = False
    crawler.spider, crawler.crawling = AlanewsSpider.from_crawler(crawler, site_url=base), True
    browser = session.of(crawler)
    for before, step in zip(["", *steps], steps, strict=False):
        began, outcome = time.monotonic(), step
        if step == KILL:
            for pid in descendants(os.getpid()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            await no_browser()
        elif step == IDLE:
            await no_browser()
        else:
            # Only the page that hangs may meet its time limit.
            settings.set("BROWSER_TIMEOUT", 5 if step == HUNG else HANG)
            outcome = await visit(browser, base + path, page.replace("</body>", f"{step}</body>"))
        told: dict[str, Any] = {
            "outcome": outcome,
            "seconds": round(time.monotonic() - began, 2),
            "memory": await memory_left(10 if before == HUNG else 0),
            "processes": len(descendants(os.getpid())),
            "starts": crawler.stats.get_value("browser/starts", 0),
        }
        sys.stdout.write(f"{json.dumps(told)}\n")
    await browser.close()


async def no_browser() -> None:
    """Wait until the browser's processes have ended and this one has heard of it."""
    until = time.monotonic() + HANG
    while descendants(os.getpid()) and time.monotonic() < until:  # noqa: ASYNC110 - no event tells
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


async def memory_left(looks: int) -> int:
    """Return the least memory of some looks: processes that have crashed take a moment to end."""
    least = memory(descendants(os.getpid()))
    for _ in range(looks):
        await asyncio.sleep(0.1)
        least = min(least, memory(descendants(os.getpid())))
    return round(least)


async def visit(browser: session.BrowserSession, url: str, html: str) -> str:
    response = HtmlResponse(url, body=html, encoding="utf-8", request=Request(url))
    try:
        found = await browser.fetch(Request(url, meta={META: RenderRequest(response, ARTICLE)}))
    except BrowserError as error:
        return error.reason
    return "filled" if ARTICLE.is_reached(found.text) else "not filled"


if __name__ == "__main__":
    os.environ["SCRAPY_SETTINGS_MODULE"] = "newscrawl.settings"
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    base, path, steps = sys.argv[1:]
    loop.run_until_complete(run(base, path, fetched(base + path), json.loads(steps)))
