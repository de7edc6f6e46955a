"""Text made safe for a page, as WordPress does it, and the theme's random ids."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"})
_TEXT = str.maketrans({"&": "&#038;", "<": "&lt;", ">": "&gt;"})
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_XML_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_count = itertools.count()


def attr(text: str) -> str:
    """Return `text` for an attribute (esc_attr).

    >>> attr('"A" & B')
    '&quot;A&quot; &amp; B'
    """
    return text.translate(_HTML)


def html(text: str) -> str:
    """Return `text` for an element whose markup is not wanted (esc_html)."""
    return text.translate(_HTML)


def title(text: str) -> str:
    """Return a post's title as the_title() prints it: quotes stay, & is &#038;.

    >>> title("Tom & “Jerry”")
    'Tom &#038; “Jerry”'
    """
    return text.translate(_TEXT)


def xml(text: str) -> str:
    """Return `text` for XML, without the characters that XML has no form for."""
    return text.translate(_XML_FORBIDDEN).translate(_XML)


def cdata(text: str) -> str:
    """Return a CDATA section that holds `text`."""
    safe = text.translate(_XML_FORBIDDEN).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"


def php_json(value: Any) -> str:
    r"""Return JSON as PHP's json_encode writes it: ASCII, slashes escaped.

    >>> php_json({"a": "è/"})
    '{"a":"\\u00e8\\/"}'
    """
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def yoast_json(value: Any) -> str:
    """Return JSON as Yoast prints it in a page: slashes plain, < escaped by the printer."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def unique() -> str:
    """Return 13 hexadecimal digits, new at every call (PHP's uniqid)."""
    now = time.time_ns() // 1000
    return f"{now // 1_000_000:08x}{(now + next(_count)) % 1_000_000:05x}"
