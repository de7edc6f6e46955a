"""Compares items with what the twin knows to be true."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newscrawl.items import ARTICLE_FIELDS, FROM_TWIN
from twin import truth

if TYPE_CHECKING:
    from collections.abc import Iterable

    from twin.content import Content
    from twin.model import Switches

# Fields of a run, not of a page: each is checked where the run is.
OF_THE_RUN = frozenset({"fetched_at", "first_seen_at", *truth.VARYING})


def differences(
    items: Iterable[dict[str, Any]],
    content: Content,
    switches: Switches,
    *,
    ignoring: frozenset[str] = frozenset(),
    origin: str | None = None,
) -> list[str]:
    """Return one line for each field of an item that is not as the twin knows it.

    `origin` is that of a site by its address; None for the twin's own site.
    """
    ignored = OF_THE_RUN | ignoring
    if switches.layout == "redesign":
        ignored |= truth.UNSURE_IN_REDESIGN
    found = []
    for item in items:
        assert tuple(item) == ARTICLE_FIELDS
        index = content.index_of(int(item["id"].partition(":")[2]))
        assert index is not None, f"{item['id']} is unknown"
        post = content.post(index)
        expected = truth.article(
            post,
            content,
            switches,
            fetched_at=datetime.fromisoformat(item["fetched_at"]),
            now=content.now,
            origin=origin,
        )
        assert expected is not None, f"{item['url']} is no article"
        found += [
            f"{item['url']} {name}: expected {value!r:.600}, got {item[name]!r:.600}"
            for name, value in asdict(expected).items()
            if name not in ignored and _without_twin(name, item[name]) != value
        ]
    return found


def _without_twin(name: str, value: Any) -> Any:
    """Return a field without the flag of the twin, which only a crawl's response shows."""
    return [flag for flag in value if flag != FROM_TWIN] if name == "flags" else value
