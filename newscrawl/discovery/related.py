"""Related Posts: the newest articles of the same category, linked from each article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.discovery import RELATED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.discovery.scope import Scope
    from newscrawl.discovery.state import DiscoveryState
    from newscrawl.items import RelatedPost

POLICIES = ("section", "site", "off")
MAX_DEPTH = 20
"""How many times in a row Related Posts are followed from one article to the next.

The box lists the newest articles of a category: a longer chain leads to nothing new, except
on a site that generates articles without end.
"""


def has_room(discovery: DiscoveryState, most: int) -> bool:
    """Return whether a further address that only Related Posts lead to is requested by this run.

    Boxes that invent addresses have no end; those of a site lead to what its lists have too.

    Args:
        discovery: what the run has discovered.
        most: addresses that are followed on any site, `RELATED_MAX_ADDRESSES`.
    """
    found = discovery.first_found
    others = sum(found.values()) - found[RELATED]
    return found[RELATED] < most + discovery.known_addresses // 5 + 2 * others


def followed(posts: list[RelatedPost], scope: Scope, policy: str) -> Iterator[str]:
    """Yield the canonical URLs of the cards that a run follows.

    With the policy `section` a card is followed if its label is a section of the run, or if
    it has no label. The label is the primary category only: an article of the section may
    have another one, but then the archive lists it.
    """
    if policy == "off":
        return
    for post in posts:
        if policy == "site" or post.section is None or scope.covers([post.section]):
            yield post.url
