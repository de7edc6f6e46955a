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

The box shows the newest articles of a category: a longer way leads nowhere new, unless a
site makes up articles without end.
"""


def followed(posts: list[RelatedPost], scope: Scope, policy: str) -> Iterator[str]:
    """Yield the canonical URLs of the cards that a run follows.

    Under `section` a card is followed when its label names a section of the run, or
    when it has none: the label is the primary category only, so a card of another label
    may still be an article of the section, but the archive lists it then.
    """
    if policy == "off":
        return
    for post in posts:
        if policy == "site" or post.section is None or scope.covers([post.section]):
            yield post.url
