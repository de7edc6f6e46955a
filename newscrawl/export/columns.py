"""The columns of an export: the article's fields, and helper columns with typed dates.

Every format has the same columns. Those of `newscrawl.items.Article` have the values of the dump;
those that end in `_day` or `_instant` are derived from the text beside them. See decision 59 in
docs/decisions.md.
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
    """The type of a column, independent of the format."""

    kind: Kind
    is_optional: bool = False
    """Whether the value may be null."""
    of: Type | None = None
    """Of a list: the type of its entries."""
    parts: dict[str, Type] = field(default_factory=dict)
    """Of a struct: its parts, in order."""

    def __str__(self) -> str:
        """Return its description: `list of {name, url}`."""
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
    """The article's field that a helper column is derived from."""


class RowError(ValueError):
    """An article does not fit the columns; the text says which field and why."""


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
    (inner_hint,) = {*get_args(hint)} - {type(None)}
    inner = _type_of(inner_hint)
    return Type(inner.kind, is_optional=True, of=inner.of, parts=inner.parts)


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
"""Columns derived from others."""
COLUMNS: tuple[Column, ...] = FIELDS + HELPERS
"""All columns, in order."""


def row(article: Article) -> dict[str, Any]:
    """Return an article as a row: each column's value, in order.

    Days are `date`, instants `datetime` in UTC; all other values are those of JSON.

    Raises:
        RowError: a date is invalid, or a number is out of the range of some format.
    """
    values = {column.name: plain(getattr(article, column.name), column.name) for column in FIELDS}
    for column in HELPERS:
        assert column.source is not None
        values[column.name] = _parse(values[column.source], column)
    return values


def iso(moment: date | datetime) -> str:
    """Return a day or an instant in UTC as ISO 8601, for formats without date types.

    >>> iso(date(2026, 11, 23)), iso(datetime(2026, 11, 23, 9, tzinfo=UTC))
    ('2026-11-23', '2026-11-23T09:00:00Z')
    """
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()


def plain(value: Any, path: str) -> Any:
    """Return a field's value as JSON has it; `path` names it in errors.

    Raises:
        RowError: a number is out of the range of some format.
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, list):
        return [plain(entry, path) for entry in value]
    if is_dataclass(value):
        return {name: plain(part, f"{path}.{name}") for name, part in parts_of(value).items()}
    if isinstance(value, int) and abs(value) > _LARGEST:
        raise RowError(f"{path} is {str(value)[:20]}…, larger than 64 bits")
    if isinstance(value, float) and not math.isfinite(value):
        raise RowError(f"{path} is {value}, which is not a number")
    return value


def _parse(text: str | None, column: Column) -> date | datetime | None:
    if not text:
        return None
    try:
        if column.type.kind == "day":
            return date.fromisoformat(text[:10])
        if len(text) == 10 and column.source in _DAY_OR_TIME:
            return None
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise RowError(f"{column.source} is {text[:80]!r}, not a date or a time with its offset")
