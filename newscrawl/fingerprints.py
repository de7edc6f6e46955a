"""Articles of one run by id and by text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.text import digest

if TYPE_CHECKING:
    from newscrawl.items import Article

MIN_WORDS = 20
"""Shorter texts ("Guarda il video") are alike without being duplicates."""


class Fingerprints:
    """What was written so far: ids, and texts with the id that had each first."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._texts: dict[str, str] = {}

    def knows(self, article: Article) -> bool:
        """Return whether an article of this id was seen; note it if not."""
        if article.id in self._ids:
            return True
        self._ids.add(article.id)
        return False

    def mark(self, article: Article) -> bool:
        """Set `duplicate_of` where an earlier article has the same text; return whether it has.

        The text is the body; of bodies under 20 words, headline, subtitle and body.
        """
        is_long = article.word_count >= MIN_WORDS
        key = digest(article.body.casefold()) if is_long else article.content_hash
        first = self._texts.setdefault(key, article.id)
        if first == article.id:
            return False
        article.duplicate_of, article.similarity = first, 1.0
        return True
