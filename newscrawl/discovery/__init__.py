"""Discovery: what each kind of source says of articles, and what a run knows of addresses.

The channels are the rows of `newscrawl.items.channel_table.TABLE`.
"""

from __future__ import annotations

from newscrawl.items.channel_table import TABLE

MENU = "menu"
ARCHIVE = "archive"
RELATED = "related"
SITEMAP = "sitemap"
FEED = "feed"
REST = "rest"
MONTH = "month"
EXPLICIT = "url"
"""Channel of an article that was requested by its address (argument `urls`)."""

CHANNELS: tuple[str, ...] = tuple(row.name for row in TABLE if row.name != EXPLICIT)
"""Channels that a run may use, in the order of an article's `discovered_via`."""
CHEAP: tuple[str, ...] = tuple(row.name for row in TABLE if row.is_default)
"""Default channels of a run."""
FOR_SPANS: tuple[str, ...] = tuple(row.name for row in TABLE if row.is_default or row.is_for_spans)
"""Default channels of a run with `since` or `until`."""
LISTED: frozenset[str] = frozenset(row.name for row in TABLE if row.is_section_list)
"""Lists of a section: an article in one belongs to the section, whatever its page says."""
CHANGE_MARKERS: dict[str, str] = {row.name: row.change_marker for row in TABLE if row.change_marker}
"""Channel to the name of its change marker: a new value means that the article is read again."""
