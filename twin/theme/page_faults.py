"""What is wrong with how the site prints its lists and sitemaps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageFaults:
    """What is wrong with lists and sitemaps; by default nothing."""

    no_list: str = ""
    """last or next: a page without its list, and whether it has a next link."""
    sticky: int = 0
    """Old posts at the top of a list."""
    endless: str = ""
    """invented or old: what stands beyond the last page."""
    sitemaps: str = ""
    """lines or nested: where the sitemaps are named."""
    sitemap_parts: int = 0
    """How many sitemaps the posts are split over; 0: as many as usual."""
