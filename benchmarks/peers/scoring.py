"""How right a reader's fields are, against the truth of the pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import fmean
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmarks.bench_generic import f1

if TYPE_CHECKING:
    from benchmarks.peers.readers import Fields

COLUMNS = (
    "headline", "text", "authors", "day", "time", "modified", "image", "tags", "section",
)  # fmt: skip
"""What is scored: `day` and `time` are those of publication, `modified` the last change's time."""
_NEEDED = {"day": "date_published", "time": "date_published", "modified": "date_modified"}
LEAST_F1 = 0.98
"""F1 of the words from which on a text counts as right in `is_right`."""


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _names(values: list[str] | None) -> set[str]:
    return {_words(value).casefold() for value in values or ()}


def _place(url: str | None) -> str:
    """Return an address without its host: the twin's pages name the site where they are served."""
    return urlsplit(url or "").path


def _same_day(text: str | None, true: str) -> bool:
    """Return whether both are one day, by the site's clock where both have an offset."""
    try:
        stated, moment = datetime.fromisoformat(text or ""), datetime.fromisoformat(true)
    except ValueError:
        return False
    if stated.tzinfo and moment.tzinfo:
        stated = stated.astimezone(moment.tzinfo)
    return stated.date() == moment.date()


def _same_time(text: str | None, true: str) -> bool:
    """Return whether both are one second; without an offset it may be the site's time or UTC."""
    try:
        stated, moment = datetime.fromisoformat(text or ""), datetime.fromisoformat(true)
    except ValueError:
        return False
    if stated.tzinfo:
        return stated == moment
    return stated in {moment.replace(tzinfo=None), moment.astimezone(UTC).replace(tzinfo=None)}


def score(fields: Fields, true: dict[str, Any]) -> dict[str, float]:
    """Return 0 to 1 for each column that the reader has and the page states.

    The text's is the F1 of its words; the others are right or wrong: headline exactly but for
    white space, authors and tags as sets, the image by its path, the section as one of those named.
    """
    shares: dict[str, float] = {}
    for column in COLUMNS:
        name = _NEEDED.get(column, column)
        if name not in fields or name not in true:
            continue
        stated, value = fields[name], true[name]
        is_stated = value is not None or column == "image"
        if column == "time":
            is_stated = is_stated and "T" in value
        if is_stated:
            is_text = column == "text"
            shares[column] = f1(stated or "", value) if is_text else _is_same(column, stated, value)
    return shares


def _is_same(column: str, stated: Any, value: Any) -> bool:
    if column in {"authors", "tags"}:
        return _names(stated) == _names(value)
    if column == "section":
        return _words(value).casefold() in _names(stated)
    if column == "day":
        return _same_day(stated, value)
    if column in {"time", "modified"}:
        return _same_time(stated, value)
    if column == "image":
        return _place(stated) == _place(value)
    return _words(stated) == _words(value)


def is_right(shares: dict[str, float], columns: tuple[str, ...]) -> bool:
    """Return whether an article is right in all of some columns."""
    return all(
        shares.get(column, 0.0) >= (LEAST_F1 if column == "text" else 1.0) for column in columns
    )


@dataclass
class Tally:
    """The scores of one reader on one set of pages."""

    pages: int = 0
    failed: int = 0
    """Pages at which it raised an exception."""
    refused: int = 0
    """Pages that it took for no article."""
    columns: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def add(self, answer: dict[str, Any], true: dict[str, Any], known: frozenset[str]) -> None:
        """Count one answer of a worker.

        A page that failed or was refused counts as wrong in every column.

        Args:
            answer: the line of the worker.
            true: the page's true fields.
            known: the fields that the reader has.
        """
        self.pages += 1
        self.failed += "error" in answer
        if "error" in answer:
            self.errors.append(answer["error"])
        fields = answer.get("fields")
        self.refused += fields is None and "error" not in answer
        shares = score(fields or dict.fromkeys(known), true)
        for column, share in shares.items():
            self.columns[column].append(share if fields else 0.0)

    def means(self) -> dict[str, float]:
        """Return the mean of each column that was scored."""
        return {name: fmean(self.columns[name]) for name in COLUMNS if name in self.columns}

    def read_text(self) -> float:
        """Return the mean F1 of the texts of the pages that were read."""
        return sum(self.columns["text"]) / max(self.pages - self.failed - self.refused, 1)
