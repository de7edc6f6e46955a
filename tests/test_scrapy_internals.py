"""What newscrawl.scrapy_internals assumes of the installed packages, one check for each.

A check that fails names the assumption and the installed versions: read the package's source,
then change newscrawl/scrapy_internals.py.
"""

from __future__ import annotations

import asyncio
import re
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import fields as fields_of
from dataclasses import make_dataclass
from importlib.metadata import version
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from unittest.mock import AsyncMock, MagicMock, patch

import pytest
import scrapy
import scrapy_playwright.handler as playwright_handler
import scrapy_playwright.provider as playwright_provider
import spidermon.runners
from lxml.html import fromstring
from playwright.async_api import Error
from scrapy import Request, Spider, signals
from scrapy.commands import crawl as crawl_command
from scrapy.core.downloader import Downloader
from scrapy.core.downloader.handlers import http11
from scrapy.core.engine import ExecutionEngine
from scrapy.core.scheduler import BaseScheduler
from scrapy.core.scraper import Slot as ScraperSlot
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.downloadermiddlewares import robotstxt
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import CannotResolveHostError, CloseSpider, IgnoreRequest
from scrapy.extensions.feedexport import FeedSlot
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.selector import Selector
from scrapy.settings import Settings
from spidermon import Monitor, MonitorSuite
from twisted.internet import defer
from twisted.internet.endpoints import HostnameEndpoint, TCP4ClientEndpoint
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.web import _newclient
from twisted.web.client import BrowserLikePolicyForHTTPS
from twisted.web.http_headers import Headers

from newscrawl import scrapy_internals
from newscrawl.ledger.scrapy.leases import LeaseMiddleware
from newscrawl.middlewares.redirects import RedirectMiddlewareWithoutReferer
from newscrawl.run.finish import FinishExtension
from newscrawl.scrapy_internals import (
    InterfaceChangedError,
    PlaywrightBrowser,
    TransferHooks,
)
from tests.support.engine import SETTINGS, SITE, PagesSpider, page, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager


_THIS = "tests.test_scrapy_internals"


# --- The engine -------------------------------------------------------------------------------


class IdleScheduler(BaseScheduler):
    """Gives no request, and keeps the crawl open until it is told not to."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_done = False

    def has_pending_requests(self) -> bool:
        return not self.is_done

    def enqueue_request(self, request: Request) -> bool:
        return False

    def next_request(self) -> None:
        self.asked += 1


class NothingSpider(Spider):
    name = "nothing"

    async def start(self) -> AsyncIterator[Any]:
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request


def waking() -> None:
    async def watch(crawler: Crawler) -> None:
        await _opened(crawler)
        engine = crawler.engine
        assert engine is not None
        scheduler = engine.scheduler
        assert isinstance(scheduler, IdleScheduler)
        await asyncio.sleep(0.1)
        before = scheduler.asked
        scrapy_internals.wake(engine)
        await asyncio.sleep(0.1)
        assert scheduler.asked > before, "the scheduler was not asked"
        scheduler.is_done = True
        began = asyncio.get_running_loop().time()
        scrapy_internals.wake(engine)
        while engine.spider is not None:
            assert asyncio.get_running_loop().time() - began < 3, "the engine slept on"
            await asyncio.sleep(0.01)
        scrapy_internals.wake(engine)

    crawler = run({"SCHEDULER": f"{_THIS}.IdleScheduler"}, NothingSpider, watch)
    assert crawler.engine is not None
    scrapy_internals.wake(crawler.engine)


async def _opened(crawler: Crawler) -> None:
    while crawler._engine is None or not crawler._engine.running:  # noqa: ASYNC110 - no signal is sent so late
        await asyncio.sleep(0.005)


def requests_in_progress() -> None:
    """Compare with the engine's own set; hold it to what a request goes through."""
    seen: list[tuple[set[str], set[str]]] = []
    places: set[str] = set()

    async def watch(crawler: Crawler) -> None:
        await _opened(crawler)
        engine = crawler.engine
        assert engine is not None
        while (slot := engine._slot) is not None:
            in_hand = {request.url for request in scrapy_internals.requests_in_progress(engine)}
            seen.append((in_hand, {request.url for request in slot.inprogress}))
            assert engine.scraper.slot is not None
            places.update(["downloader"] if engine.downloader.active else [])
            places.update(["scraper"] if engine.scraper.slot.active else [])
            await asyncio.sleep(0)

    run({"CONCURRENT_REQUESTS_PER_DOMAIN": 3}, watch=watch)
    assert [pair for pair in seen if pair[0] != pair[1]] == []
    assert {url for pair in seen for url in pair[0]} == {f"{SITE}/{number}" for number in range(8)}
    assert places == {"downloader", "scraper"}
    # Only while the scraper is full do answers wait in its queue: an entry is looked at by itself.
    slot, request = ScraperSlot(), Request(SITE)
    slot.add_response_request(Response(SITE), request)
    engine = SimpleNamespace(
        downloader=SimpleNamespace(active=set()), scraper=SimpleNamespace(slot=slot)
    )
    assert [*scrapy_internals.requests_in_progress(engine)] == [request]  # type: ignore[arg-type]


