"""Pages that a script would fill, told from what the server sent. No script is run here.

A gap is told only by what is plainly there for a script to fill, never by missing text alone:

- `empty_body`: the theme's text container holds no word of its own, but an element that says where
  its content is to be fetched (`data-url` and the like) or that it is busy (`aria-busy`).
- `noscript`: the page, or its text container, is as good as empty and asks for JavaScript.
- `app_shell`: the body is one empty element in which frameworks put a page (`#root`, `#app` …).
- `empty_list`: the theme's list is empty and says where its cards are to be fetched.

A bot wall's challenge looks alike; it is none: what keeps robots out is not to be opened.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.boilerplate import is_noise
from newscrawl.pages.theme_elements import Landmarks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element


def _xpath(expression: str) -> etree.XPath:
    return etree.XPath(expression, smart_strings=False)


FEW_WORDS = 50
"""A page of another layout with fewer words than this, menus and footer included, holds none."""
_SOURCES = (
    "data-url",
    "data-endpoint",
    "data-api",
    "data-ajax-url",
    "data-content-url",
    "data-load-url",
)
_MAX_DEPTH = 120
_SHELLS = frozenset({"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "ember-app"})
_UNREAD = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_ASKS = re.compile(r"\bjava\s?script\b", re.IGNORECASE)
_WALL = _xpath(
    "boolean(//script[contains(@src,'/cdn-cgi/challenge-platform/')"
    " or contains(@src,'captcha') or contains(@src,'datadome') or contains(@src,'_Incapsula')]"
    "|//*[@id='challenge-form' or @id='challenge-running' or @id='px-captcha'"
    " or contains(@class,'g-recaptcha') or contains(@class,'h-captcha')])"
)
_SCRIPTS = _xpath("boolean(//script[@src])")
_LISTS = _xpath(
    "//div[contains(concat(' ',normalize-space(@class),' '),' jeg_posts ')]"
    "[not(ancestor::div[contains(@class,'jeg_sidebar')])]"
)
_CARD = _xpath("boolean(.//*[contains(@class,'jeg_post ') or contains(@class,'jeg_empty_module')])")


def article_gap(root: Element) -> str | None:
    """Return what tells that a script would fill in an article, None when nothing does."""
    content = Landmarks(root)["content"]
    if content is None:
        found = _page_gap(root)
    elif not _is_bare(content):
        found = None
    elif _waits(content):
        found = "empty_body"
    else:
        found = "noscript" if _asks_for_scripts(content) else None
    return None if found and _WALL(root) else found


def has_article(root: Element) -> bool:
    """Return whether an article's text is there by now."""
    content = Landmarks(root)["content"]
    if content is None:
        return not _is_sparse(root)
    return not _is_bare(content)


def list_gap(root: Element) -> str | None:
    """Return what tells that a script would fill in a list, None when nothing does."""
    lists = _LISTS(root)
    if not lists:
        found = _page_gap(root)
    elif any(_CARD(one) or next(_words(one), None) for one in lists):
        found = None
    else:
        found = "empty_list" if any(_waits(one) or _source(one) for one in lists) else None
    return None if found and _WALL(root) else found


def has_list(root: Element) -> bool:
    """Return whether a list's first cards, or its word that there are none, are there by now."""
    lists = _LISTS(root)
    return any(map(_CARD, lists)) if lists else not _is_sparse(root)


def _page_gap(root: Element) -> str | None:
    """Return what tells that a script would fill in a whole page of another layout."""
    body = root.find("body")
    if body is None or not _is_sparse(body):
        return None
    shells = (one for one in body.iter("div") if one.get("id") in _SHELLS)
    if _SCRIPTS(root) and any(next(_words(one), None) is None for one in shells):
        return "app_shell"
    return "noscript" if _asks_for_scripts(body) else None


def _asks_for_scripts(scope: Element) -> bool:
    return any(_ASKS.search("".join(one.itertext())) for one in scope.iter("noscript"))


def _is_sparse(scope: Element) -> bool:
    return sum(1 for _ in islice(_words(scope), FEW_WORDS)) < FEW_WORDS


def _is_bare(content: Element) -> bool:
    """Return whether a text container holds no word but those of what waits in it."""
    return next(_words(content, leave_out_waiting=True), None) is None


def _waits(scope: Element) -> bool:
    """Return whether something in a container waits to be filled."""
    return any(map(_is_waiting, _shown(scope)))


def _is_waiting(element: Element) -> bool:
    return element.get("aria-busy") == "true" or (_source(element) and len(element) <= 1)


def _source(element: Element) -> bool:
    """Return whether an element says where its content is to be fetched."""
    return any((element.get(name) or "").startswith(("/", "http")) for name in _SOURCES)


def _words(scope: Element, depth: int = 0, *, leave_out_waiting: bool = False) -> Iterator[str]:
    """Yield the words within an element that a reader would see, boxes of the theme left out."""
    yield from _of(scope.text)
    for child in scope:
        is_left_out = (
            not isinstance(child.tag, str)
            or child.tag in _UNREAD
            or depth > _MAX_DEPTH
            or is_noise(child)
            or (leave_out_waiting and _is_waiting(child))
        )
        if not is_left_out:
            yield from _words(child, depth + 1, leave_out_waiting=leave_out_waiting)
        yield from _of(child.tail)


def _shown(scope: Element, depth: int = 0) -> Iterator[Element]:
    """Yield the elements within one, boxes of the theme left out."""
    for child in scope:
        if isinstance(child.tag, str) and depth <= _MAX_DEPTH and not is_noise(child):
            yield child
            yield from _shown(child, depth + 1)


def _of(text: str | None) -> Iterator[str]:
    return (word for word in (text or "").split() if any(map(str.isalnum, word)))
