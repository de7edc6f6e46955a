"""What the JSON Schema has against a record, in the words of a person."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from newscrawl.items.schema import article_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_SHOWN = 60
"""Characters of a value that are quoted."""


def faults_of_shape(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Return what the schema has against a record: the field, "related[2].url", and what.

    >>> list(faults_of_shape({"schema_version": "1.0"}))[0]
    ('id', 'is missing')
    """
    for error in _validator().iter_errors(record):
        yield from _faults(error)


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        article_schema(), validate_formats=True, ignore_unknown_formats=False
    )


def _faults(error: Any) -> Iterator[tuple[str, str]]:
    place, kind, value = _place(error.instance_path), error.kind, error.instance
    if kind.name == "anyOf" and value is not None and isinstance(value, dict):
        # Null or a part; it is no null, so what the part's schema says is the reason.
        for inner in kind.context[-1]:
            yield from _faults(inner)
    elif kind.name == "required":
        yield _place([*error.instance_path, kind.property]), "is missing"
    elif kind.name == "additionalProperties":
        for name in kind.unexpected:
            yield _place([*error.instance_path, name]), "is no field of an article"
    else:
        yield place, _told(kind, value)


def _told(kind: Any, value: Any) -> str:
    says = _SAYINGS.get(kind.name)
    return f"is {quoted(value)}{says(kind) if says else f', against the rule {kind.name!r}'}"


_SAYINGS: dict[str, Callable[[Any], str]] = {
    "type": lambda kind: f", not {' or '.join(kind.types)}",
    "anyOf": lambda _: ", not an object or null",
    "const": lambda kind: f" where {quoted(kind.expected_value)} belongs",
    "enum": lambda kind: f", none of {', '.join(map(quoted, kind.options))}",
    "pattern": lambda kind: f", not written as {kind.pattern}",
    "propertyNames": lambda _: ", a key of which is no name",
    "format": lambda kind: f", no {kind.format} that exists",
    "minLength": lambda _: ", which is empty",
    "maxItems": lambda _: " where [] belongs",
    "uniqueItems": lambda _: ", in which something stands twice",
    "minimum": lambda kind: f", less than {kind.limit}",
    "maximum": lambda kind: f", more than {kind.limit}",
    "not": lambda _: ", which it must not be in a live article",
}
"""What a rule of the schema says about a value, after "is …"."""


def quoted(value: object) -> str:
    """Return a value as JSON, shortened.

    >>> quoted("a" * 100)[-5:], quoted(None)
    ('aaa …', 'null')
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 2]} …"


def _place(path: list[str | int]) -> str:
    place = ""
    for step in path:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    return place