def stopping() -> None:
    states: list[bool] = []

    async def watch(crawler: Crawler) -> None:
        await _opened(crawler)
        states.append(scrapy_internals.is_stopping(crawler))
        ending = asyncio.ensure_future(crawler.stop_async())
        await asyncio.sleep(0)
        states.append(scrapy_internals.is_stopping(crawler))
        await ending

    run(watch=watch)
    assert states == [False, True]


def closing() -> None:
    states: list[bool] = []

    async def watch(crawler: Crawler) -> None:
        await _opened(crawler)
        assert crawler.engine is not None
        states.append(scrapy_internals.is_closing(crawler))
        ending = asyncio.ensure_future(crawler.engine.close_spider_async(reason="enough"))
        await asyncio.sleep(0)
        states.append(scrapy_internals.is_closing(crawler))
        await ending

    run(watch=watch)
    assert states == [False, True]


# --- The downloader ---------------------------------------------------------------------------


class TurnsDownloader(TransferHooks, Downloader):
    """Notes each turn; the page `/3` gets none."""

    log: ClassVar[list[str]] = []

    def uses_host_slots(self) -> bool:
        return True

    def host_slot(
        self, request: Request, delay: float, *, alone: bool
    ) -> AbstractAsyncContextManager[None]:
        return self._turn(request, alone=alone)

    @asynccontextmanager
    async def _turn(self, request: Request, *, alone: bool) -> AsyncIterator[None]:
        path = request.url.removeprefix(SITE)
        if path == "/3":
            raise OSError("no turn")
        self.log.append(f"{'alone' if alone else 'among others'}: {path}")
        yield
        self.log.append(f"after {path}")

    def error_of(self, request: Request, error: Exception) -> Exception:
        return IgnoreRequest(f"{request.url.removeprefix(SITE)}: {error}")


def transfers() -> None:
    asked: list[tuple[str, bool]] = []

    async def answer(request: Request) -> Response:
        path = request.url.removeprefix(SITE)
        asked.append((path, f"alone: {path}" in TurnsDownloader.log))
        return await page(request)

    TurnsDownloader.log.clear()
    crawler = run(
        {
            "DOWNLOADER": f"{_THIS}.TurnsDownloader",
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "ROBOTSTXT_OBEY": True,
            "ANSWER": answer,
        }
    )
    expected = {"/robots.txt", *(f"/{number}" for number in range(8) if number != 3)}
    assert {path for path, _ in asked} == expected
    assert all(had_turn for _, had_turn in asked), "fetched without a turn"
    assert {path for path in expected if f"after {path}" not in TurnsDownloader.log} == set()
    assert crawler.stats.get_value("failed//3: no turn") == 1
    assert crawler.stats.get_value("finish_reason") == "finished"
    assert crawler.engine is not None
    # A slot that is kept has given all its places back.
    assert crawler.engine.downloader.slots
    for slot in crawler.engine.downloader.slots.values():
        assert [*slot.transferring, *slot.queue, *slot.active] == []


