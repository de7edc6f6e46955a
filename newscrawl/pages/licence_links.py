"""Links of a page to licences, by which publishers say how its content may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINKS = etree.XPath(
    "//*[@rel and @href and (self::link or self::a or self::area)"
    " and (contains(@rel, 'icense') or contains(@rel, 'ICENSE'))]"
)
_RELATION = "license"


def licence_links(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield `href` and `type` of the elements with rel="license" (HTML, "Link type license")."""
    for element in _LINKS(root):
        if _RELATION in (element.get("rel") or "").lower().split():
            yield element.get("href") or "", element.get("type") or ""
