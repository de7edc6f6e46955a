"""Posts as a site other than the default one has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from twin.model import Card, Post
from twin.site_constants import NAME

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from twin.model import Film, Node, Picture

_CREDIT = "Ansa"
"""Who made the pictures that the default site credits to itself."""

C = TypeVar("C", bound=Card)


def local(card: C, zone: ZoneInfo) -> C:
    """Return a card or post in the site's time zone, without the default site's own lines.

    These are the line on buying the video and its name as a picture's credit.
    """
    changed = replace(
        card,
        published=card.published.astimezone(zone),
        modified=card.modified.astimezone(zone),
        picture=_picture(card.picture),
        gallery=tuple(filter(None, map(_picture, card.gallery))),
        film=_film(card.film),
    )
    if isinstance(changed, Post):
        return replace(changed, pages=tuple(map(_nodes, changed.pages)))
    return changed


def _nodes(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    own = (node for node in nodes if node.kind != "notice")
    return tuple(
        replace(node, picture=_picture(node.picture), film=_film(node.film)) for node in own
    )


def _picture(picture: Picture | None) -> Picture | None:
    if picture is None or not picture.caption_text:
        return picture
    return replace(picture, caption_text=picture.caption_text.replace(NAME, _CREDIT))


def _film(film: Film | None) -> Film | None:
    return replace(film, poster=_picture(film.poster)) if film else None
