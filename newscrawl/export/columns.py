"""The columns of an export: the article's fields, and dates that programs can reckon with.

Every shape has the same columns. Those of `newscrawl.items.Article` hold what the dump holds;
those that end in `_day` or `_instant` are made of the text beside them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, get_args, get_origin, get_type_hints

from newscrawl.items import Article, parts_of

Kind = Literal["text", "integer", "number", "flag", "list", "map", "struct", "day", "instant"]
_SCALARS: dict[type, Kind] = {str: "text", int: "integer", float: "number", bool: "flag"}
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Type:
    """What a column holds, whatever the shape calls it."""

    kind: Kind
    is_optional: bool = False
    """Whether null says that there is none."""
    of: Type | None = None
    """Of a list: what its entries are."""
    parts: dict[str, Type] = field(default_factory=dict)
    """Of a struct: its parts, in order."""

    def __str__(self) -> str:
        """Return it in words: `list of {name, url}`."""
        if self.kind == "list":
            return f"list of {self.of}"
        return f"{{{', '.join(self.parts)}}}" if self.parts else self.kind


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    type: Type
    doc: str
    source: str | None = None
    """The article's field that a helper column is made of."""


class RowError(ValueError):
    """An article that does not fit the columns; the text says which field and why."""


def _type_of(hint: Any) -> Type:
    if hint in _SCALARS:
        return Type(_SCALARS[hint])
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return Type("struct", parts={f.name: _type_of(hints[f.name]) for f in fields(hint)})
    if get_origin(hint) is list:
        return Type("list", of=_type_of(get_args(hint)[0]))
    if hint == dict[str, str]:
        return Type("map")
    (some,) = {*get_args(hint)} - {type(None)}
    found = _type_of(some)
    return Type(found.kind, is_optional=True, of=found.of, parts=found.parts)


def _helper(source: str, kind: Literal["day", "instant"], doc: str) -> Column:
    name = f"{source.removesuffix('_at')}_{kind}"
    return Column(name, Type(kind, is_optional=True), doc, source)


_HINTS = get_type_hints(Article)
_DAY_OR_TIME = ("date_published", "date_modified")
FIELDS: tuple[Column, ...] = tuple(
    Column(f.name, _type_of(_HINTS[f.name]), f.metadata["json_schema_extra"]["description"])
    for f in fields(Article)
)
"""The article's fields, in order."""
HELPERS: tuple[Column, ...] = (
    *(
        helper
        for name in _DAY_OR_TIME
        for helper in (
            _helper(name, "day", f"Day of {name} in Italy."),
            _helper(name, "instant", f"{name} in UTC; null when no time is known."),
        )
    ),
    _helper("first_seen_at", "instant", "first_seen_at as a time."),
    _helper("fetched_at", "instant", "fetched_at as a time."),
)
"""Columns made of others."""
COLUMNS: tuple[Column, ...] = FIELDS + HELPERS
"""All of them."""


def row(article: Article) -> dict[str, Any]:
    """Return an article as a row: each column's value, in order.

    Days are `date`, instants `datetime` in UTC; all else is as JSON has it.

    Raises:
        RowError: a date is none, or a number is not one that every shape can hold.
    """
    found = {column.name: _plain(getattr(article, column.name), column.name) for column in FIELDS}
    for column in HELPERS:
        assert column.source is not None
        found[column.name] = _read(found[column.source], column)
    return found


def iso(moment: date | datetime) -> str:
    """Return a day or an instant in UTC as ISO 8601, as shapes without types of their own have it.

    >>> iso(date(2026, 11, 23)), iso(datetime(2026, 11, 23, 9, tzinfo=UTC))
    ('2026-11-23', '2026-11-23T09:00:00Z')
    """
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()


def _plain(value: Any, place: str) -> Any:
    """Return a value without dataclasses; `place` says in errors where it stands."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, list):
        return [_plain(entry, place) for entry in value]
    if is_dataclass(value):
        return {name: _plain(part, f"{place}.{name}") for name, part in parts_of(value).items()}
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise RowError(f"{place} is {str(value)[:20]}…, larger than any table takes")
    if isinstance(value, float) and not math.isfinite(value):
        raise RowError(f"{place} is {value}, which is no number")
    return value


def _read(stated: str | None, column: Column) -> date | datetime | None:
    if not stated:
        return None
    try:
        if column.type.kind == "day":
            return date.fromisoformat(stated[:10])
        if len(stated) == 10 and column.source in _DAY_OR_TIME:
            return None
        moment = datetime.fromisoformat(stated)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise RowError(f"{column.source} is {stated[:80]!r}, not a date or a time with its offset")
