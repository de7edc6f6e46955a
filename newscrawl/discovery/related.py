"""Related Posts: the newest articles of the same category, linked from each article."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.discovery.scope import Scope
    from newscrawl.items import RelatedPost

POLICIES = ("section", "site", "off")
MAX_DEPTH = 20
"""How many times in a row Related Posts are followed from one article to the next.

The box lists the newest articles of a category: a longer chain leads to nothing new, except
on a site that generates articles without end.
"""


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
