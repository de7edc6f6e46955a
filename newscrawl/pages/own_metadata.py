"""Which of the articles in a page's JSON-LD is the page's own.

A page may describe others as well: teasers, updates of a live blog. An object is the page's own
when its address is the page's, or when it has its headline and states no other article's address.
See "Another article's metadata" in docs/decisions.md.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from lxml import etree

from newscrawl.pages.address_claims import names_other_article, suits_title
from newscrawl.sites.query_parameters import is_tracking
from newscrawl.text import decode_entities, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

_HEAD_TITLES = etree.XPath(
    "/html/head/title|/html/*/meta[@property='og:title' or @name='twitter:title']",
    smart_strings=False,
)
_WORD = re.compile(r"\w+")
_SITE_NAME = re.compile(r"\s+[-–—|»·:]\s+[^-–—|»·]{1,60}\Z")
_ABSOLUTE = ("http://", "https://")
_SHORTEST_CUT = 20
"""Characters of a headline that is cut off, at least."""
_SHARED = 0.4
"""Share of words that headlines of one article have in common, at least."""

_ADDRESSES = ("url", "mainEntityOfPage", "@id")
Node = dict[str, Any]


class Relation(Enum):
    """How an object's address relates to the page's."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"


class OwnMetadata:
    """Compares JSON-LD objects with a page's addresses and titles."""

    def __init__(self, root: Element, addresses: Sequence[str]) -> None:
        self._root = root
        self._base = next(iter(addresses), "")
        self._keys = {key for address in {*addresses} if (key := _key(address, self._base))}
        self._titles: list[str] | None = None
        self.refused: list[Node] = []
        """Objects that describe an article like the page's, but state another one's address."""

    def select(self, articles: list[Node]) -> list[Node]:
        """Return the objects that describe this page's article, in their order."""
        updates = {update for node in articles for update in _ids(node.get("liveBlogUpdate"))}
        articles = [node for node in articles if not updates.intersection(_ids(node.get("@id")))]
        relations = [self.relation(node) for node in articles]
        if len(articles) == relations.count(Relation.SAME) and _state_one_headline(articles):
            return articles
        shares = [self._share(node) for node in articles]
        stated = list(zip(articles, relations, shares, strict=True))
        own = [entry for entry in stated if entry[1] is Relation.SAME or entry[2] == 1]
        alike = own or [entry for entry in stated if entry[2] != 0]
        self.refused = [node for node, _, _ in alike if self._is_of_other(node)]
        own = [entry for entry in own if not any(entry[0] is node for node in self.refused)]
        if own:
            has_headline = any(share == 1 for _, _, share in own)
            return [
                node for node, _, share in own if not has_headline or share is None or share > 0
            ]
        possible = [entry for entry in stated if entry[1] is Relation.UNKNOWN and entry[2] != 0]
        nearest = max((share or 0 for _, _, share in possible), default=0)
        return [node for node, _, share in possible if (share or 0) == nearest]

    def relation(self, node: Node) -> Relation:
        """Return whether an object's addresses are the page's; a part of the page is another's."""
        if not self._keys:
            return Relation.UNKNOWN
        url = self._relation_of(_ids(node.get("url")), may_be_part=False)
        main = self._relation_of(_ids(node.get("mainEntityOfPage")), may_be_part=True)
        if url is not Relation.UNKNOWN and main is not Relation.UNKNOWN and url is not main:
            return Relation.UNKNOWN
        stated = url if url is not Relation.UNKNOWN else main
        if stated is not Relation.UNKNOWN:
            return stated
        return self._relation_of(_ids(node.get("@id")), may_be_part=True)

    def _is_of_other(self, node: Node) -> bool:
        """Return whether an object states the address of another article, and not the page's."""
        if self.relation(node) is not Relation.OTHER:
            return False
        stated = (address for name in _ADDRESSES for address in _ids(node.get(name)))
        return any(
            names_other_article(address, self._base)
            and not suits_title(self._root, address, self._base)
            for address in stated
            if _key(address, self._base)
        )

    def _relation_of(self, addresses: list[str], *, may_be_part: bool) -> Relation:
        keys = {key: address for address in addresses if (key := _key(address, self._base))}
        if not keys:
            return Relation.UNKNOWN
        for key, address in keys.items():
            if key in self._keys and (may_be_part or not _has_fragment(address)):
                return Relation.SAME
        return Relation.OTHER

    def _share(self, node: Node) -> float | None:
        """Return how much of a headline is the page's: 1 for all, 0 for too little, else None."""
        headlines = [text for text in _strings(node.get("headline") or node.get("name")) if text]
        if self._titles is None:
            self._titles = _titles(self._root)
        if not headlines or not self._titles:
            return None
        return max(_similarity(text, title) for text in headlines for title in self._titles)


