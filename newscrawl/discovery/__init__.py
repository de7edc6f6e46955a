"""Discovery channels: each turns one kind of source into article addresses and further sources.

A channel is a module of its own here and a name in `CHANNELS`.
"""

from __future__ import annotations

MENU = "menu"
ARCHIVE = "archive"
RELATED = "related"
SITEMAP = "sitemap"
FEED = "feed"
REST = "rest"

CHANNELS: tuple[str, ...] = (MENU, ARCHIVE, RELATED, SITEMAP, FEED, REST)
"""Channels that a run may use, in the order in which they are named in an article."""
CHEAP: tuple[str, ...] = (MENU, ARCHIVE, RELATED, SITEMAP, FEED)
"""Those that a run uses unless told otherwise; REST is asked only when it is named."""
LISTED: frozenset[str] = frozenset({ARCHIVE, FEED})
"""Lists of a section: what stands in one is of the section, whatever its page shows."""
CHANGE_MARKERS: dict[str, str] = {
    ARCHIVE: "card",
    FEED: "feed",
    SITEMAP: "lastmod",
    REST: "lastmod",
}
"""Channel to the name of what it tells of an article: another value means another look."""

EXPLICIT = "url"
"""How an article is said to be found that was asked for by its address."""
