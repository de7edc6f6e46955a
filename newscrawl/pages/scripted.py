"""Detects pages that a script would fill, from the HTML that the server sent; no script is run.

A gap needs a placeholder for a script to fill; missing text alone is not a gap (decision 54):

- `empty_body`: the theme's text container has no text, but an element that states where its content
  is fetched from (`data-url` and the like) or that it is busy (`aria-busy`).
- `noscript`: the page, or its text container, is nearly empty and requires JavaScript.
- `app_shell`: the body is one empty element that a framework fills (`#root`, `#app` …).
- `empty_list`: the theme's list is empty and states where its cards are fetched from.

A bot protection's challenge looks alike, but is not a gap: it must not be opened in a browser.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.boilerplate import is_boilerplate
from newscrawl.pages.shown import whole_text
from newscrawl.pages.theme_elements import ThemeElements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element


def _xpath(expression: str) -> etree.XPath:
    return etree.XPath(expression, smart_strings=False)


FEW_WORDS = 50
"""A page of another layout with fewer words, menus and footer included, has no article or list."""
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
_WITHOUT_TEXT = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_JAVASCRIPT = re.compile(r"\bjava\s?script\b", re.IGNORECASE)
_BOT_PROTECTION = _xpath(
    "boolean(//script[contains(@src,'/cdn-cgi/challenge-platform/')"
    " or contains(@src,'captcha') or contains(@src,'datadome') or contains(@src,'_Incapsula')]"
    "|//@id[.='challenge-form' or .='challenge-running' or .='px-captcha']"
    "|//@class[contains(.,'g-recaptcha') or contains(.,'h-captcha')])"
)
_SCRIPTS = _xpath("boolean(//script/@src)")
_LISTS = _xpath(
    "//div[contains(concat(' ',normalize-space(@class),' '),' jeg_posts ')]"
    "[not(ancestor::div[contains(@class,'jeg_sidebar')])]"
)
_CARD = _xpath(
    "boolean(descendant::*/@class[contains(.,'jeg_post ') or contains(.,'jeg_empty_module')])"
)


def article_gap(root: Element) -> str | None:
    """Return the kind of gap that a script would fill with an article, None without one."""
    content = ThemeElements(root)["content"]
    if content is None:
        gap = _page_gap(root)
    elif not _is_bare(content):
        gap = None
    elif _waits(content):
        gap = "empty_body"
    else:
        gap = "noscript" if _requires_scripts(content) else None
    return None if gap and _BOT_PROTECTION(root) else gap


def has_article(root: Element) -> bool:
    """Return whether the page has an article's text by now."""
    content = ThemeElements(root)["content"]
    if content is None:
        return not _is_sparse(root)
    return not _is_bare(content)


def list_gap(root: Element) -> str | None:
    """Return the kind of gap that a script would fill with a list, None without one."""
    lists = _LISTS(root)
    if not lists:
        gap = _page_gap(root)
    elif any(_CARD(box) or next(_words(box), None) for box in lists):
        gap = None
    else:
        gap = "empty_list" if any(_waits(box) or _has_source(box) for box in lists) else None
    return None if gap and _BOT_PROTECTION(root) else gap


def has_list(root: Element) -> bool:
    """Return whether the page has a list's cards, or its notice that there are none, by now."""
    lists = _LISTS(root)
    return any(map(_CARD, lists)) if lists else not _is_sparse(root)


def _page_gap(root: Element) -> str | None:
    """Return the kind of gap on a page of another layout."""
    body = root.find("body")
    if body is None or not _is_sparse(body):
        return None
    shells = (div for div in body.iter("div") if div.get("id") in _SHELLS)
    if _SCRIPTS(root) and any(next(_words(shell), None) is None for shell in shells):
        return "app_shell"
    return "noscript" if _requires_scripts(body) else None


def _requires_scripts(scope: Element) -> bool:
    return any(_JAVASCRIPT.search(whole_text(note)) for note in scope.iter("noscript"))


def _is_sparse(scope: Element) -> bool:
    return sum(1 for _ in islice(_words(scope), FEW_WORDS)) < FEW_WORDS


def _is_bare(content: Element) -> bool:
    """Return whether a text container has no words outside its waiting elements."""
    return next(_words(content, skip_waiting=True), None) is None


def _waits(scope: Element) -> bool:
    """Return whether an element in a container waits to be filled."""
    return any(map(_is_waiting, _shown(scope)))


def _is_waiting(element: Element) -> bool:
    return element.get("aria-busy") == "true" or (_has_source(element) and len(element) <= 1)


def _has_source(element: Element) -> bool:
    """Return whether an element states where its content is fetched from."""
    return any((element.get(name) or "").startswith(("/", "http")) for name in _SOURCES)


def _words(scope: Element, depth: int = 0, *, skip_waiting: bool = False) -> Iterator[str]:
    """Yield the words in an element that a reader sees, without boxes of the theme."""
    yield from _words_of(scope.text)
    for child in scope:
        is_skipped = (
            not isinstance(child.tag, str)
            or child.tag in _WITHOUT_TEXT
            or depth > _MAX_DEPTH
            or is_boilerplate(child)
            or (skip_waiting and _is_waiting(child))
        )
        if not is_skipped:
            yield from _words(child, depth + 1, skip_waiting=skip_waiting)
        yield from _words_of(child.tail)


def _shown(scope: Element, depth: int = 0) -> Iterator[Element]:
    """Yield the descendants of an element, without boxes of the theme."""
    for child in scope:
        if isinstance(child.tag, str) and depth <= _MAX_DEPTH and not is_boilerplate(child):
            yield child
            yield from _shown(child, depth + 1)


def _words_of(text: str | None) -> Iterator[str]:
    return (word for word in (text or "").split() if any(map(str.isalnum, word)))