@pytest.mark.parametrize(("number", "is_refused"), [(5, False), (50, True)])
def test_headers_beyond_a_limit_end_their_response(number: int, *, is_refused: bool) -> None:
    def refuse(_: bytes) -> None:
        raise ValueError("too large")

    handler = SimpleNamespace(_pool=SimpleNamespace(_factory=http11._LenientHTTP11ClientFactory))
    scrapy_internals.bound_headers(handler, 200, refuse)
    connection = handler._pool._factory(lambda _: None, "connection").buildProtocol(None)
    connection.makeConnection(StringTransport())  # type: ignore[no-untyped-call]
    headers = Headers({b"Host": [b"site.example"]})
    request = _newclient.Request(b"GET", b"/", headers, None)  # type: ignore[no-untyped-call]
    result = connection.request(request)
    outcomes: list[Any] = []
    result.addBoth(outcomes.append)
    connection.dataReceived(b"HTTP/1.1 200 OK\r\n")
    for _ in range(number):
        connection.dataReceived(b"Name: value\r\n")
    connection.dataReceived(b"Content-Length: 500\r\n\r\n")
    if is_refused:
        assert "too large" in str(outcomes[0].value.reasons)
    else:
        assert outcomes[0].code == 200
        # A body is not counted.
        connection.dataReceived(b"x" * 500)
        assert connection.state == "QUIESCENT"


def connections() -> None:
    pool, tls = MagicMock(), MagicMock()
    # A handler needs a reactor, but its requests can be made without one.
    handler: Any = object.__new__(http11.HTTP11DownloadHandler)
    handler._pool, handler._contextFactory = object(), object()
    scrapy_internals.replace_connections(handler, lambda *_: (pool, tls))
    handler._crawler = SimpleNamespace(spider=None)
    handler._bind_address = handler._default_maxsize = handler._default_warnsize = None
    handler._fail_on_dataloss = handler._tls_verbose_logging = True
    made: list[dict[str, Any]] = []

    class Agent:
        def __init__(self, **options: Any) -> None:
            made.append(options)

        def download_request(self, request: Request) -> Any:
            return defer.succeed(request)

    with patch.object(http11, "_ScrapyAgent", Agent), suppress(RuntimeError):
        handler.download_request(Request(SITE)).send(None)
    assert (made[0]["pool"], made[0]["contextFactory"]) == (pool, tls)
    # Twisted does not say of what types these are.
    untyped: Any = (MemoryReactorClock, BrowserLikePolicyForHTTPS)
    reactor, policy = (make() for make in untyped)
    agent: Any = http11._BindAddressAgent(reactor, policy, pool=pool)
    agent.request(b"GET", b"http://site.example:8000/a")
    ((key, endpoint), _) = pool.getConnection.call_args
    assert key[:3] == (b"http", b"site.example", 8000)
    assert isinstance(endpoint, HostnameEndpoint)
    assert issubclass(http11._TunnelingTCP4ClientEndpoint, TCP4ClientEndpoint)
    proxied: Any = http11._ScrapyProxyAgent(reactor, b"http://proxy:1", policy, pool=pool)
    proxied.request(b"GET", b"http://site.example:8000/a")
    assert pool.getConnection.call_args.args[0][0] == b"http-proxy"


# --- robots.txt -------------------------------------------------------------------------------


def robots_text() -> None:
    refused: list[Exception] = []

    class AskingSpider(PagesSpider):
        def failed(self, failure: Any) -> None:
            refused.append(failure.value)

    async def answer(request: Request) -> Response:
        if request.url.endswith("/robots.txt"):
            body = b"User-agent: *\nDisallow: /2\n"
            return Response(request.url, body=body, request=request)
        return await page(request)

    run({"ROBOTSTXT_OBEY": True, "ANSWER": answer}, AskingSpider)
    assert [str(error) for error in refused] == [scrapy_internals.ROBOTS_FORBID]
    assert all(
        isinstance(error, IgnoreRequest) and scrapy_internals.is_forbidden(error)
        for error in refused
    )
    assert not scrapy_internals.is_forbidden(IgnoreRequest("another site: example.org"))


