"""Discovery channels: each turns one kind of source into article addresses and further sources.

A channel is a module of its own here and a name in `CHANNELS`.
"""

from __future__ import annotations

MENU = "menu"
ARCHIVE = "archive"
RELATED = "related"

CHANNELS: tuple[str, ...] = (MENU, ARCHIVE, RELATED)
"""Channels that a run may use, in the order in which they are named in an article."""

EXPLICIT = "url"
"""How an article is said to be found that was asked for by its address."""
