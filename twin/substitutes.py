"""What a faulty site answers in place of the page: other pages, statuses and redirects."""

from __future__ import annotations

import time
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING

from twin import addresses
from twin import faults as faulty
from twin.block_pages import block_pages
from twin.model import Node
from twin.theme import archives, router, standalone_pages
from twin.theme.list_routes import front
from twin.theme.reply import Asked, Reply
from twin.theme.single import single

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin.faults import Fault
    from twin.theme.site import Site

COOKIE = "prova=1"
_EMPTY = frozenset({204, 304})
"""Statuses whose answers have no body."""
_MAINTENANCE_WAIT, _NO_DATABASE = "600", "Error establishing a database connection"


def _status(_: Site, __: Asked, fault: Fault) -> Reply:
    status = int(faulty.number(fault))
    body = "" if status in _EMPTY else f"<html><body><h1>{status}</h1></body></html>"
    return Reply(body, status)


def _maintenance(site: Site, _: Asked, fault: Fault) -> Reply:
    # A cache that keeps the page with status 200 drops the header too.
    wait = (("Retry-After", _MAINTENANCE_WAIT),)
    headers = () if fault.status or fault.retry_after else wait
    text = "Briefly unavailable for scheduled maintenance. Check back in a minute."
    return Reply(site.render("died.html", title="Maintenance", text=text), 503, headers=headers)


def _soft404(site: Site, _: Asked, fault: Fault) -> Reply:
    if fault.value == "home":
        return front(site)
    if fault.value == "page":
        return Reply(standalone_pages.missing(site))
    if fault.value == "article":
        return Reply(_missing_article(site))
    return Reply(archives.not_found(site))


def _missing_article(site: Site) -> str:
    """Return an article's page of which the text says that there is none."""
    nodes = (Node("paragraph", standalone_pages.MISSING),)
    post = replace(
        site.content.post(0), id=0, slug="pagina-non-trovata", title="Pagina non trovata",
        subtitle=None, tags=(), picture=None, film=None, gallery=(), format="standard",
        sponsor=None, source=None, via=None, edge_cases=frozenset(), pages=(nodes,),
    )  # fmt: skip
    return single(site, post)


def _other_article(site: Site, asked: Asked, fault: Fault) -> Reply:
    newest, other = (addresses.path(site.content.card(index), site.switches) for index in (0, 1))
    path = other if asked.path == newest else newest
    return _sent_to(path) if fault.value == "redirect" else router.answer(site, Asked(path))


def _redirect(site: Site, asked: Asked, fault: Fault) -> Reply:
    host, _, port = site.host.partition(":")
    target = str(fault.value or "/")
    for name, text in (("{host}", host), ("{port}", port), ("{path}", asked.path)):
        target = target.replace(name, text)
    return _sent_to(target)


def _sent_to(target: str, status: int = 302) -> Reply:
    return Reply("", status, headers=(("Location", target),))


def _loop(_: Site, asked: Asked, fault: Fault) -> Reply:
    given = asked.query.get("giro", "0")
    turn = int(given) + 1 if given.isdecimal() else 1
    if fault.value == "pair":
        return _sent_to(asked.path if "giro" in asked.query else f"{asked.path}?giro=1")
    return _sent_to(f"{asked.path}?giro={turn}")


def _cookie_loop(_: Site, asked: Asked, fault: Fault) -> Reply | None:
    if fault.value == "until_sent" and COOKIE in asked.headers.get("Cookie", ""):
        return None
    headers = (("Set-Cookie", f"{COOKIE}; Path=/"), ("Location", asked.path))
    return Reply("", 302, headers=headers)


def _other_host(site: Site, fault: Fault) -> str | None:
    """Return the host a fault names, with this site's port; None when the request is for it."""
    name, _, port = site.host.partition(":")
    host = str(fault.value or "localhost")
    if host in (name, site.host):
        return None
    return host if ":" in host or not port else f"{host}:{port}"


def _consent(site: Site, asked: Asked, fault: Fault) -> Reply:
    host = _other_host(site, fault)
    if host is None or asked.path == faulty.CONSENT:
        return Reply(block_pages()[faulty.COOKIE_WALL])
    return _sent_to(f"http://{host}{faulty.CONSENT}?ritorno={asked.path}")


def _moved(site: Site, asked: Asked, fault: Fault) -> Reply | None:
    host = _other_host(site, fault)
    return None if host is None else _sent_to(f"http://{host}{asked.path}", 301)


def _repeat(site: Site, asked: Asked, _: Fault) -> Reply | None:
    base, number = faulty.first_page(asked.path)
    if number == 1:
        return None
    first = router.answer(site, Asked(base))
    body = first.encoded().replace(b"/page/2/", f"/page/{number + 1}/".encode())
    return Reply(body, first.status, first.type, first.headers)


_KINDS: dict[str, Callable[[Site, Asked, Fault], Reply | None]] = {
    "status": _status,
    "maintenance": _maintenance,
    "database_error": lambda site, _, __: Reply(
        site.render("died.html", title="Database Error", text=_NO_DATABASE), 500
    ),
    "empty": lambda _site, _asked, _fault: Reply(""),
    "soft404": _soft404,
    "other_page": lambda site, _, fault: router.answer(site, Asked(str(fault.value or "/"))),
    "other_article": _other_article,
    "wall": lambda _, __, fault: Reply(block_pages()[str(fault.value or faulty.COOKIE_WALL)]),
    "redirect": _redirect,
    "loop": _loop,
    "cookie_loop": _cookie_loop,
    "consent": _consent,
    "moved": _moved,
    "repeat": _repeat,
}


def substitute(site: Site, asked: Asked, chosen: Sequence[Fault]) -> Reply | None:
    """Return what the first fault that stands for the page answers; None: the page itself."""
    for fault in chosen:
        make = _KINDS.get(fault.kind)
        reply = make(site, asked, fault) if make else None
        if reply is not None:
            wait = (("Retry-After", _wait(fault.retry_after)),) if fault.retry_after else ()
            status = fault.status or reply.status
            return Reply(reply.body, status, reply.type, (*reply.headers, *wait))
    return None


def _wait(given: str) -> str:
    """Return a Retry-After as it is sent: date:120 is the date in 120 seconds."""
    if not given.startswith("date:"):
        return given
    return formatdate(time.time() + float(given.removeprefix("date:")), usegmt=True)
