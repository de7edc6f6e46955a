"""Reads the twin's TOML files, strictly: a missing, unknown or wrong key is an error."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

FOLDER = Path(__file__).parent

T = TypeVar("T")


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the classes that say which keys a TOML table has, and of which types."""


def convert(data: Any, kind: type[T], name: str) -> T:
    """Return TOML data as `kind`; raise ValueError that names the file and the key.

    >>> class Town(Table, frozen=True):
    ...     name: str
    >>> convert({"nome": "Bari"}, Town, "town.toml")
    Traceback (most recent call last):
    ValueError: town.toml: Object contains unknown field `nome`
    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise ValueError(f"{name}: {error}") from None


def read(name: str, kind: type[T]) -> T:
    """Return the file `name`, a path below twin/, as `kind`.

    Raises:
        ValueError: the file is not TOML or not a `kind`; one line names the file and the key.
        FileNotFoundError: there is no such file.
    """
    try:
        data = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}") from None
    return convert(data, kind, name)
