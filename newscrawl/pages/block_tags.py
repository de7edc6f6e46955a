"""The elements that begin a block of a text, and those that are not text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages import media
from newscrawl.pages.shown import is_hidden, shown_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = frozenset(
    {
        *HEADINGS,
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "footer",
        "center",
        "details",
        "summary",
        "fieldset",
        "legend",
        "hgroup",
        "dialog",
        "nav",
        "ul",
        "ol",
        "dl",
        "li",
        "dt",
        "dd",
        "blockquote",
        "figure",
        "table",
        "pre",
        "hr",
        "address",
        "form",
        *media.PLAYERS,
        "audio",
        "object",
    }
)
SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "title",
        "button",
        "input",
        "select",
        "textarea",
        "nav",
        "hr",
        "object",
        "audio",
        "figcaption",
        "annotation",
        "annotation-xml",
        "canvas",
        "datalist",
        "meter",
        "progress",
    }
)
MAX_DEPTH = 120
LISTS = frozenset({"ul", "ol", "dl", "li", "dt", "dd"})
CELLS = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th", "caption"})
ROWS = frozenset({"tbody", "thead", "tfoot", "tr", "colgroup", "col"})
_CONTROLS = frozenset({"input", "select", "textarea", "button"})
_FORM_WORDS = re.compile(
    r"\b(?:newsletter|iscrivi|privacy|informativa|e-?mail|acconsento|consenso|password|accedi"
    r"|abbonati|registrati|vota|sondaggio)",
    re.IGNORECASE,
)
_MIN_PROSE, _MUCH_PROSE = 12, 60
"""Words of a form with controls that make it text: without words of forms, and with any."""


def is_shown(element: Element, tag: str) -> bool:
    """Return whether a block is neither hidden nor a form that is not text."""
    return not is_hidden(element) and (tag != "form" or _is_prose(element))


def _is_prose(form: Element) -> bool:
    """Return whether a form holds the article's text: left open, or put around all of it."""
    controls = (node for node in form.iter(*_CONTROLS) if node.get("type") != "hidden")
    if next(controls, None) is None:
        return True
    text = shown_text(form)
    words = len(text.split())
    return words >= _MUCH_PROSE or (words >= _MIN_PROSE and not _FORM_WORDS.search(text))