def referers() -> None:
    crawler = Crawler(NothingSpider, {})
    middleware = RedirectMiddlewareWithoutReferer.from_crawler(crawler)
    request = Request(f"{SITE}/a", headers={"Referer": f"{SITE}/"})
    response = Response(f"{SITE}/a", 301, headers={"Location": "/b"})
    redirected = middleware.process_response(request, response)
    assert isinstance(redirected, Request)
    assert redirected.url == f"{SITE}/b"
    assert "Referer" not in redirected.headers


def selectors() -> None:
    response = HtmlResponse(SITE, body=b"<p>Testo</p>")
    scrapy_internals.set_tree(response, fromstring("<p>Altro</p>"))
    assert response.css("p::text").get() == "Altro"


# --- Feeds and commands -----------------------------------------------------------------------


def feeds(folder: Any) -> None:
    uris: list[str] = []

    async def watch(crawler: Crawler) -> None:
        def closed(slot: FeedSlot) -> None:
            uris.append(scrapy_internals.feed_uri(slot))

        crawler.signals.connect(closed, signals.feed_slot_closed, weak=False)

    run({"FEEDS": {f"{folder}/%(name)s.jsonl": {"format": "jsonl"}}}, watch=watch)
    assert uris == [f"{folder}/pages.jsonl"]


def commands() -> None:
    command = crawl_command.Command()
    command.crawler_process = AsyncCrawlerRunner(SETTINGS)  # type: ignore[assignment]
    spider: Any = NothingSpider
    crawler = scrapy_internals.create_crawler(command, spider)
    assert isinstance(crawler, Crawler)
    assert crawler.spidercls is NothingSpider


class BrokenSpider(NothingSpider):
    @classmethod
    def from_crawler(cls, *_: Any, **__: Any) -> BrokenSpider:
        raise OSError("broken")


def failed_starts() -> None:
    async def both() -> list[bool]:
        outcomes = []
        for spider in (NothingSpider, BrokenSpider):
            runner = AsyncCrawlerRunner({**SETTINGS, "ANSWER": page})
            await asyncio.gather(runner.crawl(spider), return_exceptions=True)
            outcomes.append(scrapy_internals.has_failed_to_start(runner))
        return outcomes

    with pytest.MonkeyPatch.context() as patching:
        patching.delitem(sys.modules, "twisted.internet.reactor", raising=False)
        assert asyncio.run(both()) == [False, True]


# --- Spidermon --------------------------------------------------------------------------------


def _suite() -> type[Any]:
    """Return a suite; at module level pytest would run its monitor."""

    class SampleMonitor(Monitor):  # type: ignore[misc] # Spidermon ships no types
        def test_passes(self) -> None:
            assert self.data.number == 7

        def test_fails(self) -> None:
            self.fail("too few")

        def test_raises(self) -> None:
            raise OSError("broken")

        def test_skips(self) -> None:
            self.skipTest("not today")

    class SampleSuite(MonitorSuite):  # type: ignore[misc] # Spidermon ships no types
        monitors: ClassVar[list[type[Any]]] = [SampleMonitor]

    return SampleSuite


def monitors() -> None:
    outcomes = scrapy_internals.run_monitors(_suite(), None, {"number": 7})
    found = {outcome.method: outcome for outcome in outcomes}
    assert {name: outcome.status for name, outcome in found.items()} == {
        "test_passes": "passed",
        "test_fails": "failed",
        "test_raises": "error",
        "test_skips": "passed",
    }
    assert {outcome.name for outcome in outcomes} == {"SampleMonitor"}
    assert found["test_fails"].reason == "too few"
    assert str(found["test_raises"].error).strip().endswith("OSError: broken")


# --- scrapy-playwright ------------------------------------------------------------------------


