"""WordPress's categories as its REST API lists them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from newscrawl.discovery.entries import refusal
from newscrawl.text import decode_entities, fold

PER_PAGE = 100
"""The maximum that WordPress allows."""
_FIELDS = "id,count,link,name,slug,parent"
_SOURCE, _NOUN = "the REST response", "list of categories"
_MAX_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Category:
    """One category."""

    id: int
    name: str
    slug: str
    link: str
    """Address of its archive, as written."""
    parent: int | None = None
    """Id of the category above it."""
    count: int = 0
    """How many posts it has, without those of the categories below it."""


def address(origin: str, page: int = 1) -> str:
    """Return the address of a site's list of categories, those with the most posts first.

    The response header X-WP-TotalPages is the number of pages.

    >>> address("https://www.example.it", 2)[:61]
    'https://www.example.it/wp-json/wp/v2/categories?_fields=id,co'
    """
    parameters: dict[str, str | int] = {
        "_fields": _FIELDS,
        "orderby": "count",
        "order": "desc",
        "per_page": PER_PAGE,
    }
    if page > 1:
        parameters["page"] = page
    return f"{origin.rstrip('/')}/wp-json/wp/v2/categories?{urlencode(parameters, safe=',')}"


def read(body: bytes) -> list[Category]:
    """Return the categories of a response; records that are not categories are left out.

    Raises:
        ValueError: it is not a list of categories; the message is one line.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refusal(_SOURCE, _NOUN, str(error)) from None
    if not isinstance(data, list):
        raise refusal(_SOURCE, _NOUN, f"it is of type {type(data).__name__}")
    return [category for record in data if (category := _category(record)) is not None]


def _category(record: Any) -> Category | None:
    if not isinstance(record, dict):
        return None
    name, slug, link = (_text(record.get(key)) for key in ("name", "slug", "link"))
    number = _positive(record.get("id"))
    if not (name and slug and link and number):
        return None
    return Category(
        number,
        fold(decode_entities(name)) or slug,
        slug,
        link,
        _positive(record.get("parent")) or None,
        _positive(record.get("count")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _positive(value: Any) -> int:
    """Return a number from 1 on as it is, anything else as 0."""
    return value if type(value) is int and 0 < value <= _MAX_ID else 0
