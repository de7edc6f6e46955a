"""What made a page: the theme of WordPress, and the plugin that writes its metadata."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

_FILES = etree.XPath("//link/@href|//script/@src|//img/@src", smart_strings=False)
_COMMENTS = etree.XPath("//head//comment()|/comment()|/html/comment()|//body/comment()")
_SCRIPTS = etree.XPath("//script[contains(@type,'ld+json')]")
_OF_JNEWS = etree.XPath("boolean(//body[contains(@class,'jeg_')])")
_THEME = re.compile(r"/wp-content/themes/([\w.-]{1,60})/")
_IN_COMMENTS = (
    ("Yoast", re.compile(r"\bYoast SEO\b", re.I)),
    ("Rank Math", re.compile(r"\bRank ?Math\b", re.I)),
    ("AIOSEO", re.compile(r"\bAll in One SEO\b|\bAIOSEO\b", re.I)),
    ("SEOPress", re.compile(r"\bSEOPress\b", re.I)),
    ("The SEO Framework", re.compile(r"\bThe SEO Framework\b", re.I)),
)
_IN_CLASSES = (
    ("Yoast", "yoast-schema"),
    ("Rank Math", "rank-math"),
    ("AIOSEO", "aioseo"),
    ("SEOPress", "seopress"),
)
_JNEWS_TYPE = re.compile(r'"@type"\s*:\s*"(?:article|hentry)"')


def themes(root: Element) -> list[str]:
    """Return the folders of WordPress themes whose files a page uses, the most used first.

    A child theme is there beside its parent.

    >>> from lxml import html
    >>> page = '<script src="/wp-content/themes/jnews/a.js"></script>'
    >>> themes(html.document_fromstring(page))
    ['jnews']
    """
    counts: Counter[str] = Counter()
    for address in _FILES(root):
        counts.update(_THEME.findall(address))
    return [name for name, _ in counts.most_common(3)]


def metadata_plugins(roots: Iterable[Element]) -> list[str]:
    """Return the plugins that write the metadata of pages: by comments, classes and JSON-LD.

    "JNews" is the theme's own plugin. Empty if there is no sign of one.
    """
    names: dict[str, None] = {}
    for root in roots:
        comments = " ".join(comment.text or "" for comment in _COMMENTS(root))
        names |= {name: None for name, mark in _IN_COMMENTS if mark.search(comments)}
        for script in _SCRIPTS(root):
            classes = (script.get("class") or "").lower()
            names |= {name: None for name, mark in _IN_CLASSES if mark in classes}
            if not classes and _OF_JNEWS(root) and _JNEWS_TYPE.search(script.text or ""):
                names["JNews"] = None
    return [*names]
