"""Finds the lead image that a page shows as the background of an element."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages import media
from newscrawl.pages.shown import is_hidden

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_STYLE_URL = re.compile(
    r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*['\"]?([^'\")]+)", re.IGNORECASE
)
_ADDRESSES = ("data-bg", "data-background", "data-background-image")
_TAGS = ("div", "header", "section", "figure", "span")
_OF_ARTICLE = re.compile(r"hero|cover|featured|lead|copertina|thumbnail", re.IGNORECASE)
_OF_SITE = ("nav", "aside", "footer", "li")


def background_url(element: Element) -> str | None:
    """Return the address of an element's background as written, by its style or for a script."""
    style = element.get("style")
    match = _STYLE_URL.search(style) if style and "url(" in style else None
    urls = [match[1]] if match else []
    urls += [url for name in _ADDRESSES if (url := element.get(name))]
    return next(filter(media.is_picture_file, urls), None)


def lead_background(root: Element, text: Element | None) -> str | None:
    """Return the address of the picture behind or above the headline; None where it is not shown.

    Args:
        root: the page's `html` element.
        text: the first element of the text; what follows it is not searched.
    """
    found = {node: url for node in root.iter(*_TAGS) if (url := background_url(node))}
    # Most pages have no background: their elements need not be gone through.
    for node in root.iter() if found else ():
        if node is text:
            break
        if node in found and _is_lead(node):
            return found[node]
    return None


def _is_lead(node: Element) -> bool:
    """Return whether an element is the article's, by its name or by the headline in it."""
    if is_hidden(node) or next(node.iterancestors(*_OF_SITE), None) is not None:
        return False
    if _OF_ARTICLE.search(f"{node.get('class') or ''} {node.get('id') or ''}"):
        return True
    article = next(node.iterancestors("article"), node)
    return next(article.iter("h1"), None) is not None
