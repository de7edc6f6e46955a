"""Compares articles that were read from pages with a second witness: REST records or a feed.

See decision 135 in docs/decisions.md.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newscrawl.extraction.text_agreement import (
    TextDifference,
    difference,
    is_insertion,
    squeezed,
)
from newscrawl.pages.author_names import names_in
from newscrawl.pages.truncation import FLAG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.items import Article, Image

REST, FEED = "rest", "feed"
FIELDS = (
    "headline", "authors", "date_published", "date_modified", "section", "sections", "keywords",
    "image", "body",
)  # fmt: skip
"""Fields that are compared."""
EDITED, NOT_LISTED, NOT_PUBLIC, NO_ID = "edited", "not_listed", "not_public", "without_post_id"
"""Why an article is not compared."""
_MAX_VALUE = 2_000
"""Characters of a text in a difference."""
_FEW_PAGES, _FEW_RECORDS = 2, 3
"""Articles in which a line must be, to be the theme's or a plugin's."""
_HALF_HOUR = 1_800
_LONGEST_SHIFT = 15 * 3_600
# -1024x576, -scaled, -e1700000000000 (cropped), .jpg.webp
_SIZE = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled|-rotated|-e\d{10,13})+(?=\.|\Z)")
_ENDINGS = re.compile(r"(?:\.(?:jpe?g|png|gif|webp|avif))+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which page and witness state another value."""

    field: str
    page: object
    witness: object
    """JSON values; of a text the lines that only one side has."""


@dataclass(slots=True)
class Comparison:
    """What the comparison of one article has shown."""

    article: Article
    compared: list[str] = field(default_factory=list)
    """Fields that both sides state."""
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pair:
    """An article as its page and as a witness states it."""

    page: Article
    witness: Article
    source: str
    """`REST` or `FEED`."""
    text: TextDifference
    """Empty too where one of them has no text."""

    @classmethod
    def of(cls, page: Article, witness: Article, source: str) -> Pair:
        """Return the pair of two articles, their texts compared."""
        text = TextDifference()
        if _states_text(page, witness):
            text = difference(page.body, witness.body)
        return cls(page, witness, source, text)


def is_edited(pair: Pair) -> bool:
    """Return whether the article was edited between the two readings.

    A difference of whole half hours with the same headline and text is a wrong time zone.
    """
    page, witness = pair.page, pair.witness
    fetched = datetime.fromisoformat(page.fetched_at) if page.fetched_at else None
    modified = _instant(witness.date_modified)
    if modified is None:
        return False
    if page.date_modified is None:
        return fetched is not None and modified > fetched
    if _is_same_time(page.date_modified, page.date_modified_precision, witness.date_modified or ""):
        return False
    return not _is_shifted(pair)


def _is_shifted(pair: Pair) -> bool:
    own, other = _instant(pair.page.date_modified), _instant(pair.witness.date_modified)
    if own is None or other is None or pair.text:
        return False
    seconds = abs((own - other).total_seconds())
    is_zone = seconds % _HALF_HOUR == 0 and seconds <= _LONGEST_SHIFT
    return is_zone and squeezed(pair.page.headline) == squeezed(pair.witness.headline)


@dataclass(frozen=True, slots=True)
class Furniture:
    """Lines that are of the site, not of an article: what themes and plugins insert."""

    of_pages: frozenset[str] = frozenset()
    of_records: frozenset[str] = frozenset()

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Furniture:
        """Return the lines that several articles have on one side, and none on both sides."""
        pages: Counter[str] = Counter()
        records: Counter[str] = Counter()
        for pair in pairs:
            pages.update({squeezed(line) for line in pair.text.page})
            records.update({squeezed(line) for line in pair.text.witness})
        shown = {
            squeezed(line)
            for pair in (pairs if records else ())
            for line in pair.page.body.split("\n\n")
        }
        return cls(
            frozenset(line for line, count in pages.items() if count >= _FEW_PAGES),
            frozenset(
                line
                for line, count in records.items()
                if count >= _FEW_RECORDS and line not in shown
            ),
        )


def compare(pair: Pair, furniture: Furniture) -> Comparison:
    """Return what a pair agrees in, by the fields that both sides state."""
    result = Comparison(pair.page)
    for name in FIELDS:
        values = _COMPARE[name](pair, furniture)
        if values is None:
            continue
        result.compared.append(name)
        if values != _AGREED:
            result.differences.append(Difference(name, *values))
    return result


_Values = tuple[object, object] | None
"""The two values of a field; `_AGREED` where they agree, None where one side states none."""
_AGREED: tuple[object, object] = (None, None)


def _words(name: str, pair: Pair) -> _Values:
    """Compare a field that is one short text."""
    own, other = getattr(pair.page, name), getattr(pair.witness, name)
    if not own or not other:
        return None
    return _AGREED if _is_same(own, other) else (own, other)


