"""The page of the documentation that explains each field."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from newscrawl.items.article import (
    COMPARED_FIELDS,
    FIELDS_OF_GONE,
    PARTS,
    SCHEMA_VERSION,
    Article,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from dataclasses import Field

_HEAD = f"""# Fields

<!-- Made by `make schema` from newscrawl/items/article.py and parts.py: change it there. -->

A dump is UTF-8 text with one JSON object a line: an article in one of its revisions. This is schema
version {SCHEMA_VERSION}; [article.schema.json](article.schema.json) says the same to programs, and
`scrapy validate` checks it ([reading.md](reading.md)).

- Every key is always there, in this order. What is not known is `null` or `[]`, never invented.
- Text has no control characters and single spaces only; blank lines part the paragraphs of `body`.
- *Otherwise* says where a field is read when its first source has nothing, and what it then holds.
- A later version 1.x only adds keys; what breaks a reader gets the number 2.0.
- `changed_fields` compares {{compared}}; it names `status` where an article was removed or is back.
- A line with `status` `gone` fills {{gone}}; the rest is as empty as can be.
"""
_TYPES = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def fields_page() -> str:
    """Return the page as Markdown."""
    compared = _listed(COMPARED_FIELDS)
    gone = _listed(field.name for field in fields(Article) if field.name in FIELDS_OF_GONE)
    pieces = [_HEAD.format(compared=compared, gone=gone), _section("Article", Article)]
    pieces += [_section(kind.__name__, kind) for kind in PARTS if kind is not Article]
    return "\n".join(pieces)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _section(title: str, kind: type) -> str:
    hints = get_type_hints(kind)
    rows = [_row(field, hints[field.name]) for field in fields(kind)]
    head = ["| field | type | meaning | otherwise |", "|---|---|---|---|"]
    return "\n".join([f"## {title}", f"{kind.__doc__}", "", *head, *rows, ""])


def _row(field: Field[Any], hint: Any) -> str:
    extra = field.metadata["json_schema_extra"]
    otherwise = field.metadata["otherwise"] or _empty(field, hint)
    cells = [f"`{field.name}`", _type(hint), extra["description"], otherwise]
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _empty(field: Field[Any], hint: Any) -> str:
    if type(None) in get_args(hint):
        return "`null`"
    if field.default_factory is not MISSING:
        return f"`{field.default_factory()}`"
    return "always there"


def _type(hint: Any) -> str:
    """Return a type as a reader of JSON calls it, parts with a link to their table."""
    if get_origin(hint) is list:
        return f"list of {_type(get_args(hint)[0])}"
    if get_origin(hint) is dict:
        return "object of texts"
    options = [option for option in get_args(hint) if option is not type(None)]
    if options:
        return f"{_type(options[0])} or `null`"
    return _TYPES.get(hint) or f"[{hint.__name__}](#{hint.__name__.lower()})"
