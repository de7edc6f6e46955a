"""msgspec structs generated from the article's dataclasses, which decode lines.

Decoding into the dataclasses themselves would fill a key that a line lacks with the field's
default; a struct generated here has no defaults, so that a missing key is an error. Only keys that
a later schema version has added have theirs, which is what lines of earlier versions mean.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields, is_dataclass
from functools import reduce
from operator import or_
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection


def struct_of(kind: type, paths: Collection[str] = ()) -> type[msgspec.Struct]:
    """Return the struct with the fields of a dataclass; its parts are structs as well.

    Args:
        kind: the dataclass.
        paths: names of the fields to include; all by default. `authors.name` includes only
            the name of each author.

    >>> from newscrawl.items import Article
    >>> struct_of(Article, ["revision", "authors.name"]).__struct_fields__
    ('revision', 'authors')
    >>> msgspec.json.decode(b'{"revision": 1}', type=struct_of(Article, ["id", "revision"]))
    Traceback (most recent call last):
    msgspec.ValidationError: Object missing required field `id`
    """
    hints = get_type_hints(kind)
    paths_by_field: dict[str, list[str]] = {}
    for path in paths or [field.name for field in fields(kind)]:
        name, _, subpath = path.partition(".")
        paths_by_field.setdefault(name, []).extend([subpath] if subpath else [])
    by_name = {field.name: field for field in fields(kind)}
    return msgspec.defstruct(
        kind.__name__,
        [
            (name, _with_structs(hints[name], subpaths), *_default(by_name[name]))
            for name, subpaths in paths_by_field.items()
        ],
        kw_only=True,
        # No part of an article refers to its container.
        gc=False,
    )


def _default(field: Field[Any]) -> tuple[Any, ...]:
    """Return the default of a key that a later schema version has added."""
    if "since" not in field.metadata:
        return ()
    if field.default_factory is MISSING:
        return (msgspec.field(default=field.default),)
    return (msgspec.field(default_factory=field.default_factory),)


def _with_structs(hint: Any, paths: Collection[str]) -> Any:
    """Return a type with structs in place of the dataclasses."""
    if isinstance(hint, type) and is_dataclass(hint):
        return struct_of(hint, paths)
    types = tuple(_with_structs(option, paths) for option in get_args(hint))
    if isinstance(hint, UnionType):
        return reduce(or_, types)
    return get_origin(hint)[types] if types else hint
