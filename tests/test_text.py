"""What text becomes before it stands in an article."""

from __future__ import annotations

import json
import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.text import count_words, digest, fold, strip_tags
from tests.support.cost import at_most

# Lone surrogates too: JSON-LD can spell them.
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_folded_text_is_one_clean_line(text: str) -> None:
    folded = fold(text)
    assert len(folded.splitlines()) <= 1
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(sign) for sign in folded}
    assert folded == folded.strip()
    assert "  " not in folded
    folded.encode("utf-8")


@given(ANY_TEXT)
def test_folded_text_stays_on_one_line_of_json(text: str) -> None:
    line = json.dumps({"headline": fold(text)}, ensure_ascii=False)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"headline": fold(text)}


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1)))
def test_words_stay_as_they_are(words: list[str]) -> None:
    assert fold(" \n".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ""),
        ("", ""),
        (" \t\r\n", ""),
        ("a\u00a0b\u2007c\u202fd\u3000e", "a b c d e"),
        ("a\u2028b\u2029c\x85d\x0be\x1cf", "a b c d e f"),
        ("\ufeffin\u00adten\u200bsi\u2060tà", "intensità"),
        ("\x1b[31mrosso\x07", "[31mrosso"),
        ("\u202eotset\u2066", "otset"),
        ("\ud83dx", "x"),
        ("“L’Italia” – c’è…", "“L’Italia” – c’è…"),
        ("famiglia 👨\u200d👩\u200d👧", "famiglia 👨\u200d👩\u200d👧"),
    ],
)
def test_fold(text: str | None, expected: str) -> None:
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il <em>piano</em>", "Il piano"),
        ("Il &lt;em class=&quot;x&quot;&gt;piano&lt;/em&gt;", "Il piano"),
        ("Caff&egrave; &amp; t&#232;", "Caffè & tè"),
        ("1 < 2 e 3 > 2", "1 < 2 e 3 > 2"),
        ("Pil &lt; 0, deficit &gt; 3%", "Pil < 0, deficit > 3%"),
        ("Roma <3 Lazio", "Roma <3 Lazio"),
        ("Prima riga<br>seconda<br/>terza", "Prima riga seconda terza"),
        ("&#0;&#8232;a", "\ufffd a"),
    ],
)
def test_markup_in_a_text_is_removed(text: str, expected: str) -> None:
    assert strip_tags(text) == expected


@given(ANY_TEXT)
def test_a_text_without_markup_is_a_clean_line_too(text: str) -> None:
    assert fold(strip_tags(text)) == strip_tags(text)


@pytest.mark.parametrize("text", ["<" * 300_000, "<a" * 150_000, "&" * 300_000, "&lt;" * 100_000])
def test_markup_is_removed_in_linear_time(text: str) -> None:
    with at_most(5):
        assert strip_tags(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("– … !", 0), ("una parola", 2), ("L’Italia, 3 a 0 – “ok”", 5), ("__ _a_", 1)],
)
def test_words_hold_a_letter_or_a_digit(text: str, words: int) -> None:
    assert count_words(text) == words


def test_digest_is_that_of_the_lines() -> None:
    assert digest("titolo", None, "testo è") == sha256("titolo\n\ntesto è".encode()).hexdigest()
    assert digest("ab", "c") != digest("a", "bc")
