"""The twin's HTTP server: the theme's pages on loopback, with a log and faults on demand."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from twin import addresses
from twin import faults as faulty
from twin.block_pages import block_pages
from twin.faults import Fault, Faults
from twin.theme import archives, router
from twin.theme.index import Index
from twin.theme.list_routes import front
from twin.theme.reply import HTML, Asked, Reply
from twin.theme.site import Site

if TYPE_CHECKING:
    from twin.content import Content
    from twin.model import Switches

CONTROL = "/__twin__/"
LOG = 1_000_000
"""Requests that the log keeps."""
_HOST = re.compile(r"[a-z0-9.\-]+(:\d{1,5})?\Z")
_ORIGINS = 4


class Server:
    """Answers requests of one twin."""

    def __init__(self, content: Content, switches: Switches, faults: Faults) -> None:
        self.content = content
        self.switches = switches
        self.faults = faults
        self._replaced = asyncio.Event()
        self.index = Index(content)
        self.log: deque[tuple[str, str, int]] = deque(maxlen=LOG)
        self.times: deque[tuple[float, float]] = deque(maxlen=LOG)
        self._sites: dict[str, Site] = {}
        self._deleted: dict[str, int] = {}

    def site(self, host: str) -> Site:
        """Return the site as seen at a host; WordPress prints the host of the request."""
        host = host.lower()
        if not _HOST.match(host):
            host = "127.0.0.1"
        site = self._sites.get(host)
        if site is None:
            if len(self._sites) >= _ORIGINS:
                self._sites.pop(next(iter(self._sites)))
            site = Site(self.content, self.switches, f"http://{host}", self.index)
            self._sites[host] = site
        return site

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        target = request.raw_path
        if target.startswith(CONTROL):
            return await self._control(request, target.removeprefix(CONTROL))
        began = time.monotonic()
        try:
            return await self._answer(request, target)
        finally:
            self.times.append((began, time.monotonic()))

    async def _answer(self, request: web.BaseRequest, target: str) -> web.StreamResponse:
        form: dict[str, str] = {}
        if request.method == "POST":
            form = dict(
                parse_qsl((await request.read()).decode("utf-8", "replace"), keep_blank_values=True)
            )
        path, _, query = target.partition("?")
        if path.startswith("http"):
            path = "/" + path.split("/", 3)[-1]
        asked = Asked(
            path,
            request.method,
            dict(parse_qsl(query, keep_blank_values=True)),
            form,
            request.headers,
        )
        site = self.site(request.headers.get("Host", ""))
        chosen = self.faults.choose(target) if self.faults.faults else []
        for fault in chosen:
            if fault.kind == "slow":
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._replaced.wait(), faulty.number(fault))
        if any(fault.kind == "reset" for fault in chosen):
            self.log.append((request.method, target, 0))
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        reply = _fault_reply(site, asked, chosen) or self._page(asked, site)
        self.log.append((request.method, target, reply.status))
        return _response(reply, chosen)

    async def _control(self, request: web.BaseRequest, name: str) -> web.Response:
        """Answer the control requests of tests: log, times, reset, faults, change."""
        if name == "log":
            return web.json_response(list(self.log))
        if name == "times":
            return web.json_response(list(self.times))
        if name == "reset" and request.method == "POST":
            self.log.clear()
            self.times.clear()
            return web.json_response({"ok": True})
        if name == "faults" and request.method == "POST":
            try:
                self.faults = Faults(faulty.read(json.loads(await request.read())))
            except ValueError as error:
                return web.json_response({"error": str(error)}, status=400)
            self._replaced.set()
            self._replaced = asyncio.Event()
            return web.json_response({"ok": True})
        if name == "change" and request.method == "POST":
            try:
                self._change(json.loads(await request.read()))
            except (ValueError, TypeError) as error:
                return web.json_response({"error": str(error)}, status=400)
            return web.json_response({"ok": True})
        return web.json_response({"error": "log, times, reset, faults or change"}, status=404)

    def _change(self, change: Any) -> None:
        content = self.content
        cards = {card.id: card for card in map(content.card, range(len(content)))}
        content.changes.apply(change, content.now)
        for number, status in content.changes.deleted.items():
            if number in cards:
                self._deleted[addresses.path(cards[number], self.switches)] = status
        self.content = content.changed()
        self.index = Index(self.content)
        self._sites.clear()

    def _page(self, asked: Asked, site: Site) -> Reply:
        """Return the theme's reply, with the changes of a post applied to its page."""
        changes, reply = self.content.changes, router.answer(site, asked)
        if reply.status == 404:
            status = self._deleted.get(asked.path, 404)
            return Reply(reply.body, status, reply.type, reply.headers)
        if changes.redrawn and reply.status == 200 and isinstance(reply.body, str):
            index = self.content.by_path(asked.path)
            if index is not None:
                body = changes.redraw(self.content.card(index).id, reply.body)
                return Reply(body, reply.status, reply.type, reply.headers)
        return reply


def _fault_reply(site: Site, asked: Asked, chosen: list[Fault]) -> Reply | None:
    """Return the reply that a fault gives in place of the page."""
    for fault in chosen:
        if fault.kind == "status":
            wait = fault.retry_after
            headers = (("Retry-After", wait),) if wait is not None else ()
            status = int(faulty.number(fault))
            return Reply(f"<html><body><h1>{status}</h1></body></html>", status, headers=headers)
        if fault.kind == "redirect":
            return Reply("", 302, headers=(("Location", str(fault.value or "/")),))
        if fault.kind == "loop":
            turn = int(asked.query.get("giro", "0") or 0) + 1
            return Reply("", 302, headers=(("Location", f"{asked.path}?giro={turn}"),))
        if fault.kind == "soft404":
            return front(site) if fault.value == "home" else Reply(archives.not_found(site))
        if fault.kind == "wall":
            return Reply(block_pages()[str(fault.value or faulty.COOKIE_WALL)])
        if fault.kind == "repeat":
            base, number = faulty.first_page(asked.path)
            if number > 1:
                first = router.answer(site, Asked(base))
                body = first.encoded().replace(b"/page/2/", f"/page/{number + 1}/".encode())
                return Reply(body, first.status, first.type, first.headers)
    return None


def _response(reply: Reply, chosen: list[Fault]) -> web.Response:
    body, kind = reply.encoded(), reply.type
    for fault in chosen:
        if fault.kind == "truncate" and reply.status == 200:
            body = faulty.cut(body, faulty.number(fault))
        if fault.kind == "script" and kind == HTML:
            body = faulty.with_script(body, str(fault.value))
        if fault.kind == "charset":
            if fault.encoded:
                body = body.decode("utf-8").encode(fault.encoded, "replace")
            kind = f"{kind.partition(';')[0]}; charset={fault.value or 'ISO-8859-1'}"
    response = web.Response(body=body, status=reply.status)
    response.headers["Content-Type"] = kind
    response.headers["Server"] = "nginx"
    for name, value in reply.headers:
        response.headers.add(name, value)
    return response


async def serve(server: Server, port: int) -> tuple[web.ServerRunner, int]:
    """Start on loopback; return the runner and the port, a free one for port 0."""
    runner = web.ServerRunner(web.Server(server.handle), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, int(runner.addresses[0][1])
