"""What a page of any layout calls its site: in metadata, on its logo, and in its address."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.pages.head_lines import TITLE_MARKS
from newscrawl.pages.shown import shown_text, whole_text
from newscrawl.pages.structured import scalars, types
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd, Meta

_META_NAMES = ("og:site_name", "application-name", "apple-mobile-web-app-title")
_SITE_TYPES = frozenset({"website", "newsmediaorganization"})
_ARTICLE = re.compile(r"(?:(?:il|lo|la|i|gli|le|the)\s+|l['’]\s*)", re.IGNORECASE)
_LETTERS = re.compile(r"[\W_]+")
_MIN_LABEL = 4
"""Letters of a part of a host that may be a name."""
_MAX_LINKS, _MAX_NAME = 10, 60


class SiteNames:
    """The names of one page's site.

    Args:
        root: the page's `html` element.
        url: the page's address.
        meta: the page's meta tags.
        jsonld: its JSON-LD.
        name: name of the publication.
    """

    def __init__(self, root: Element, url: str, meta: Meta, jsonld: JsonLd, name: str = "") -> None:
        self.root = root
        self._name = name
        self._parts = urlsplit(url)
        self._meta = meta
        self.jsonld = jsonld

    @cached_property
    def stated(self) -> list[str]:
        """The names that metadata state, and those on links to the home page."""
        names = [self._name]
        names += [name for key in _META_NAMES if (name := self._meta.first(key))]
        names += [name for name, _ in self.jsonld.people("publisher")]
        names += [
            fold(value)
            for node in self.jsonld.objects
            if types(node) & _SITE_TYPES
            for value in scalars(node.get("name"))
            if isinstance(value, str)
        ]
        return [name for name in (*names, *self._on_logo()) if 0 < len(name) <= _MAX_NAME]

    def in_title(self, title: str) -> list[str]:
        """Return the parts of a title that are the host's name."""
        parts = TITLE_MARKS.split(title)
        before, colon, _ = title.partition(": ")
        # "Il faro: la storia" is a headline.
        if colon and all(word[:1].isupper() for word in before.split()):
            parts.append(before)
        return [part for part in parts if self._is_of_host(part)]

    def _on_logo(self) -> Iterator[str]:
        home = f"{self._parts.scheme}://{self._parts.netloc}"
        homes = {"/", "./", home, f"{home}/"}
        links = (link for link in self.root.iter("a") if link.get("href") in homes)
        for link in islice(links, _MAX_LINKS):
            text = shown_text(link)
            if text and text.casefold() != "home":
                yield text
            yield from (fold(img.get("alt")) for img in link.iter("img"))

    def _is_of_host(self, part: str) -> bool:
        keys = {_key(part), _key(_ARTICLE.sub("", part, count=1))}
        return not keys.isdisjoint(self._host_keys)

    @cached_property
    def _host_keys(self) -> frozenset[str]:
        host = (self._parts.hostname or "").removeprefix("www.")
        labels = host.split(".")[:-1]
        return frozenset(map(_key, (host, *(one for one in labels if len(one) >= _MIN_LABEL))))


def title_of(root: Element) -> str:
    """Return the text of a page's `title`."""
    title = next(root.iter("title"), None)
    return fold(whole_text(title)) if title is not None else ""


def _key(text: str) -> str:
    return _LETTERS.sub("", text.casefold())
