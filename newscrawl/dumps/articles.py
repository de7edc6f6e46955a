"""Articles made of a dump's records: `newscrawl.items.Article` with its parts."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin, get_type_hints

from newscrawl.items import Article

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_SEEN = 5_000
_CALLED: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dict: "an object",
    list: "a list",
    type(None): "null",
}


def article_of(record: dict[str, Any]) -> Article:
    """Return the article that a record of a dump holds.

    Keys that `Article` has not, as a later minor version may add them, are left out.

    >>> article_of({"schema_version": "1.0"})
    Traceback (most recent call last):
    ValueError: id: is missing; scrapy validate tells all that is wrong

    Raises:
        ValueError: a field is missing or of another type. Its text is one line.
    """
    try:
        article: Article = _made(Article, record)
    except _MismatchError as error:
        raise ValueError(f"{error}; scrapy validate tells all that is wrong") from None
    return article


class _MismatchError(Exception):
    """A value of another type; its text names the field and says what it is instead."""

    def within(self, name: str) -> _MismatchError:
        """Return the same, told of the object around."""
        return _MismatchError(f"{name}{self}" if str(self)[0] == "[" else f"{name}.{self}")


class _Reader(NamedTuple):
    """How one field is read."""

    name: str
    types: tuple[type, ...]
    """What JSON may have."""
    convert: Callable[[Any], Any] | None
    """Makes of it what the article has; never called with null."""


class _Plan(NamedTuple):
    """How an article or a part of one is read."""

    readers: tuple[_Reader, ...]
    values: Callable[[dict[str, Any]], tuple[Any, ...]]
    converted: tuple[tuple[int, _Reader], ...]
    """Place and reader of the fields that are converted."""
    seen: set[tuple[type, ...]]
    """Types of all values together that were found right; most records have one of a few."""


def _made(kind: type, record: dict[str, Any]) -> Any:
    readers, get, converted, seen = _plan(kind)
    try:
        values = get(record)
    except KeyError as error:
        raise _MismatchError(f"{error.args[0]}: is missing") from None
    types = tuple(map(type, values))
    if types not in seen:
        for reader, value in zip(readers, values, strict=True):
            if type(value) not in reader.types:
                raise _MismatchError(f"{reader.name}: {_mismatch(value, reader.types)}")
        if len(seen) < _MOST_SEEN:
            seen.add(types)
    if not converted:
        return kind(*values)
    changed = list(values)
    for place, (name, _, convert) in converted:
        if changed[place] is not None and convert is not None:
            try:
                changed[place] = convert(changed[place])
            except _MismatchError as error:
                raise error.within(name) from None
    return kind(*changed)


@cache
def _plan(kind: type) -> _Plan:
    hints = get_type_hints(kind)
    readers = tuple(_reader(field.name, hints[field.name]) for field in fields(kind))
    converted = tuple((i, reader) for i, reader in enumerate(readers) if reader.convert)
    return _Plan(readers, itemgetter(*[reader.name for reader in readers]), converted, set())


def _reader(name: str, hint: Any) -> _Reader:
    is_plain = isinstance(hint, type) or get_origin(hint) in {list, dict}
    types: list[type] = []
    convert = None
    for option in [hint] if is_plain else get_args(hint):
        origin = get_origin(option) or option
        if is_dataclass(origin):
            types.append(dict)
            convert = _part(option)
        elif option is float:
            types += [float, int]
            convert = float
        else:
            types.append(origin)
            if origin in {list, dict}:
                convert = _several(get_args(option)[-1], origin)
    return _Reader(name, tuple(types), convert)


def _part(kind: type) -> Callable[[Any], Any]:
    return lambda value: _made(kind, value)


def _several(kind: type, container: type) -> Callable[[Any], Any]:
    if is_dataclass(kind):
        return lambda values: [_at(index, kind, value) for index, value in enumerate(values)]

    def check(values: Any) -> Any:
        for place, value in enumerate(values) if container is list else values.items():
            if type(value) is not kind:
                raise _MismatchError(f"[{place!r}]: {_mismatch(value, (kind,))}")
        return values

    return check


def _at(index: int, kind: type, value: Any) -> Any:
    if type(value) is not dict:
        raise _MismatchError(f"[{index}]: {_mismatch(value, (dict,))}")
    try:
        return _made(kind, value)
    except _MismatchError as error:
        raise error.within(f"[{index}]") from None


def _mismatch(value: object, types: tuple[type, ...]) -> str:
    wanted = " or ".join(_CALLED[kind] for kind in types if kind is not int or float not in types)
    return f"{_CALLED[type(value)]} instead of {wanted}"
