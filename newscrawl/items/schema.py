"""The JSON Schema (2020-12) of an article."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from typing import Any

from itemadapter import ItemAdapter

from newscrawl.items.article import FIELDS_OF_GONE, PARTS, SCHEMA_VERSION, Article
from newscrawl.items.fields import Format, when

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_IDENTIFIER = f"urn:newscrawl:article:{SCHEMA_VERSION}"


def article_schema() -> Format:
    """Return the schema of one line of a dump; its parts are under `$defs`.

    Each key is required and no other is allowed. Formats (`date`, `uri`) are meant to be
    checked, which most validators do only when told to.

    >>> article_schema()["properties"]["status"]["enum"]
    ['live', 'gone']
    """
    parts = {kind.__name__: _schema_of(kind) for kind in PARTS}
    names = {tuple(part["properties"]): name for name, part in parts.items()}
    for part in parts.values():
        part["properties"] = {
            name: _referring(value, names) for name, value in part["properties"].items()
        }
    article = parts.pop(Article.__name__)
    article["allOf"] = [*article["allOf"], _gone()]
    return {"$schema": _DIALECT, "$id": _IDENTIFIER, **article, "$defs": parts}


def _schema_of(kind: type) -> Format:
    found = deepcopy(ItemAdapter.get_json_schema(kind))
    rules = found.pop("allOf", None)
    for value in found["properties"].values():
        # What a program may leave out when it makes an article is there in every line.
        value.pop("default", None)
    return {
        "title": kind.__name__,
        "description": str(kind.__doc__),
        "type": "object",
        "additionalProperties": False,
        "required": list(found["properties"]),
        "properties": found["properties"],
        **({"allOf": rules} if rules else {}),
    }


def _referring(value: Any, names: dict[tuple[str, ...], str]) -> Any:
    """Return a schema in which the parts that stand within it are referred to instead."""
    if isinstance(value, list):
        return [_referring(entry, names) for entry in value]
    if not isinstance(value, dict):
        return value
    if "properties" in value:
        told = {"description": value["description"]} if "description" in value else {}
        return {**told, "$ref": f"#/$defs/{names[tuple(value['properties'])]}"}
    return {name: _referring(entry, names) for name, entry in value.items()}


def _gone() -> Format:
    """Return the rule for the line of a removed article: its history, and nothing of its text."""
    empty: Format = {
        name: {"const": value}
        for name, value in asdict(Article()).items()
        if name not in FIELDS_OF_GONE
    }
    history: Format = {"revision": {"minimum": 2}, "changed_fields": {"const": ["status"]}}
    return when({"status": {"const": "gone"}}, history | empty)
