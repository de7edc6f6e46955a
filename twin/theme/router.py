"""Which page an address names, by WordPress's rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from twin import addresses, site_constants
from twin.theme import (
    ajax,
    archives,
    feeds,
    list_routes,
    post_routes,
    reply,
    rest,
    sitemaps,
    standalone_pages,
    static_files,
    stock,
)
from twin.theme.reply import NO_CACHE, Asked, Reply, api_link, redirect

if TYPE_CHECKING:
    from twin.theme.site import Site

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def answer(site: Site, asked: Asked) -> Reply:
    """Return the reply to a request of the site."""
    path = _ESCAPE.sub(lambda match: match.group().lower(), asked.path)
    response = _service(site, asked, path) or static_files.file(path)
    if response is None:
        response = _front(site, asked) if path == "/" else _page(site, asked, path)
    if response.status == 404 and not response.body:
        response = Reply(archives.not_found(site), 404, headers=(*NO_CACHE, api_link(site)))
    return _reserved(site, response)


def _reserved(site: Site, response: Reply) -> Reply:
    """Add the reservation of text and data mining to pages, when the switch says header."""
    if site.switches.tdm != "header" or response.type != reply.HTML:
        return response
    more = (("tdm-reservation", "1"), ("tdm-policy", site_constants.TDM_POLICY))
    return Reply(response.body, response.status, response.type, (*response.headers, *more))


def _service(site: Site, asked: Asked, path: str) -> Reply | None:
    """Answer what is not a page: robots.txt, sitemaps, REST, log-in."""
    if path == "/robots.txt":
        robots = site.render("robots.txt", sitemaps=sitemaps.robots_lines(site))
        return Reply(robots, 200, "text/plain; charset=utf-8")
    if path == "/.well-known/tdmrep.json":
        if site.switches.tdm != "wellknown":
            return Reply(status=404)
        rule = {"location": "/*", "tdm-reservation": 1, "tdm-policy": site_constants.TDM_POLICY}
        return reply.json([rule])
    if path.startswith(archives.API):
        return ajax.fill(site, path.removeprefix(archives.API), asked.query)
    if path.startswith("/wp-json"):
        return rest.answer(site, path.removeprefix("/wp-json"), asked.query)
    if path.endswith((".xml", ".xsl")) and path.count("/") == 1:
        return sitemaps.answer(site, path[1:])
    if path == "/wp-login.php":
        return Reply(site.render("login.html"))
    if path.startswith("/wp-admin"):
        return redirect(site.url("/wp-login.php"), 302)
    if path == "/xmlrpc.php":
        return Reply("XML-RPC server accepts POST requests only.", 405, "text/plain; charset=UTF-8")
    return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _front(site: Site, asked: Asked) -> Reply:
    """Answer / with its queries: load more, search, ?p=."""
    query = asked.query
    if query.get("ajax-request") == "jnews" and site.switches.layout not in stock.THEMES:
        return ajax.load_more(site, {**query, **asked.form})
    if "s" in query:
        return Reply(archives.search(site, query["s"]))
    if "feed" in query:
        return redirect(site.url("/feed/"))
    if "page_id" in query:
        number = _number(query["page_id"]) - standalone_pages.FIRST_ID
        slug = dict(enumerate(site.face.pages)).get(number)
        return redirect(site.url(f"/{slug}/")) if slug else Reply(status=404)
    if "p" in query or "attachment_id" in query:
        post = site.content.by_id(_number(query.get("p", "")))
        if post is None:
            return Reply(status=404)
        return redirect(site.url(addresses.path(post, site.switches)))
    return list_routes.front(site)


def _page(site: Site, asked: Asked, path: str) -> Reply:
    """Answer a path; capitals and a missing slash are sent to the right address."""
    right = path.lower() if path.endswith("/") else path.lower() + "/"
    response = _named(site, asked, [part for part in right.split("/") if part])
    if right != path and response.status == 200:
        return redirect(site.url(right))
    return response


def _named(site: Site, asked: Asked, parts: list[str]) -> Reply:
    if parts == ["comments", "feed"]:
        return feeds.comments(site, "/comments/feed/", site.face.name)
    if parts[-1:] == ["feed"]:
        return list_routes.feed(site, asked, parts[:-1]) or post_routes.article(site, parts)
    page, base = 1, parts
    if parts[-2:-1] == ["page"] and _number(parts[-1]):
        page, base = _number(parts[-1]), parts[:-2]
    exact = base == parts
    if not parts:
        return Reply(status=404)
    if len(base) == 1 and base[0] in site.face.pages and exact:
        return Reply(standalone_pages.static(site, base[0]), headers=(api_link(site),))
    response = list_routes.answer(site, base, page)
    if response is None:
        return post_routes.article(site, parts) if exact else Reply(status=404)
    if response.status == 200 and page == 1 and not exact:
        return redirect(site.url(f"/{'/'.join(base)}/" if base else "/"))
    return response
