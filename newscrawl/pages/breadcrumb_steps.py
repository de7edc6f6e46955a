"""Reads the steps of a breadcrumb from its links or from JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.items import Breadcrumb
from newscrawl.pages.shown import shown_text
from newscrawl.pages.structured import flat, scalars, types
from newscrawl.text import fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd
    from newscrawl.urls import SiteUrls


def read_steps(anchors: Iterable[Element], urls: SiteUrls, base: str, own: str) -> list[Breadcrumb]:
    """Return the steps of a breadcrumb without Home and the article, whose URL is `own`."""
    links = [
        Breadcrumb(name, urls.public(anchor.get("href") or "", base))
        for anchor in anchors
        if (name := shown_text(anchor))
    ]
    return [step for step in _without_home(links, urls) if step.url != own]


def stated_steps(jsonld: JsonLd, urls: SiteUrls, base: str) -> list[Breadcrumb]:
    """Return the steps of the first breadcrumb in JSON-LD, without Home."""
    lists = (node for node in jsonld.objects if "breadcrumblist" in types(node))
    for node in lists:
        elements = [step for step in flat(node.get("itemListElement")) if isinstance(step, dict)]
        elements.sort(key=_position)
        steps = [step for element in elements if (step := _stated_step(element, urls, base))]
        if steps:
            return _without_home(steps, urls)
    return []


def _without_home(steps: list[Breadcrumb], urls: SiteUrls) -> list[Breadcrumb]:
    home = f"{urls.site.origin}/"
    return [step for step in steps if step.url != home and step.name.casefold() != "home"]


def _position(element: dict[str, Any]) -> int:
    stated = str(element.get("position"))
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 4 else 0


def _stated_step(element: dict[str, Any], urls: SiteUrls, base: str) -> Breadcrumb | None:
    item = element.get("item")
    described = item if isinstance(item, dict) else {"@id": item}
    names = (*scalars(element.get("name")), *scalars(described.get("name")))
    name = next((text for text in names if isinstance(text, str) and fold(text)), None)
    stated = (described.get("@id"), described.get("url"))
    address = next((url for url in stated if isinstance(url, str) and url), None)
    if name is None:
        return None
    return Breadcrumb(strip_tags(name), urls.public(address, base) if address else None)
