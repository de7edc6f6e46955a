"""What is the same on every page of the twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from twin.model import Switches

TWIN_HEADER = "X-Newscrawl-Twin"
"""Header of every answer, by which a crawl flags the articles that it reads: `from_twin`."""
NAME = "Alanews"
LIVE = "https://www.alanews.it"
TDM_POLICY = f"{LIVE}/note-legali/tdm/"
RELATED = 6
"""Cards of the Related Posts box."""
STOCK_RELATED = 4
"""Cards of such a box on stock themes."""

ROBOTS_CORE = "max-image-preview:large"
ROBOTS_YOAST = "index, follow, max-image-preview:large, max-snippet:-1, max-video-preview:-1"


def robots(switches: Switches) -> str:
    """Return the content of an article's meta robots tag."""
    return ROBOTS_YOAST if switches.metadata in ("yoast", "both") else ROBOTS_CORE