class FakeProvider(playwright_provider.PlaywrightBrowserProvider):  # type: ignore[misc] # no types
    """Starts no driver; its browser is a pretence."""

    last: ClassVar[Any] = None

    async def start(self) -> None:
        type(self).last = self
        self.browser_type = MagicMock()
        self.browser_type.name = self.config.browser_type_name
        self.browser_type.launch = AsyncMock(return_value=_browser())
        self.browser_type.connect = self.browser_type.connect_over_cdp = AsyncMock(
            side_effect=AssertionError("connected to another browser")
        )


def _browser() -> Any:
    context = MagicMock(pages=[])
    context.close = AsyncMock()
    context.new_page = AsyncMock(side_effect=_page)
    browser = MagicMock()
    browser.is_connected.return_value = True
    browser.new_context, browser.close = AsyncMock(return_value=context), AsyncMock()
    return browser


def _page() -> Any:
    opened = MagicMock(url=f"{SITE}/")
    opened.route, opened.close = AsyncMock(), AsyncMock()
    opened.goto = AsyncMock(return_value=None)
    opened.content = AsyncMock(return_value="<html></html>")
    return opened


def _started(work: Callable[[PlaywrightBrowser, Any], Any]) -> None:
    """Do something with a browser that was started while another use of it is configured."""
    settings = Settings(
        {
            "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
            "PLAYWRIGHT_BROWSER_PROVIDER": FakeProvider,
            "PLAYWRIGHT_CDP_URL": "http://127.0.0.1:9222",
            "PLAYWRIGHT_BROWSER_TYPE": "firefox",
            "PLAYWRIGHT_CONTEXTS": {"other": {}},
            "PLAYWRIGHT_LAUNCH_OPTIONS": {"args": ["--other"]},
            "PLAYWRIGHT_ABORT_REQUEST": lambda _: False,
        }
    )
    crawler = MagicMock(settings=settings, spider=NothingSpider())
    crawler.stats.get_value.return_value = 0

    async def start() -> None:
        with pytest.MonkeyPatch.context() as patching:
            # The handler's base class would start a pool of connections in a reactor.
            patching.setattr(playwright_handler, "verify_installed_reactor", lambda _: None)
            patching.setattr(playwright_handler.HTTP11DownloadHandler, "__init__", _without_reactor)
            patching.setattr(playwright_handler.HTTP11DownloadHandler, "close", AsyncMock())
            browser = PlaywrightBrowser(crawler, {"args": ["--ours"]})
            await browser.start()
            await work(browser, FakeProvider.last)
            await browser.close()

    asyncio.run(start())


def _without_reactor(self: Any, crawler: Any) -> None:
    self.crawler = self._crawler = crawler


def _request(**meta: Any) -> Request:
    return Request(
        f"{SITE}/",
        meta={
            "playwright": True,
            "playwright_include_page": True,
            "playwright_context": "run",
            "playwright_context_kwargs": {"locale": "it-IT"},
            **meta,
        },
    )


def browser_starts() -> None:
    async def work(browser: PlaywrightBrowser, provider: Any) -> None:
        provider.browser_type.launch.assert_awaited_once_with(args=["--ours"])
        assert provider.config.browser_type_name == "chromium"
        assert provider.config.target_closed_max_retries == 0
        assert browser.is_connected
        # The configured context of another use was not opened.
        assert not provider.browser_type.launch.return_value.new_context.called

    _started(work)


def browser_disconnects() -> None:
    async def work(browser: PlaywrightBrowser, provider: Any) -> None:
        launched = provider.browser_type.launch.return_value
        (name, callback), _ = launched.on.call_args
        assert name == "disconnected"
        await callback()
        assert not browser.is_connected

    _started(work)


def browser_contexts() -> None:
    async def work(browser: PlaywrightBrowser, provider: Any) -> None:
        launched = provider.browser_type.launch.return_value
        await browser.open_page(_request())
        launched.new_context.assert_awaited_once_with(locale="it-IT")
        context = launched.new_context.return_value
        await browser.close_context("run")
        context.close.assert_awaited_once()
        await browser.close_context("run")
        await browser.open_page(_request())
        assert launched.new_context.await_count == 2

    _started(work)


