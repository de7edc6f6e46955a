"""Markup that a page has as text: escaped within `noscript`, or in base64 by Borlabs Cookie."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MAX_LENGTH = 20_000
"""Characters of markup that are parsed."""
_TAGS = ("<img", "<iframe", "<video")
_BORLABS = "data-borlabs-cookie-content"
_BORLABS_2 = "data-borlabs-cookie-type"


def noscript_content(element: Element) -> Element:
    """Return a `noscript`, or a parent of what its escaped markup describes."""
    text = element.text
    if len(element) or not text or not any(tag in text.lower() for tag in _TAGS):
        return element
    content = _parsed(text)
    return element if content is None else content


def is_consent_box(element: Element) -> bool:
    """Return whether Borlabs Cookie shows a notice within an element in a player's place."""
    return element.get(_BORLABS) is not None


def consent_content(element: Element) -> Element | None:
    """Return a parent of what Borlabs Cookie puts in place after consent; None where it does not.

    Version 3 has it in an attribute, version 2 in a script of the type `text/template`.
    """
    code = element.get(_BORLABS)
    if code is None and element.get(_BORLABS_2) is not None:
        script = next(element.iterdescendants("script"), None)
        code = script.text if script is not None else None
    if not code or len(code) > _MAX_LENGTH:
        return None
    try:
        text = base64.b64decode(code.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return _parsed(text)


def _parsed(text: str) -> Element | None:
    if len(text) > _MAX_LENGTH:
        return None
    try:
        return html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, ValueError):
        return None
