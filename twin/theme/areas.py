"""What an address names: an article, a list, a feed or another service of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import list_routes
from twin.theme.days import span

if TYPE_CHECKING:
    from twin.theme.reply import Asked
    from twin.theme.site import Site


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def area(site: Site, asked: Asked) -> tuple[str, int]:
    """Return what a request is for and the page of an archive, 1 for all else.

    The name is article, archive (home's later pages and a script's request for more of a list
    too), home, feed, sitemap, rest or robots; empty for all else.
    """
    path = asked.path
    if path == "/robots.txt":
        return "robots", 1
    if path.startswith("/wp-json"):
        return "rest", 1
    if path.endswith(".xml") and path.count("/") == 1:
        return "sitemap", 1
    parts = [part for part in path.split("/") if part]
    if parts[-1:] == ["feed"]:
        return "feed", 1
    if not parts:
        return _front(asked)
    page, base = 1, parts
    if parts[-2:-1] == ["page"] and _number(parts[-1]):
        page, base = _number(parts[-1]), parts[:-2]
    if _is_list(site, base):
        return "archive", page
    return ("article" if article(site, path) is not None else ""), 1


def _front(asked: Asked) -> tuple[str, int]:
    if asked.query.get("ajax-request") == "jnews":
        page = {**asked.query, **asked.form}.get("data[current_page]", "1")
        return "archive", _number(page) or 1
    return ("" if {"s", "feed", "p", "page_id", "attachment_id"} & set(asked.query) else "home"), 1


def _is_list(site: Site, base: list[str]) -> bool:
    if not base or list_routes.category(site, base) is not None:
        return True
    if len(base) == 2 and base[0] in ("tag", "author"):
        return True
    if len(base) == 4 and base[3] in site.face.keys and site.content.by_slug(base[3]) is None:
        return span(base[:3]) is not None
    return span(base) is not None


def article(site: Site, path: str) -> int | None:
    """Return the index of the post whose address a path is, or a page of it."""
    index = site.index_of(path)
    base, _, last = path.strip("/").rpartition("/")
    if index is None and base and _number(last):
        index = site.index_of(base)
    return index
