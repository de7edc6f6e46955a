"""Encodes an article as a line of a dump."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from newscrawl.items import parts_of

if TYPE_CHECKING:
    from newscrawl.items import Article


def line(article: Article) -> bytes:
    """Return an article as one line of JSON in UTF-8, keys in order, a space after `,` and `:`."""
    similarity = article.similarity
    # msgspec writes 1e-05 as 0.00001, infinity as null, and no integers above 64 bits.
    if similarity is None or _MIN_PLAIN_FLOAT <= similarity <= 1:
        with suppress(OverflowError):
            return msgspec.json.format(_ENCODER.encode(article), indent=0) + b"\n"
    return (_NUMBER_ENCODER.encode(article) + "\n").encode()


_MIN_PLAIN_FLOAT = 0.0001
"""Python writes smaller numbers with an exponent."""
_ENCODER = msgspec.json.Encoder()
_NUMBER_ENCODER = json.JSONEncoder(ensure_ascii=False, default=parts_of)
"""Writes all numbers, at five times the cost."""
