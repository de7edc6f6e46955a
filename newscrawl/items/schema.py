"""The JSON Schema (2020-12) of an article."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict, fields
from typing import Any

from itemadapter import ItemAdapter

from newscrawl.items.article import FIELDS_OF_GONE, PARTS, SCHEMA_VERSION, Article
from newscrawl.items.fields import Format, when

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_IDENTIFIER = f"urn:newscrawl:article:{SCHEMA_VERSION}"


def article_schema() -> Format:
    """Return the schema of one line of a dump; its parts are under `$defs`.

    Each key is required and no other is allowed; a key that a later version has added is not
    required in lines of earlier ones. Formats (`date`, `uri`) should be
    checked, which most validators do only on request.

    >>> article_schema()["properties"]["status"]["enum"]
    ['live', 'gone']
    """
    parts = {kind.__name__: _schema_of(kind) for kind in PARTS}
    names = {tuple(part["properties"]): name for name, part in parts.items()}
    for part in parts.values():
        part["properties"] = {
            name: _with_references(value, names) for name, value in part["properties"].items()
        }
    article = parts.pop(Article.__name__)
    article["allOf"] = [*article["allOf"], _rule_of_gone()]
    return {"$schema": _DIALECT, "$id": _IDENTIFIER, **article, "$defs": parts}


def _schema_of(kind: type) -> Format:
    schema = deepcopy(ItemAdapter.get_json_schema(kind))
    rules = schema.pop("allOf", None)
    later = {field.name for field in fields(kind) if "since" in field.metadata}
    for value in schema["properties"].values():
        # Defaults are for programs that make an article; every line has all keys.
        value.pop("default", None)
    return {
        "title": kind.__name__,
        "description": str(kind.__doc__),
        "type": "object",
        "additionalProperties": False,
        "required": [name for name in schema["properties"] if name not in later],
        "properties": schema["properties"],
        **({"allOf": rules} if rules else {}),
    }


def _with_references(value: Any, names: dict[tuple[str, ...], str]) -> Any:
    """Return a schema with references in place of the parts nested in it."""
    if isinstance(value, list):
        return [_with_references(entry, names) for entry in value]
    if not isinstance(value, dict):
        return value
    if "properties" in value:
        description = {"description": value["description"]} if "description" in value else {}
        return {**description, "$ref": f"#/$defs/{names[tuple(value['properties'])]}"}
    return {name: _with_references(entry, names) for name, entry in value.items()}


def _rule_of_gone() -> Format:
    """Return the rule for the line of a removed article: its history without its text."""
    empty: Format = {
        name: _empty(value)
        for name, value in asdict(Article()).items()
        if name not in FIELDS_OF_GONE
    }
    history: Format = {"revision": {"minimum": 2}, "changed_fields": {"const": ["status"]}}
    return when({"status": {"const": "gone"}}, history | empty)


def _empty(value: Any) -> Format:
    """Return the format of an empty value; a line of an earlier version may lack keys of a part."""
    if isinstance(value, dict) and value:
        return {"properties": {name: {"const": part} for name, part in value.items()}}
    return {"const": value}
