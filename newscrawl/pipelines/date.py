"""Resolves dates: publication, modification, dateline, Related Posts.

See decision 3 in docs/decisions.md.
"""

from __future__ import annotations

from typing import Any

from newscrawl.extraction.dating import resolve_dates
from newscrawl.items.draft import Draft


class DatePipeline:
    """Turns a draft from the page classes into an article with dates."""

    def process_item(self, item: Any) -> Any:
        """Return the article of a draft; anything else as it is."""
        return resolve_dates(item) if isinstance(item, Draft) else item
