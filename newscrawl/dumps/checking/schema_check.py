"""Checks a record against the JSON Schema, with readable messages."""

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


def schema_faults(record: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Return the faults of a record: the field, such as "related[2].url", and the message.

    >>> list(schema_faults({"schema_version": "1.0"}))[0]
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
    field, kind, value = _field(error.instance_path), error.kind, error.instance
    if kind.name == "anyOf" and value is not None and isinstance(value, dict):
        # Null or a part: it is not null, so the part's schema gives the reason.
        for inner in kind.context[-1]:
            yield from _faults(inner)
    elif kind.name == "required":
        yield _field([*error.instance_path, kind.property]), "is missing"
    elif kind.name == "additionalProperties":
        for name in kind.unexpected:
            yield _field([*error.instance_path, name]), "is not a field of an article"
    else:
        yield field, _message(kind, value)


def _message(kind: Any, value: Any) -> str:
    reason = _REASONS.get(kind.name)
    return f"is {quoted(value)}{reason(kind) if reason else f', against the rule {kind.name!r}'}"


_REASONS: dict[str, Callable[[Any], str]] = {
    "type": lambda kind: f", not {' or '.join(kind.types)}",
    "anyOf": lambda _: ", not an object or null",
    "const": lambda kind: f", not {quoted(kind.expected_value)}",
    "enum": lambda kind: f", not one of {', '.join(map(quoted, kind.options))}",
    "pattern": lambda kind: f", which does not match {kind.pattern}",
    "propertyNames": lambda _: ", which has an invalid key",
    "format": lambda kind: f", not a valid {kind.format}",
    "minLength": lambda _: ", which is empty",
    "maxItems": lambda _: ", which must be empty",
    "uniqueItems": lambda _: ", which has an entry twice",
    "minimum": lambda kind: f", less than {kind.limit}",
    "maximum": lambda kind: f", more than {kind.limit}",
    "not": lambda _: ", which is not allowed in a live article",
}
"""Rules of the schema to the rest of the message, after "is …"."""


def quoted(value: object) -> str:
    """Return a value as JSON, shortened.

    >>> quoted("a" * 100)[-5:], quoted(None)
    ('aaa …', 'null')
    """
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 2]} …"


def _field(path: list[str | int]) -> str:
    field = ""
    for step in path:
        field += f"[{step}]" if isinstance(step, int) else f".{step}" if field else step
    return field
