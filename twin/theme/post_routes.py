"""Which article an address names, and what its other addresses answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import addresses
from twin.theme import feeds, standalone_pages, stock
from twin.theme.days import span
from twin.theme.reply import Reply, api_link, redirect
from twin.theme.single import single

if TYPE_CHECKING:
    from twin.model import Card
    from twin.theme.site import Site

_SUFFIXES = frozenset({"feed", "embed", "amp", "autoload", "trackback"})


def headers(site: Site, card: Card) -> tuple[tuple[str, str], ...]:
    """Return the Link headers of an article."""
    rest = site.url(f"/wp-json/wp/v2/posts/{card.id}")
    return (
        api_link(site),
        ("Link", f'<{rest}>; rel="alternate"; type="application/json"'),
        ("Link", f"<{site.url(f'/?p={card.id}')}>; rel=shortlink"),
    )


def _position(site: Site, parts: list[str]) -> int | None:
    if site.switches.permalinks == "number":
        return site.index_of("/".join(parts))
    return site.content.by_slug(parts[-1])


def article(site: Site, parts: list[str]) -> Reply:
    """Answer the address of an article or of something that belongs to one."""
    position = _position(site, parts)
    if position is not None:
        return _own(site, parts, position, "", None)
    if len(parts) < 2:
        return Reply(status=404)
    position = _position(site, parts[:-1])
    if position is None:
        return Reply(status=404)
    last = parts[-1]
    if last in _SUFFIXES or (last.isascii() and last.isdecimal() and len(last) < 6):
        return _own(site, parts[:-1], position, last, last)
    picture = site.index.card(position).picture
    if picture and picture.path.rpartition("/")[2].rpartition(".")[0].lower() == last:
        return Reply(standalone_pages.attachment(site, site.index.card(position), picture))
    return Reply(status=404)


def _status(site: Site, parts: list[str], card: Card) -> int:
    """Return what an address with a post's slug answers: 200, 301 or 404.

    As WordPress 6.1.9 does: a wrong or missing category is redirected, a wrong day or a day
    without a category is not.
    """
    path = f"/{'/'.join(parts)}/"
    if path == addresses.path(card, site.switches):
        return 200
    if site.switches.permalinks == "changed-both" and path == addresses.named_path(
        card, site.switches
    ):
        return 200
    if span(parts[:3]) is None or len(parts) < 4:
        return 301
    right = parts[:3] == f"{card.published:%Y/%m/%d}".split("/")
    return 301 if right and len(parts) > 4 else 404


def _own(site: Site, parts: list[str], position: int, suffix: str, raw: str | None) -> Reply:
    card = site.index.card(position)
    status = _status(site, parts, card)
    if status == 404 or suffix in ("amp", "autoload", "trackback"):
        return Reply(status=404)
    if suffix == "feed":
        path = addresses.path(card, site.switches)
        return feeds.comments(site, f"{path}feed/", card.title)
    if suffix == "embed":
        more = (("X-WP-embed", "true"),)
        return Reply(site.render("embed.html", card=card), headers=(*headers(site, card), *more))
    part = int(suffix) if raw else 1
    target = site.post(card)
    if status == 301:
        return redirect(f"{target}{part}/" if raw and part > 1 else target)
    post = site.content.post(position)
    parts_shown = 1 if site.switches.layout in stock.THEMES else len(post.pages)
    if raw and not 1 < part <= parts_shown:
        return redirect(target)
    return Reply(single(site, post, part), headers=headers(site, card))
