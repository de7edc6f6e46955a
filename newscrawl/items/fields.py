"""Formats of the values in a dump, in terms of JSON Schema."""

from __future__ import annotations

from dataclasses import MISSING, field
from typing import Any, Final

Format = dict[str, Any]

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "[0-9]{2}:[0-9]{2}:[0-9]{2}"

_KEY = "[a-z0-9][a-z0-9_.-]*"
"""Of a registered site, or a host's name with an unusual port: `example.it-8001`."""

SITE_KEY: Final[Format] = {"pattern": f"^{_KEY}$"}
ID: Final[Format] = {"pattern": f"^{_KEY}:(?:[1-9][0-9]*|[0-9a-f]{{16}})$"}
HASH: Final[Format] = {"pattern": "^[0-9a-f]{64}$"}
NAME: Final[Format] = {"pattern": "^[a-z][a-z0-9_]*$"}
SITE_URL: Final[Format] = {"format": "uri", "pattern": "^https?://[^/?#]+/[^#]*$"}
"""A canonical URL; those of other sites stay as the page writes them."""
URL: Final[Format] = {"pattern": "^https?://"}
DAY: Final[Format] = {"format": "date", "pattern": f"^{_DAY}$"}
LOCAL: Final[Format] = {
    "format": "date-time",
    "pattern": f"^{_DAY}T{_TIME}[+-][0-9]{{2}}:[0-9]{{2}}$",
}
DAY_OR_LOCAL: Final[Format] = {"pattern": f"^{_DAY}(?:T{_TIME}[+-][0-9]{{2}}:[0-9]{{2}})?$"}
UTC: Final[Format] = {"type": "string", "format": "date-time", "pattern": f"^{_DAY}T{_TIME}Z$"}
LANGUAGE: Final[Format] = {"pattern": "^[a-z]{2,8}$"}
SIGNAL_SOURCE: Final[Format] = {"pattern": "^[a-z.-]+/[a-z.-]+$"}
SIGNAL_USE: Final[Format] = {"pattern": "^[a-z]+(?:-[a-z]+)*$"}
FILLED: Final[Format] = {"minLength": 1}
COUNT: Final[Format] = {"minimum": 0}
NUMBER: Final[Format] = {"minimum": 1}


def one_of(*values: str | None) -> Format:
    """Return the format of a value from a list.

    >>> one_of("live", "gone")
    {'enum': ['live', 'gone']}
    """
    return {"enum": [*values]}


def each(entry: Format, *, once: bool = False) -> Format:
    """Return the format of a list by that of its entries; `once`: entries are unique."""
    return {"items": {**entry}, **({"uniqueItems": True} if once else {})}


def when(condition: Format, then: Format, otherwise: Format | None = None) -> Format:
    """Return the rule by which properties of an object depend on others.

    >>> when({"status": {"const": "gone"}}, {"body": {"const": ""}})["then"]
    {'properties': {'body': {'const': ''}}}
    """
    rule: Format = {
        "if": {"properties": condition},
        "then": {"properties": then},
    }
    if otherwise is not None:
        rule["else"] = {"properties": otherwise}
    return rule


def field_with_schema(
    doc: str,
    schema: Format | None = None,
    *,
    otherwise: str = "",
    default: Any = MISSING,
    factory: Any = MISSING,
    **facts: bool | str,
) -> Any:
    """Return a dataclass field with its description and its schema.

    Args:
        doc: meaning and format, one sentence.
        schema: JSON Schema keywords besides the type.
        otherwise: where the field is read when its first source has nothing, and its value then.
        default: as for `dataclasses.field`.
        factory: its `default_factory`.
        **facts: further facts about the field, kept in its metadata.
    """
    metadata = {
        "json_schema_extra": {"description": doc, **(schema or {})},
        "otherwise": otherwise,
        **facts,
    }
    if factory is not MISSING:
        return field(default_factory=factory, metadata=metadata)
    if default is not MISSING:
        return field(default=default, metadata=metadata)
    return field(metadata=metadata)


def article_field(  # noqa: PLR0913 - a field states all its facts
    doc: str,
    schema: Format | None = None,
    *,
    compared: bool,
    counted: bool = False,
    in_gone: bool = False,
    otherwise: str = "",
    default: Any = MISSING,
    factory: Any = MISSING,
    **facts: bool | str,
) -> Any:
    """Return a field of the article itself, with further facts about it.

    Args:
        doc: as for `field_with_schema`.
        schema: as for `field_with_schema`.
        compared: `changed_fields` names it when it differs from the previous revision.
        counted: a run counts the articles that have it, as `coverage/<field>`.
        in_gone: a line with `status` "gone" fills it.
        otherwise: as for `field_with_schema`.
        default: as for `field_with_schema`.
        factory: as for `field_with_schema`.
        **facts: as for `field_with_schema`; `since`: the schema version that has added the key.
    """
    return field_with_schema(
        doc,
        schema,
        otherwise=otherwise,
        default=default,
        factory=factory,
        compared=compared,
        counted=counted,
        in_gone=in_gone,
        **facts,
    )
