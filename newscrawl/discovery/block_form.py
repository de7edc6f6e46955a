"""The form with which the theme requests more articles of a block.

See decision 8 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from newscrawl.discovery.archive import Pagination


def form_of(pagination: Pagination) -> str:
    """Return the URL-encoded form that requests the next page of the pagination's block.

    Raises:
        ValueError: the pagination has no block.
    """
    if pagination.block is None:
        raise ValueError(f"the archive {pagination.url} has no block to request")
    fields: list[tuple[str, str]] = [
        ("action", f"jnews_module_ajax_{pagination.block.name}"),
        ("module", "true"),
        ("data[filter]", "0"),
        ("data[filter_type]", "all"),
        ("data[current_page]", str(pagination.page)),
    ]
    for key, value in pagination.block.attributes.items():
        fields.extend(_as_form(f"data[attribute][{key}]", value))
    return urlencode(fields)


def _as_form(name: str, value: Any) -> list[tuple[str, str]]:
    """Return a value as form fields, as jQuery serializes it."""
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    if value is None:
        return [(name, "")]
    if isinstance(value, list):
        return [
            pair
            for index, entry in enumerate(value)
            for pair in _as_form(
                f"{name}[{index if isinstance(entry, (list, dict)) else ''}]", entry
            )
        ]
    if isinstance(value, dict):
        return [pair for key, entry in value.items() for pair in _as_form(f"{name}[{key}]", entry)]
    return [(name, str(value))]
