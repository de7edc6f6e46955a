"""Reads the steps of a breadcrumb from its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Breadcrumb
from newscrawl.pages.shown import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.urls import SiteUrls


def read_steps(anchors: Iterable[Element], urls: SiteUrls, base: str, own: str) -> list[Breadcrumb]:
    """Return the steps of a breadcrumb without Home and the article, whose URL is `own`."""
    links = [
        Breadcrumb(name, urls.public(anchor.get("href") or "", base))
        for anchor in anchors
        if (name := shown_text(anchor))
    ]
    home = f"{urls.site.origin}/"
    return [
        step for step in links if step.url not in {home, own} and step.name.casefold() != "home"
    ]
