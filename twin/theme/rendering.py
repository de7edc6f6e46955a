"""The theme's templates, with WordPress's ways to make text safe as their filters."""

from __future__ import annotations

import itertools
import json
import time
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from zlib import crc32

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from twin import site_constants
from twin.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import datetime
    from types import ModuleType

THEME = "/wp-content/themes/jnews"
VERSION = "11.6.10"
EXCERPT_WORDS = 20

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#039;"})
_TEXT = str.maketrans({"&": "&#038;", "<": "&lt;", ">": "&gt;"})
_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_XML_FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_count = itertools.count()


def esc_attr(text: str) -> str:
    """Return `text` for an attribute (esc_attr()).

    >>> esc_attr('"A" & B')
    '&quot;A&quot; &amp; B'
    """
    return text.translate(_HTML)


def esc_html(text: str) -> str:
    """Return `text` for an element whose markup is not wanted (esc_html())."""
    return text.translate(_HTML)


def the_title(text: str) -> str:
    """Return a post's title as WordPress does: quotes stay, & is &#038;.

    >>> the_title("Tom & “Jerry”")
    'Tom &#038; “Jerry”'
    """
    return text.translate(_TEXT)


def esc_xml(text: str) -> str:
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


def unique_id() -> str:
    """Return 13 hexadecimal digits, new at every call (PHP's uniqid)."""
    now = time.time_ns() // 1000
    return f"{now // 1_000_000:08x}{(now + next(_count)) % 1_000_000:05x}"


def wp_trim_words(text: str) -> str:
    """Return the first words of an excerpt; dots say that there are more."""
    words = text.split()
    more = "..." if len(words) > EXCERPT_WORDS else ""
    return " ".join(words[:EXCERPT_WORDS]) + more


def rawurlencode(url: str) -> str:
    """Return an address as a value in another address's query."""
    return quote(url, safe="")


def utc(moment: datetime) -> str:
    """Return a time in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def gravatar_id(slug: str) -> str:
    """Return what stands for a person's e-mail address in the address of their picture."""
    return f"{crc32(slug.encode()):08x}"


class _Environment(Environment):
    """Keeps a template's globals in one dict; looking in Jinja's chain of two takes long."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return {**self.globals, **(d or {})}


def _environment() -> Environment:
    # WordPress escapes by place: quotes stay in a title, a body is markup. Filters say which.
    environment = _Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(
        cdata=cdata,
        esc_attr=esc_attr,
        esc_html=esc_html,
        esc_xml=esc_xml,
        gravatar_id=gravatar_id,
        rawurlencode=rawurlencode,
        the_title=the_title,
        utc=utc,
        whole=round,
        wp_trim_words=wp_trim_words,
    )
    environment.globals.update(
        unique_id=unique_id,
        THEME=THEME,
        VERSION=VERSION,
        SECTIONS=SECTIONS,
        TDM_POLICY=site_constants.TDM_POLICY,
    )
    return environment


ENVIRONMENT = _environment()


def render(template: str, **context: Any) -> str:
    """Return a template filled in; it is compiled once."""
    return ENVIRONMENT.get_template(template).render(context)


@cache
def macros(template: str) -> ModuleType:
    """Return the macros of a template; each returns a piece of markup."""
    return ENVIRONMENT.get_template(template).module  # type: ignore[return-value]
