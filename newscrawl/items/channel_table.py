"""The channels by which articles are found: one row each.

A row is all that a channel needs besides its module: it makes the name valid in the argument
`discover` and in an article's `discovered_via`. See docs/adding-a-channel.md.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel."""

    name: str
    bit: int
    """Its bit in the masks that the ledger stores; never reused, below 15."""
    reader: str | None = None
    """Dotted name of its class; None where articles lead to articles."""
    is_default: bool = True
    """Whether a run uses it without being asked."""
    is_for_spans: bool = False
    """Whether a run with `since` or `until` uses it without being asked."""
    is_section_list: bool = False
    """Whether an article that it lists belongs to the section, whatever its page says."""
    change_marker: str | None = None
    """Name of the value by which it shows that an article has changed."""


_READERS = "newscrawl.spiders.channels"

TABLE: tuple[ChannelRow, ...] = (
    ChannelRow("menu", 0, f"{_READERS}.home_channel.HomeChannel"),
    ChannelRow(
        "archive",
        1,
        f"{_READERS}.archive_channel.ArchiveChannel",
        is_section_list=True,
        change_marker="card",
    ),
    ChannelRow("related", 2),
    ChannelRow("sitemap", 4, f"{_READERS}.sitemap_channel.SitemapChannel", change_marker="lastmod"),
    ChannelRow(
        "feed",
        5,
        f"{_READERS}.feed_channel.FeedChannel",
        is_section_list=True,
        change_marker="feed",
    ),
    ChannelRow(
        "rest",
        6,
        f"{_READERS}.rest_channel.RestChannel",
        is_section_list=True,
        change_marker="lastmod",
    ),
    ChannelRow(
        "month",
        7,
        f"{_READERS}.month_channel.MonthChannel",
        is_default=False,
        is_for_spans=True,
    ),
    ChannelRow("url", 3, is_default=False),
)
"""All channels, in the order of an article's `discovered_via`."""

NAMES: tuple[str, ...] = tuple(row.name for row in TABLE)
