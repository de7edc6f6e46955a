"""Articles of one run by id and by text."""

from __future__ import annotations

import pytest

from newscrawl.fingerprints import MIN_WORDS, Fingerprints
from newscrawl.items import Article
from newscrawl.text import count_words, digest

LONG = " ".join(f"parola{number}" for number in range(MIN_WORDS))
SHORT = "Guarda il video"


def article(number: int, body: str = LONG, headline: str = "Un titolo") -> Article:
    return Article(
        id=f"alanews:{number}",
        headline=headline,
        body=body,
        word_count=count_words(body),
        content_hash=digest(headline, None, body),
    )


def test_an_id_is_new_once() -> None:
    prints = Fingerprints()
    assert not prints.knows(article(1))
    assert prints.knows(article(1, "another text"))
    assert not prints.knows(article(2))


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
        (article(1), article(1), False),
    ],
)
def test_the_same_text_names_the_first_that_had_it(
    first: Article, second: Article, *, same: bool
) -> None:
    prints = Fingerprints()
    assert not prints.mark(first)
    second.duplicate_of = second.similarity = None
    assert prints.mark(second) is same
    assert (second.duplicate_of, second.similarity) == (
        ("alanews:1", 1.0) if same else (None, None)
    )


def test_a_third_names_the_first_as_well() -> None:
    prints = Fingerprints()
    third = article(3)
    prints.mark(article(1))
    prints.mark(article(2))
    prints.mark(third)
    assert third.duplicate_of == "alanews:1"
