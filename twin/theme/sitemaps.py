"""Sitemaps: WordPress's own, or the SEO plugin's with dates of change."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from twin.sections import SECTIONS
from twin.theme import reply
from twin.theme.reply import Reply, redirect

if TYPE_CHECKING:
    from twin.theme.site import Site

CORE_SIZE = 2000
YOAST_SIZE = 1000
_CORE = re.compile(
    r"wp-sitemap-(posts-post|posts-page|taxonomies-category|taxonomies-post_tag"
    r"|taxonomies-post_format|users)-([1-9]\d{0,5})\.xml\Z"
)
_INNER = re.compile(r"sitemap-index-([1-9]\d{0,3})\.xml\Z")
_YOAST = re.compile(r"(post|page|category|post_tag|author)-sitemap([1-9]\d{0,5})?\.xml\Z")


def index_path(site: Site) -> str:
    """Return the address that robots.txt names."""
    return "/sitemap_index.xml" if site.yoast_metadata else "/wp-sitemap.xml"


def answer(site: Site, name: str) -> Reply:
    """Return a sitemap by its file name."""
    own = index_path(site)[1:]
    if name in ("sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml") and name != own:
        # The SEO plugin takes the core's address over; the core knows nothing of the plugin's.
        if name == "sitemap_index.xml":
            return Reply(status=404)
        return redirect(site.url(f"/{own}"), 301 if site.yoast_metadata else 302)
    if name == own:
        return reply.xml(site.cached((name, site.faults), lambda: _index(site, _named(site))))
    inner = _INNER.match(name) if site.faults.sitemaps == "nested" else None
    if inner:
        named = _names(site)[int(inner[1]) - 1 :: site.faults.sitemap_parts]
        return reply.xml(_index(site, named)) if named else Reply(status=404)
    if name.endswith(".xsl"):
        return Reply("<?xml version='1.0'?>\n", 200, "application/xslt+xml")
    match = (_YOAST if site.yoast_metadata else _CORE).match(name)
    urls = _urls(site, match[1], int(match[2] or 1)) if match else []
    kind = "main-sitemap" if site.yoast_metadata else "wp-sitemap"
    return (
        reply.xml(site.render("sitemap.xml", kind=kind, urls=urls)) if urls else Reply(status=404)
    )


def _size(site: Site) -> int:
    parts = site.faults.sitemap_parts
    if parts:
        return max(1, -(-site.index.size // parts))
    return YOAST_SIZE if site.yoast_metadata else CORE_SIZE


def robots_lines(site: Site) -> list[str]:
    """Return the addresses of sitemaps that robots.txt names."""
    if site.faults.sitemaps == "lines":
        return [site.url(f"/{name}") for name, _ in _names(site)]
    return [site.url(index_path(site))]


def _named(site: Site) -> list[tuple[str, str | None]]:
    if site.faults.sitemaps != "nested":
        return _names(site)
    return [(f"sitemap-index-{n}.xml", None) for n in range(1, site.faults.sitemap_parts + 1)]


def _names(site: Site) -> list[tuple[str, str | None]]:
    size = _size(site)
    count = -(-site.index.size // size)
    if not site.yoast_metadata:
        kinds = ["posts-page", "taxonomies-category", "taxonomies-post_tag", "users"]
        names = [f"wp-sitemap-posts-post-{n}.xml" for n in range(1, count + 1)]
        return [(name, None) for name in names + [f"wp-sitemap-{kind}-1.xml" for kind in kinds]]
    names = ["post-sitemap.xml"] + [f"post-sitemap{n}.xml" for n in range(2, count + 1)]
    dates = [_newest(site, number) for number in range(1, count + 1)]
    others = [f"{kind}-sitemap.xml" for kind in ("page", "category", "post_tag", "author")]
    return [*zip(names, dates, strict=True), *((name, dates[-1]) for name in others)]


def _index(site: Site, names: list[tuple[str, str | None]]) -> str:
    sitemaps = [(site.url(f"/{name}"), date) for name, date in names]
    return site.render("sitemap-index.xml", sitemaps=sitemaps)


def _newest(site: Site, number: int) -> str:
    modified = site.index.lists.modified
    newest = max(modified[position].astimezone(UTC) for position in _positions(site, number))
    return newest.isoformat(timespec="seconds")


def _positions(site: Site, number: int) -> range:
    """Return the posts of a sitemap, the oldest first."""
    last = site.index.size - 1 - (number - 1) * _size(site)
    return range(last, max(last - _size(site), -1), -1)


def _posts(site: Site, number: int) -> list[tuple[str, str | None]]:
    plugin = site.yoast_metadata
    urls: list[tuple[str, str | None]] = []
    for position in _positions(site, number):
        card = site.index.card(position)
        changed = card.modified.astimezone(UTC).isoformat(timespec="seconds")
        urls.append((site.post(card), changed if plugin else None))
    return urls


def _urls(site: Site, kind: str, number: int) -> list[tuple[str, str | None]]:
    if kind in ("post", "posts-post"):
        return _posts(site, number)
    if number > 1:
        return []
    if kind in ("page", "posts-page"):
        return [(site.url(path), None) for path in ("/", *map("/{}/".format, site.face.pages))]
    if kind.endswith("category"):
        return [(site.category(c.slug), None) for c in SECTIONS]
    if kind.endswith("post_tag"):
        return [(site.url(f"/tag/{slug}/"), None) for slug in site.index.tag_ids]
    if kind in ("author", "users"):
        return [(site.author(slug), None) for slug in site.index.author_ids]
    return []