def _authors(pair: Pair, _: Furniture) -> _Values:
    """Compare the first author: a post has one user."""
    if not pair.page.authors or not pair.witness.authors:
        return None
    own, other = pair.page.authors[0].name, pair.witness.authors[0].name
    # On a page the name is read without "di", agency marks and addresses.
    names = [other, *names_in(other)[:1]]
    return _AGREED if any(_is_same(own, name) for name in names) else (own, other)


def _date(event: str, pair: Pair) -> _Values:
    name = f"date_{event}"
    own, other = getattr(pair.page, name), getattr(pair.witness, name)
    if own is None or other is None:
        return None
    precision = getattr(pair.page, f"{name}_precision")
    return _AGREED if _is_same_time(own, precision, other) else (own, other)


def _sections(pair: Pair, _: Furniture) -> _Values:
    if pair.source == FEED:
        return None
    own, other = pair.page.sections, pair.witness.sections
    if not own or not other or _keys(own) < _keys(other):
        # Many themes name the main section only.
        return None
    return _AGREED if _keys(own) == _keys(other) else (own, other)


def _keywords(pair: Pair, _: Furniture) -> _Values:
    """Compare the tags; a feed names them among the sections."""
    own, other = pair.page.keywords, pair.witness.keywords
    if pair.source == FEED:
        sections = _keys(pair.page.sections) | _keys(filter(None, [pair.page.section]))
        other = [name for name in other if _keys([name]).isdisjoint(sections - _keys(own))]
    if not own or not other:
        return None
    return _AGREED if _keys(own) == _keys(other) else (own, other)


def _image(pair: Pair, _: Furniture) -> _Values:
    own, other = pair.page.image, pair.witness.image
    if own is None or other is None:
        return None
    return _AGREED if _file(own) == _file(other) else (own.url, other.url)


def _body(pair: Pair, furniture: Furniture) -> _Values:
    if not _states_text(pair.page, pair.witness):
        return None
    missing = [line for line in pair.text.witness if squeezed(line) not in furniture.of_records]
    added = [] if pair.source == FEED else [
        line
        for line in pair.text.page
        if not is_insertion(line) and squeezed(line) not in furniture.of_pages
    ]  # fmt: skip
    if not missing and not added:
        return _AGREED
    # Of a changed line both wordings are of interest, whatever their length.
    return (_joined(pair.text.page if missing else added), _joined(missing))


_COMPARE = {
    "headline": lambda pair, _: _words("headline", pair),
    "authors": _authors,
    "date_published": lambda pair, _: _date("published", pair),
    "date_modified": lambda pair, _: _date("modified", pair),
    "section": lambda pair, _: _words("section", pair),
    "sections": _sections,
    "keywords": _keywords,
    "image": _image,
    "body": _body,
}


def _states_text(page: Article, witness: Article) -> bool:
    return bool(page.body and witness.body) and FLAG not in {*page.flags, *witness.flags}


def _joined(lines: Iterable[str]) -> str:
    return "\n\n".join(lines)[:_MAX_VALUE]


def _is_same(first: str, second: str) -> bool:
    return squeezed(first).casefold() == squeezed(second).casefold()


def _keys(names: Iterable[str]) -> set[str]:
    return {squeezed(name).casefold() for name in names}


def _instant(date: str | None) -> datetime | None:
    """Return a time of an article in UTC; None for a day."""
    return None if date is None or len(date) <= 10 else datetime.fromisoformat(date).astimezone(UTC)


def _is_same_time(own: str, precision: str | None, other: str) -> bool:
    """Return whether two times of a site are the same as precisely as its page states them.

    >>> _is_same_time("2026-11-23", "day", "2026-11-23T23:10:05+01:00")
    True
    >>> _is_same_time("2026-11-23T23:10:00+01:00", "minute", "2026-11-23T22:10:05+00:00")
    True
    """
    first, second = _instant(own), _instant(other)
    if first is None or second is None:
        return own[:10] == other[:10]
    if precision == "minute":
        first, second = (moment.replace(second=0) for moment in (first, second))
    return first == second


def _file(image: Image) -> str:
    """Return what identifies a picture's file, whatever its size and format.

    >>> from newscrawl.items import Image
    >>> _file(Image("https://i0.wp.com/www.example.it/wp-content/uploads/2026/11/a-1024x576.jpg.webp?w=9"))
    '/2026/11/a'
    """
    path = unquote(urlsplit(image.url).path)
    path = path.rpartition("/uploads")[2] if "/uploads/" in path else f"/{path.rpartition('/')[2]}"
    return _SIZE.sub("", _ENDINGS.sub("", path)).casefold()
