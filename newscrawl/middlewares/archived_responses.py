"""Keeps each response of a run as it was served, for the archive of the run."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from scrapy.downloadermiddlewares.httpcompression import ACCEPTED_ENCODINGS
from scrapy.exceptions import NotConfigured

from newscrawl.context import of as context_of
from newscrawl.dumps.part_files import part_of
from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.scrapy import archived_tasks
from newscrawl.ledger.store import archive_files
from newscrawl.ledger.store.locks import create_locked
from newscrawl.outcomes import counters
from newscrawl.outcomes import task as tasks
from newscrawl.text import key_of, without_credentials
from newscrawl.version import __version__
from newscrawl.warc.exchange import (
    EXCHANGE,
    RENDERED_FROM,
    ROLE,
    TASK,
    ArchivedResponse,
    Exchange,
    Role,
)
from newscrawl.warc.response_archive import ResponseArchive

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO, Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

    from newscrawl.context import RunContext

_CODINGS = b"gzip, deflate"
_ANY_CODING = frozenset({None, b", ".join(ACCEPTED_ENCODINGS)})
"""What Scrapy asks for by itself."""
_REDIRECTS = range(300, 400)
_CUT_OFF = frozenset({"dataloss", "partial", "download_stopped"})


class ArchivedResponsesMiddleware:
    """Writes sources at once, and leaves pages of articles to their tasks, which may withhold them.

    It is next to the downloader: what other middlewares change is not in the archive. Settings:
    ARCHIVE, ARCHIVE_MAX_SIZE. Counters: `archive/…`.
    """

    def __init__(self, crawler: Crawler, context: RunContext, archive: ResponseArchive) -> None:
        self._crawler = crawler
        self._context = context
        self._archive = archive
        self._files: dict[str, bool] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawler, whose run then has an archive.

        Raises:
            NotConfigured: the crawl has no run to record.
        """
        context, settings = context_of(crawler), crawler.settings
        if context is None:
            raise NotConfigured
        context.archive = ResponseArchive(
            partial(_stem, context),
            partial(_info, context, settings["USER_AGENT"]),
            partial(_facts, context),
            _open_part,
            settings.getint("ARCHIVE_MAX_SIZE"),
        )
        return cls(crawler, context, context.archive)

    def process_request(self, request: Request) -> None:
        """Ask for no coding that readers of archives do not all know."""
        if request.headers.get("Accept-Encoding") in _ANY_CODING:
            request.headers["Accept-Encoding"] = _CODINGS

    async def process_response(self, request: Request, response: Response) -> Response:
        """Return the response, after keeping it."""
        exchange = _exchange(request, response)
        exchange.earlier = await self._earlier(exchange)
        request.meta[EXCHANGE] = exchange
        task = request.meta.get(TASK) or tasks.of(request)
        is_redirect = exchange.status in _REDIRECTS and exchange.status != 304
        if task is not None and task.kind == tasks.ARTICLE and not is_redirect:
            if exchange.role is Role.PAGE:
                # A further try takes the place of the one before.
                task.exchanges.clear()
            task.exchanges.append(exchange)
            return response
        if exchange.role is Role.TEXTS and self._context.rights.is_respected:
            self._crawler.stats.inc_value(f"{counters.ARCHIVE_LEFT_OUT}{Role.TEXTS.value}")
            return response
        try:
            self._archive.add(exchange)
        except OSError as error:
            archived_tasks.break_off(self._crawler, error)
            return response
        if task is not None:
            task.exchanges = [exchange]
        return response

    async def _earlier(self, exchange: Exchange) -> ArchivedResponse | None:
        """Return the last response of the address whose payload is in an archive of the series."""
        key = key_of(exchange.url)
        earlier, ledger = self._archive.recent(key), client.of(self._crawler)
        if earlier is None and ledger is not None and ledger.run is not None:
            try:
                earlier = await ledger.read(archive_files.earlier, key)
            except LedgerError:
                # It ends the run.
                return None
        if earlier is None or not self._exists(earlier.location.file):
            return None
        return earlier

    def _exists(self, name: str) -> bool:
        """Return whether a file of the series' archives is still where it was written."""
        if name not in self._files:
            path = self._context.paths.stem.with_name(name)
            is_own = any(own.name == name for own in self._archive.paths)
            self._files[name] = is_own or path.exists()
        return self._files[name]


def _stem(context: RunContext) -> Path:
    return context.paths.stem.absolute()


def _exchange(request: Request, response: Response) -> Exchange:
    meta = request.meta
    role = Role(meta.get(ROLE) or _role_of(request))
    source = meta.get(RENDERED_FROM)
    return Exchange(
        url=urldefrag(without_credentials(request.url))[0],
        received_at=datetime.now(UTC),
        status=response.status,
        headers=_lines(response.headers),
        body=response.body,
        method=request.method,
        request_headers=_request_lines(request),
        request_body=request.body,
        protocol=response.protocol or "HTTP/1.1",
        ip_address=str(response.ip_address) if response.ip_address else None,
        is_cut_off=not _CUT_OFF.isdisjoint(response.flags),
        role=role,
        original=source.request.meta.get(EXCHANGE) if source is not None else None,
    )


def _role_of(request: Request) -> Role:
    task = tasks.of(request)
    return Role.PAGE if task is not None and task.kind == tasks.ARTICLE else Role.SOURCE


def _lines(headers: Headers) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    ]


def _request_lines(request: Request) -> list[tuple[str, str]]:
    lines = _lines(request.headers)
    if not request.headers.get("Host"):
        lines.insert(0, ("Host", without_credentials(request.url).split("/")[2]))
    return lines


def _open_part(path: Path) -> IO[bytes]:
    return create_locked(part_of(path))


def _facts(context: RunContext) -> tuple[str, str]:
    """Return the site's address, and what runs have learned of a site that is not registered."""
    facts = None if context.site.is_registered else context.discovery.site_facts
    return f"{context.site.origin}/", facts or ""


def _info(context: RunContext, user_agent: str) -> dict[str, str]:
    """Return what each file of an archive says: fields of a `warcinfo` record (WARC 1.1, 6.2)."""
    return {
        "software": f"newscrawl/{__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "isPartOf": context.series,
        "robots": "obey",
        "http-header-user-agent": user_agent,
        "newscrawl-run": context.paths.run_id,
        "newscrawl-source": context.arguments.source,
        "newscrawl-site": context.site.key,
        "newscrawl-site-url": without_credentials(context.addresses.base_url),
    }