# The addresses of most articles: nothing in them is written otherwise than it is read.
_PLAIN = re.compile(r"https?://[a-z0-9.:-]+(/[a-z0-9/-]*)(?:\?(p=\d+))?", re.ASCII)


@lru_cache(maxsize=64)
def _key(address: str, base: str) -> str | None:
    """Return the path and query of an article's address; None for a home page and other names.

    The host does not count: a staging host, AMP and the live site name the same article.
    """
    if plain := _PLAIN.fullmatch(address):
        path = plain[1].rstrip("/").removesuffix("/amp")
        query = plain[2] or ""
        return f"{path}?{query}" if path or query else None
    address = address.strip()
    if address.startswith(("#", "_:")):
        return None
    try:
        absolute = address if address.startswith(_ABSOLUTE) else urljoin(base, address)
        parts = urlsplit(absolute)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    path = unquote(parts.path).rstrip("/").casefold().removesuffix("/amp")
    pairs = parse_qsl(parts.query) if parts.query else []
    query = urlencode(sorted(pair for pair in pairs if not is_tracking(*pair)))
    return f"{path}?{query}" if path or query else None


def _state_one_headline(articles: list[Node]) -> bool:
    stated = [node.get("headline") for node in articles]
    if len(stated) == 1 and isinstance(stated[0], str):
        return True
    return len({text for value in stated for text in _strings(value)}) <= 1


def _has_fragment(address: str) -> bool:
    return "#" in address and bool(urlsplit(address).fragment)


def _ids(value: Any) -> list[str]:
    """Return the addresses in a value: texts, and `@id` and `url` of objects."""
    values = value if isinstance(value, list) else [value]
    addresses: list[str] = []
    for entry in values:
        if isinstance(entry, str):
            addresses.append(entry)
        elif isinstance(entry, dict):
            stated = (entry.get(key) for key in ("@id", "url", "@value"))
            addresses.extend(address for address in stated if isinstance(address, str))
    return addresses


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    texts = (entry.get("@value") if isinstance(entry, dict) else entry for entry in values)
    return [_plain(text) for text in texts if isinstance(text, str)]


def _plain(text: str) -> str:
    return fold(decode_entities(text)).casefold()


def _titles(root: Element) -> list[str]:
    texts = [
        _plain(element.get("content") or "" if element.tag == "meta" else _text(element))
        for element in [*root.iter("h1"), *_HEAD_TITLES(root)]
    ]
    titles = [text for text in texts if text]
    return [*titles, *(_SITE_NAME.sub("", title) for title in titles)]


def _text(element: Element) -> str:
    return " ".join(element.itertext())


def _similarity(headline: str, title: str) -> float:
    """Return 1 for the same headline, also a shortened one, 0 for one about something else."""
    first, second = _WORD.findall(headline), _WORD.findall(title)
    if not first or not second:
        return 0
    cut = headline.rstrip(" .…")
    is_cut = cut != headline and len(cut) >= _SHORTEST_CUT
    if first == second or (is_cut and title.startswith(cut)):
        return 1
    shared = len(set(first) & set(second)) / min(len(set(first)), len(set(second)))
    return shared * 0.9 if shared >= _SHARED else 0
