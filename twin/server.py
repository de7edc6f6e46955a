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
from twin.damage import damaged
from twin.faults import Faults
from twin.site_changes import CHANGES
from twin.site_constants import TWIN_HEADER
from twin.substitutes import substitute
from twin.theme import router
from twin.theme.areas import area, article
from twin.theme.index import Index
from twin.theme.page_faults import PageFaults
from twin.theme.reply import Asked, Reply, redirect
from twin.theme.site import Site

if TYPE_CHECKING:
    from twin.content import Content
    from twin.faults import Fault
    from twin.model import Card, Switches

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
        self._renamed: dict[str, int] = {}

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
        chosen = self.faults.choose(target, *area(site, asked)) if self.faults.faults else []
        for fault in chosen:
            if fault.kind == "slow":
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._replaced.wait(), faulty.number(fault))
        if any(fault.kind == "reset" for fault in chosen):
            self.log.append((request.method, target, 0))
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        if chosen:
            site = site.under(_page_faults(chosen))
        reply = damaged(substitute(site, asked, chosen) or self._page(asked, site), chosen)
        self.log.append((request.method, target, reply.status))
        return _response(reply)

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
        content, values = self.content, change if isinstance(change, dict) else {}
        if content.by_slug(str(values.get("slug", ""))) is not None:
            raise ValueError("rename: another post has this slug")
        name = next((name for name in CHANGES[1:] if name in values), "")
        number = int(values[name]) if name else 0
        if name not in ("", "edit", "delete") and not content.has_known(number):
            raise ValueError(f"{name}: no post {number}")
        before = content.by_id(number)
        content.changes.apply(change, content.now)
        self.content = content.changed()
        if before is not None:
            self._keep_old_address(before, values)
        self.index = Index(self.content)
        self._sites.clear()

    def _keep_old_address(self, before: Card, change: dict[str, Any]) -> None:
        """Remember what the address that a post had before a change answers from now on."""
        old = addresses.path(before, self.switches)
        after = self.content.by_id(before.id)
        if "delete" in change:
            self._deleted[old] = change["status"]
        elif after is not None and addresses.path(after, self.switches) != old:
            if change.get("redirect", True):
                self._renamed[old] = before.id
            else:
                self._renamed.pop(old, None)

    def _page(self, asked: Asked, site: Site) -> Reply:
        """Return the theme's reply, with the changes of a post applied to its page and headers."""
        changes, reply = self.content.changes, router.answer(site, asked)
        if reply.status == 404:
            post = self.content.by_id(self._renamed.get(asked.path, 0))
            if post is not None:
                return redirect(site.post(post))
            status = self._deleted.get(asked.path, 404)
            return Reply(reply.body, status, reply.type, reply.headers)
        changed = changes.redrawn or changes.posing
        if changed and reply.status == 200 and isinstance(reply.body, str):
            name, _ = area(site, asked)
            index = article(site, asked.path) if name == "article" else None
            if index is not None:
                number = self.content.card(index).id
                body = changes.redraw(number, reply.body)
                headers = tuple((k, changes.as_other(number, v)) for k, v in reply.headers)
                return Reply(body, reply.status, reply.type, headers)
        return reply


def _page_faults(chosen: list[Fault]) -> PageFaults:
    values: dict[str, Any] = {}
    for fault in chosen:
        if fault.kind == "no_list":
            values["no_list"] = str(fault.value or "last")
        elif fault.kind == "sticky":
            values["sticky"] = int(faulty.number(fault))
        elif fault.kind == "endless":
            values["endless"] = str(fault.value or "invented")
        elif fault.kind in ("sitemap_lines", "sitemap_nested"):
            values["sitemaps"] = fault.kind.removeprefix("sitemap_")
            values["sitemap_parts"] = int(faulty.number(fault))
    return PageFaults(**values)


def _response(reply: Reply) -> web.Response:
    response = web.Response(body=reply.encoded(), status=reply.status)
    response.headers["Content-Type"] = reply.type
    response.headers["Server"] = "nginx"
    response.headers[TWIN_HEADER] = "1"
    for name, value in reply.headers:
        response.headers.add(name, value)
    return response


async def serve(server: Server, port: int) -> tuple[web.ServerRunner, int]:
    """Start on loopback; return the runner and the port, a free one for port 0."""
    runner = web.ServerRunner(web.Server(server.handle), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, int(runner.addresses[0][1])
