"""The headline of a page that does not show one: what metadata and its title state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.pages.head_lines import title_without_site
from newscrawl.pages.shown import shown_text
from newscrawl.pages.site_names import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.pages.site_names import SiteNames

_SHORTEST_CUT = 12
"""Characters of a headline that was cut off, at least."""
_MAX_STATED = 110
"""Characters to which publishers cut headlines in JSON-LD, as Google asked for."""
_ELLIPSES = ("…", "...")


def stated_titles(
    names: SiteNames, stated: Iterable[tuple[str, str | None]], heading: Element | None
) -> list[tuple[str, str | None]]:
    """Return titles by source without the site's name, the most reliable first.

    Args:
        names: those of the page's site.
        stated: the titles in metadata.
        heading: the first `h1`, which may be the site's name.
    """
    title, shown = title_of(names.root), shown_text(heading)
    every = [*stated, ("jsonld", names.jsonld.text("name"))]
    titles = [(source, text) for source, text in every if text]
    known = [*names.stated, *names.in_title(title)]
    known += [part for _, text in titles for part in names.in_title(text)]
    whole = title_without_site(title, known, [shown])
    clean = [
        (source, text if text == whole else title_without_site(text, known, [shown]))
        for source, text in titles
    ]
    if shown.casefold() not in {name.casefold() for name in known}:
        clean.append(("visible", shown))
    clean.append(("meta", whole))
    texts = [text for _, text in clean]
    return [(source, whole_title(text, texts)) for source, text in clean]


def whole_title(title: str, others: Iterable[str]) -> str:
    """Return a title; of one that may be cut off, the longest of others that begin with it.

    >>> whole_title("La regata dei due…", ["La regata dei due fari"])
    'La regata dei due fari'
    """
    is_marked = title.endswith(_ELLIPSES)
    start = title.rstrip(" .…") if is_marked else title
    if len(start) < _SHORTEST_CUT or not (is_marked or len(title) >= _MAX_STATED):
        return title
    begun = [other for other in others if other.startswith(start) and not other.endswith(_ELLIPSES)]
    return max(begun, key=len, default=title)
