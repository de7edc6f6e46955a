"""Discovery channels: each reads article addresses and further sources from one kind of source.

A channel is a module in this package and a name in `CHANNELS`.
"""

from __future__ import annotations

MENU = "menu"
ARCHIVE = "archive"
RELATED = "related"
SITEMAP = "sitemap"
FEED = "feed"
REST = "rest"

CHANNELS: tuple[str, ...] = (MENU, ARCHIVE, RELATED, SITEMAP, FEED, REST)
"""Channels that a run may use, in the order of an article's `discovered_via`."""
CHEAP: tuple[str, ...] = (MENU, ARCHIVE, RELATED, SITEMAP, FEED)
"""Default channels of a run; REST is used only when it is named."""
LISTED: frozenset[str] = frozenset({ARCHIVE, FEED})
"""Lists of a section: an article in one belongs to the section, whatever its page says."""
CHANGE_MARKERS: dict[str, str] = {
    ARCHIVE: "card",
    FEED: "feed",
    SITEMAP: "lastmod",
    REST: "lastmod",
}
"""Channel to the name of its change marker: a new value means that the article is read again."""

EXPLICIT = "url"
"""Channel of an article that was requested by its address (argument `urls`)."""