def browser_pages() -> None:
    async def work(browser: PlaywrightBrowser, _: Any) -> None:
        prepare = AsyncMock()
        request = _request(
            playwright_page_init_callback=prepare,
            playwright_page_goto_kwargs={"wait_until": "commit", "timeout": 0},
        )
        opened = await browser.open_page(request)
        assert opened is request.meta["playwright_page"]
        prepare.assert_awaited_once()
        opened.goto.assert_awaited_once_with(url=f"{SITE}/", wait_until="commit", timeout=0)
        assert not opened.close.called
        # The rule that is asked last leaves nothing to pass.
        (pattern, rule), _ = opened.route.call_args
        assert pattern == "**"
        route = MagicMock(abort=AsyncMock(), continue_=AsyncMock())
        await rule(route, MagicMock())
        assert route.abort.await_count == 1
        assert not route.continue_.called

    _started(work)


def browser_downloads() -> None:
    async def work(browser: PlaywrightBrowser, provider: Any) -> None:
        launched = provider.browser_type.launch.return_value
        opened = _page()
        launched.new_context.return_value.new_page.side_effect = None
        launched.new_context.return_value.new_page.return_value = opened

        async def downloads(**_: Any) -> None:
            listeners = {call.args[0]: call.args[1] for call in opened.on.call_args_list}
            await listeners["download"](MagicMock(failure=AsyncMock(return_value="canceled")))
            raise Error("net::ERR_ABORTED")

        opened.goto.side_effect = downloads
        assert await browser.open_page(_request()) is opened

    _started(work)


# --- All of them ------------------------------------------------------------------------------


