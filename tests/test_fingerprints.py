"""The key of an article's exact text."""

from __future__ import annotations

import pytest

from newscrawl.items import Article
from newscrawl.similarity import MIN_TEXT_WORDS, text_key
from newscrawl.text import count_words, digest

LONG = " ".join(f"parola{number}" for number in range(MIN_TEXT_WORDS))
SHORT = "Guarda il video"


def article(number: int, body: str = LONG, headline: str = "Un titolo") -> Article:
    return Article(
        id=f"alanews:{number}",
        headline=headline,
        body=body,
        word_count=count_words(body),
        content_hash=digest(headline, None, body),
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (article(1), article(2), True),
        (article(1), article(2, headline="Un altro titolo"), True),
        (article(1), article(2, LONG.upper()), True),
        (article(1), article(2, f"{LONG} fine"), False),
        # Short texts are alike without being duplicates.
        (article(1, SHORT), article(2, SHORT, "Un altro titolo"), False),
        (article(1, SHORT), article(2, SHORT), True),
    ],
)
def test_the_same_text_has_the_same_key(first: Article, second: Article, *, same: bool) -> None:
    assert (text_key(first) == text_key(second)) is same
