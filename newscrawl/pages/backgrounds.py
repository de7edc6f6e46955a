"""Finds the lead image that a page shows as the background of an element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages import media
from newscrawl.pages.shown import is_hidden

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_STYLE_URL = re.compile(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_ADDRESSES = ("data-bg", "data-bgset", "data-background", "data-background-image")
_OF_ARTICLE = re.compile(r"hero|cover|featured|lead|copertina|thumbnail", re.IGNORECASE)
_OF_SITE = frozenset({"body", "html", "nav", "aside", "footer", "a", "li", "main"})
_MAX_ELEMENTS = 5_000


def background_url(element: Element) -> str | None:
    """Return the address of an element's background as written, by its style or for a script."""
    match = _STYLE_URL.search(element.get("style") or "")
    urls = [match[1] if match else None, *(element.get(name) for name in _ADDRESSES)]
    return next((url for url in urls if media.is_picture_file(url)), None)


def lead_background(root: Element, text: Element | None) -> str | None:
    """Return the address of the picture behind or above the headline; None where it is not shown.

    Args:
        root: the page's `html` element.
        text: the first element of the text; what follows it is not searched.
    """
    for count, node in enumerate(root.iter()):
        if node is text or count > _MAX_ELEMENTS:
            break
        if isinstance(node.tag, str) and (url := background_url(node)) and _is_lead(node):
            return url
    return None


def _is_lead(node: Element) -> bool:
    """Return whether an element is the article's, by its name or by the headline in it."""
    if node.tag in _OF_SITE or is_hidden(node):
        return False
    if any(outer.tag in {"nav", "aside", "footer", "li"} for outer in node.iterancestors()):
        return False
    if _OF_ARTICLE.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
        return True
    article = next(node.iterancestors("article"), node)
    return next(article.iter("h1"), None) is not None