def _renamed(owner: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patching: patching.delattr(owner, name)


def _replaced(owner: Any, name: str, by: Any) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patching: patching.setattr(owner, name, by, raising=False)


def _silent(*_: Any, **__: Any) -> None:
    """Do nothing."""


async def _bypassing(self: Any, request: Request) -> Any:
    return await self.handlers.download_request_async(request)


async def _doing_nothing(self: Any, **_: str) -> None:
    self.crawler.crawling = True
    await self.stop_async()


def _redirecting(_: Any, request: Request, response: Response) -> Request:
    return request.replace(url=response.urljoin("/b"))


CHECKS: dict[str, tuple[str, Callable[..., None], Callable[[pytest.MonkeyPatch], None]]] = {
    "engine._slot.nextcall.schedule() wakes the engine": (
        "scrapy", waking, _replaced(scrapy.utils.reactor.CallLaterOnce, "schedule", _silent),
    ),
    "downloader.active and scraper.slot hold the requests in hand": (
        "scrapy", requests_in_progress,
        _replaced(ScraperSlot, "next_response_request_deferred",
                  lambda self: self.queue.popleft()),
    ),
    "Crawler.crawling ends with the call of stop_async()": (
        "scrapy", stopping,
        _replaced(Crawler, "stop_async", lambda self: self.engine.stop_async()),
    ),
    "engine._slot.closing is set when the closing of the spider begins": (
        "scrapy", closing,
        _replaced(ExecutionEngine, "close_spider_async", _doing_nothing),
    ),
    "Downloader._process_queue() and _wait_for_download() make each transfer": (
        "scrapy", transfers, _replaced(Downloader, "_enqueue_request", _bypassing),
    ),
    "connections come from the handler's _pool, by scheme, host and port": (
        "scrapy", connections,
        _replaced(http11._BindAddressAgent, "_requestWithEndpoint", _silent),
    ),
    "the text of the error for what robots.txt forbids": (
        "scrapy", robots_text,
        _replaced(robotstxt, "IgnoreRequest", lambda _: IgnoreRequest("Not allowed")),
    ),
    "RedirectMiddleware.handle_referer() is asked of each redirect": (
        "scrapy", referers,
        _replaced(RedirectMiddleware, "process_response", _redirecting),
    ),
    "TextResponse.selector is from _cached_selector": (
        "scrapy", selectors,
        _replaced(TextResponse, "selector", property(Selector)),
    ),
    "FeedSlot.uri": (
        "scrapy", feeds,
        _replaced(FeedSlot, "uri", property(lambda _: "", _silent)),
    ),
    "Command._create_crawler()": (
        "scrapy", commands, _renamed(scrapy.commands.BaseRunSpiderCommand, "_create_crawler"),
    ),
    "CrawlerRunner.bootstrap_failed": (
        "scrapy", failed_starts, _replaced(AsyncCrawlerRunner, "bootstrap_failed", property(
            lambda _: False, _silent)),
    ),
    "MonitorRunner.run() and its results": (
        "spidermon", monitors,
        _renamed(spidermon.runners.MonitorResult, "monitor_results"),
    ),
    "scrapy-playwright starts by _launch(), _maybe_launch_browser() and config": (
        "scrapy-playwright", browser_starts,
        _renamed(playwright_handler.ScrapyPlaywrightDownloadHandler, "_maybe_launch_browser"),
    ),
    "scrapy-playwright's handler.browser ends when it disconnects": (
        "scrapy-playwright", browser_disconnects,
        _replaced(playwright_handler.ScrapyPlaywrightDownloadHandler,
                  "_browser_disconnected_callback", AsyncMock()),
    ),
    "scrapy-playwright's handler.context_wrappers": (
        "scrapy-playwright", browser_contexts,
        _replaced(playwright_handler, "BrowserContextWrapper", MagicMock()),
    ),
    "scrapy-playwright's page, its rules and handler.abort_request": (
        "scrapy-playwright", browser_pages,
        _replaced(playwright_handler, "_maybe_execute_page_init_callback", AsyncMock()),
    ),
    "scrapy-playwright reports a refused download as RuntimeError": (
        "scrapy-playwright", browser_downloads,
        _replaced(playwright_handler, "RuntimeError", OSError),
    ),
}  # fmt: skip


def holds(name: str, folder: Any) -> None:
    """Check an assumption.

    Raises:
        AssertionError: with the assumption and the version of Scrapy and of the package.
    """
    package, check, _ = CHECKS[name]
    try:
        check(folder) if check is feeds else check()
    except Exception as error:
        packages = f"Scrapy {scrapy.__version__}"
        if package != "scrapy":
            packages += f", {package} {version(package)}"
        raise AssertionError(f"{packages}: no longer so: {name}: {error!r}") from error


@pytest.mark.parametrize("name", CHECKS)
def test_scrapy_and_its_companions_are_as_assumed(name: str, tmp_path: Any) -> None:
    holds(name, tmp_path)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", CHECKS)
def test_a_change_fails_with_the_version(
    name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, _, change = CHECKS[name]
    change(monkeypatch)
    with pytest.raises(AssertionError) as caught:
        holds(name, tmp_path)
    assert f"Scrapy {scrapy.__version__}" in str(caught.value)
    assert version(package) in str(caught.value)
    assert name in str(caught.value)


# --- What is missing is loud ------------------------------------------------------------------


class Renamed:
    """Scrapy's downloader after a rename."""

    async def _wait_for_download(self, slot: Any, request: Any, queue_dfd: Any) -> None:
        """Do nothing."""


class Resigned(Renamed):
    """Scrapy's downloader after another change."""

    def _process_queue(self, slot: Any, spider: Any) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("base", "told"),
    [
        (Renamed, "Renamed has no _process_queue()"),
        (Resigned, "Resigned._process_queue() takes (self, slot"),
    ],
)
def test_an_override_that_would_never_be_called_cannot_be_defined(base: Any, told: str) -> None:
    with pytest.raises(InterfaceChangedError) as caught:
        type("Throttled", (TransferHooks, base), {})
    assert f"scrapy {scrapy.__version__} (written for " in str(caught.value)
    assert told in str(caught.value)


def test_a_setting_of_the_browser_that_is_no_more_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fields = [entry for entry in fields_of(playwright_handler.Config) if entry.name != "cdp_url"]
    other = make_dataclass("Config", [(entry.name, Any, None) for entry in fields])
    monkeypatch.setattr(other, "from_settings", lambda _: other(), raising=False)
    monkeypatch.setattr(playwright_handler, "Config", other)

    async def work(*_: Any) -> None:
        """Do nothing."""

    with pytest.raises(InterfaceChangedError, match=re.escape(version("scrapy-playwright"))):
        _started(work)


def test_requests_that_wait_together_for_robots_txt_all_obey_it() -> None:
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        if request.url.endswith("/robots.txt"):
            await asyncio.sleep(0.5)
            return Response(request.url, body=b"User-agent: *\nDisallow: /\n", request=request)
        asked.append(request.url)
        return await page(request)

    crawler = run(
        {
            "ROBOTSTXT_OBEY": True,
            "ANSWER": answer,
            "DOWNLOADER_MIDDLEWARES": {
                "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
                "newscrawl.middlewares.robots.RobotsMiddleware": 100,
            },
        }
    )
    assert asked == []
    assert crawler.stats.get_value("robotstxt/forbidden") == 8


# --- Public ways that take the place of private ones ------------------------------------------


class FailingSpider(PagesSpider):
    """Fails after half of what it starts with."""

    failure: ClassVar[Exception | None] = None

    async def start(self) -> AsyncIterator[Any]:
        yield {"url": "an item"}
        async for request in super().start():
            if request.url.endswith("/4") and self.failure:
                raise self.failure
            yield request


@pytest.mark.parametrize("failure", [None, OSError("broken"), CloseSpider("enough")])
def test_the_signals_tell_what_the_engine_knows_of_the_start(
    failure: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`process_start` and `spider_error` against `engine._start` and `engine._start_error`."""
    seen: list[tuple[bool, bool]] = []
    next_request = ExecutionEngine._start_scheduled_request

    def compared(engine: ExecutionEngine) -> bool:
        middleware = engine.crawler.get_spider_middleware(LeaseMiddleware)
        assert middleware is not None
        seen.append((middleware.is_starting, engine._start is not None))
        return next_request(engine)

    monkeypatch.setattr(ExecutionEngine, "_start_scheduled_request", compared)
    monkeypatch.setattr(FailingSpider, "failure", failure)
    settings = {
        "SPIDER_MIDDLEWARES": {"newscrawl.ledger.scrapy.leases.LeaseMiddleware": 0},
        "EXTENSIONS": {"newscrawl.run.finish.FinishExtension": 480},
    }
    crawler = run(settings, FailingSpider)
    assert crawler.engine is not None
    assert [pair for pair in seen if pair[0] != pair[1]] == []
    assert (True, True) in seen
    if not isinstance(failure, CloseSpider):
        assert (False, False) in seen
    extension = crawler.get_extension(FinishExtension)
    assert extension is not None
    assert extension._start_failed is crawler.engine._start_error
    assert extension._start_failed is isinstance(failure, OSError)
    reasons = {"NoneType": "finished", "OSError": "start_error", "CloseSpider": "enough"}
    expected = reasons[type(failure).__name__]
    assert crawler.stats.get_value("finish_reason") == expected


def test_an_error_of_a_callback_is_none_of_the_start() -> None:
    class RaisingSpider(PagesSpider):
        async def read(self, response: Response) -> AsyncIterator[Any]:
            raise OSError(response.url)
            yield

        def failed(self, failure: Any) -> None:
            raise OSError("errback")

    async def answer(request: Request) -> Response:
        if request.url.endswith("/2"):
            raise CannotResolveHostError("x")
        return await page(request)

    settings = {"EXTENSIONS": {"newscrawl.run.finish.FinishExtension": 480}, "ANSWER": answer}
    crawler = run(settings, RaisingSpider)
    extension = crawler.get_extension(FinishExtension)
    assert extension is not None
    assert crawler.engine is not None
    assert (extension._start_failed, crawler.engine._start_error) == (False, False)
