"""The key under which an article's exact text is found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.text import key_of

if TYPE_CHECKING:
    from newscrawl.items import Article

MIN_WORDS = 20
"""Shorter texts ("Guarda il video") are alike without being duplicates."""


def text_key(article: Article) -> int:
    """Return the key of an article's text.

    The text is the body, whatever its case; of bodies under 20 words, headline, subtitle
    and body.
    """
    if article.word_count >= MIN_WORDS:
        return key_of(article.body.casefold())
    return key_of(f"short {article.content_hash}")
