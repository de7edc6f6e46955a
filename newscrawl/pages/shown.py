"""What a reader sees of an element: its text, and whether it is hidden."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

NEVER_SHOWN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "title",
        "meta",
        "link",
        "base",
        "annotation",
        "annotation-xml",
        "canvas",
        "datalist",
        "meter",
        "progress",
        "object",
        "audio",
        "input",
        "select",
        "textarea",
        "button",
    }
)
"""Elements that show no text of their own, or that of a control."""
LINES = frozenset(
    {
        *("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "main", "aside"),
        *("header", "footer", "center", "details", "summary", "fieldset", "legend", "nav"),
        *("ul", "ol", "dl", "menu", "dir", "li", "dt", "dd", "blockquote", "figure", "figcaption"),
        *("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "pre", "hr"),
        *("address", "form", "hgroup", "search", "iframe", "video", "audio", "object"),
    }
)
"""Elements that a browser puts on lines of their own."""
_PARTING = LINES | {"br"}
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]*)")
_LINE_STYLE = re.compile(
    r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item|flow-root)", re.IGNORECASE
)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|r?em|%|v[wh]|pt)?")
_PIXELS_PER_UNIT = {"em": 16.0, "rem": 16.0, "%": 10.0, "vw": 10.0, "vh": 10.0}
_HIDING = {
    "display": re.compile("none"),
    "visibility": re.compile("hidden|collapse"),
    "content-visibility": re.compile("hidden"),
    "clip-path": re.compile(r"inset\(\s*(?:50|100)%\s*\)|circle\(\s*0(?:px|%)?\s*[a)]"),
}
"""Declarations that hide an element on their own; an inset of half of each side leaves nothing."""
_EMPTY_CLIP = re.compile(r"rect\(\s*([01])(?:px)?(?:[\s,]+\1(?:px)?){3}\s*\)")
_FAR, _BEYOND = -100.0, -900.0
"""Pixels by which an element is moved off the page: out of the flow, and within it."""
# Classes with which WordPress, Bootstrap, Foundation, Bulma, Drupal and Elementor hide text from
# all but screen readers.
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:screen-reader-(?:text|only)|(?:is-|u-)?sr-only|(?:u-)?visually-?hidden"
    r"|(?:visually-hidden|sr-only)-focusable|show-for-sr|element-invisible"
    r"|ui-helper-hidden-accessible|elementor-screen-only|assistive-text)(?:\s|$)"
)
_EMOJI_CLASS = re.compile(r"emoji|smiley", re.IGNORECASE)
_EMOJI_FILE = re.compile(r"emoji|smilies|/mail/e/", re.IGNORECASE)
_EMOJI_NAME = re.compile(r"/u?((?:[0-9a-f]{2,6}[-_])*[0-9a-f]{2,6})\.(?:png|svg|gif|webp)", re.I)


def is_hidden(element: Element) -> bool:
    """Return whether an element is hidden by its own attribute, style or class.

    `aria-hidden` hides from screen readers only.
    """
    classes, style = element.get("class"), element.get("style")
    return (
        (classes is not None and _is_hidden_class(classes))
        or (style is not None and _is_hidden_style(style))
        or element.get("hidden") is not None
        or (element.tag == "dialog" and element.get("open") is None)
    )


def hidden_texts(root: Element) -> Iterator[str]:
    """Yield the text of the elements of a page that are hidden."""
    for element in root.iterdescendants(etree.Element):
        if element.keys() and element.tag not in NEVER_SHOWN and is_hidden(element):
            yield shown_text(element)


def is_line_by_style(element: Element) -> bool:
    """Return whether the style of an inline element puts it on lines of its own."""
    style = element.get("style")
    return style is not None and _LINE_STYLE.search(style) is not None


@lru_cache(maxsize=5_000)
def _is_hidden_class(classes: str) -> bool:
    return _HIDDEN_CLASS.search(classes) is not None


@lru_cache(maxsize=1_000)
def _is_hidden_style(style: str) -> bool:
    """Return whether declarations hide an element or move it off the page."""
    values = {name.lower(): value.strip().lower() for name, value in _DECLARATION.findall(style)}
    if any(pattern.match(values.get(name, "")) for name, pattern in _HIDING.items()):
        return True
    if _length(values.get("font-size")) == 0 or _length(values.get("text-indent"), 0) < _BEYOND:
        return True
    is_hiding = "hidden" in values.get("overflow", "")
    if is_hiding and _length(values.get("width")) == 0 == _length(values.get("height")):
        return True
    position = values.get("position", "static").split("!")[0].strip()
    if position in {"absolute", "fixed"}:
        is_clipped = values.get("clip", "").startswith("rect(")
        is_clipped = is_clipped or values.get("clip-path", "").startswith("inset(")
        is_point = _length(values.get("width"), 2) <= 1
        if ((is_clipped or is_hiding) and is_point) or _EMPTY_CLIP.match(values.get("clip", "")):
            return True
    limit = _FAR if position in {"absolute", "fixed"} else _BEYOND
    return position != "static" and any(
        _length(values.get(side), 0) < limit for side in ("left", "top", "right", "bottom")
    )


def _length(value: str | None, otherwise: float = 1) -> float:
    """Return a CSS length in pixels, those relative to text or window as usual sizes of them."""
    match = _LENGTH.match(value) if value else None
    return float(match[1]) * _PIXELS_PER_UNIT.get(match[2] or "px", 1) if match else otherwise


def emoji(element: Element) -> str | None:
    """Return the characters that an `img` stands for, None for a picture.

    They are its alternative text; without one, the file is named after the code points.
    """
    alt, source = element.get("alt") or "", element.get("src") or ""
    if not (
        _EMOJI_CLASS.search(element.get("class") or "")
        or (_EMOJI_FILE.search(source) and not _is_large(element))
        or (alt and _is_pictograph(alt))
    ):
        return None
    if alt.strip():
        return alt
    match = _EMOJI_NAME.search(source)
    text = "".join(_character(code) for code in re.split("[-_]", match[1])) if match else ""
    parent = element.getparent()
    # Facebook prints the character beside its picture.
    return "" if parent is not None and text in whole_text(parent) else text


def shown_text(element: Element | None) -> str:
    """Return the text of an element as one line; line breaks and blocks part words.

    Code, hidden elements and controls are left out; emoji that are pictures are their characters.
    """
    if element is None:
        return ""
    if not len(element):
        return fold(element.text)
    pieces: list[str] = []
    _collect(element, pieces, 0)
    return fold("".join(pieces))


def is_bare(element: Element) -> bool:
    """Return whether an element has no text but that of the elements within it."""
    is_parted = len(element) > 0 and not fold(element.text)
    return is_parted and not any(fold(child.tail) for child in element)


def whole_text(element: Element) -> str:
    """Return the text of an element as written, shown or not."""
    # Most elements hold text alone: an iterator over it takes several times longer.
    return "".join(element.itertext()) if len(element) else element.text or ""


def _collect(element: Element, pieces: list[str], depth: int) -> None:
    if text := element.text:
        pieces.append(text)
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            is_line = tag in _PARTING or is_line_by_style(child)
            if is_line:
                pieces.append(" ")
            if tag == "img":
                pieces.append(emoji(child) or "")
            elif not len(child) and not child.text:
                pass
            elif tag not in NEVER_SHOWN and depth < _MAX_DEPTH and not is_hidden(child):
                _collect(child, pieces, depth + 1)
            if is_line:
                pieces.append(" ")
        if tail := child.tail:
            pieces.append(tail)


_MAX_DEPTH = 120


def _is_large(element: Element) -> bool:
    width = element.get("width") or ""
    return width.isdecimal() and int(width) > _MAX_EMOJI


_MAX_EMOJI = 72
"""Pixels of the largest files of emoji."""


def _is_pictograph(text: str) -> bool:
    """Return whether a text consists of emoji alone."""
    return all(_is_emoji_character(character) for character in text.strip()) and any(
        ord(character) >= 0x2190 for character in text
    )


def _is_emoji_character(character: str) -> bool:
    code = ord(character)
    return (
        0x2190 <= code <= 0x2BFF
        or 0x1F000 <= code <= 0x1FAFF
        or 0xE0020 <= code <= 0xE007F
        or code in {0x200D, 0xFE0F, 0x20E3, 0x3030, 0x303D, 0x3297, 0x3299}
    )


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if 0x203C <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else ""
