"""Structured data of a page: JSON-LD and meta tags."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from newscrawl.text import fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE_TYPES = frozenset(
    {
        "newsarticle",
        "article",
        "reportagenewsarticle",
        "blogposting",
        "analysisnewsarticle",
        "liveblogposting",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "videoobject",
    }
)
_MAX_JSON = 2_000_000
_MAX_NODES = 2_000
_SCRIPTS = etree.XPath("//script[contains(@type,'ld+json') or contains(@type,'LD+JSON')]")
_METAS = etree.XPath("/html/head/meta[@content]")
# A tag that is not allowed in the head ends it: the rest of the head is then in the body.
_STRAY_METAS = etree.XPath("/html/body/meta[@content]")
_WRAPPING = re.compile(
    r"\A\s*(?:<!--|(?://|/\*)?<!\[CDATA\[(?:\*/)?)|(?:-->|(?://|/\*)?\]\]>(?:\*/)?|;)\s*\Z"
)


class JsonLd:
    """The JSON-LD objects of a page, those that describe the article first.

    Broken scripts, nested lists and several graphs are tolerated; scripts above 2 MB
    are ignored.
    """

    def __init__(self, root: etree._Element) -> None:
        self.objects: list[dict[str, Any]] = []
        for script in _SCRIPTS(root):
            for node in _nodes(_load(script.text or "")):
                self.objects.append(node)
        self.by_id = {
            node["@id"]: node
            for node in self.objects
            if isinstance(node.get("@id"), str) and len(node) > 1
        }
        self.articles = [node for node in self.objects if types(node) & ARTICLE_TYPES]
        # A VideoObject beside an article describes only a part of the page.
        articles = [node for node in self.articles if "videoobject" not in types(node)]
        self.articles = articles or [node for node in self.articles if "headline" in node]
        pages = [node for node in self.objects if "webpage" in types(node)]
        self.dated = [*self.articles, *pages]

    def text(self, key: str) -> str | None:
        """Return the text under `key` of the first article that has one, markup removed."""
        for node in self.articles:
            value = node.get(key)
            if isinstance(value, list):
                value = next((entry for entry in value if isinstance(entry, str)), None)
            if isinstance(value, str) and (text := strip_tags(value)):
                return text
        return None

    def texts(self, key: str) -> list[str]:
        """Return the list under `key` of the first article that has one."""
        for node in self.articles:
            value = node.get(key)
            if isinstance(value, str):
                value = value.split(",") if key == "keywords" else [value]
            if isinstance(value, list):
                entries = [fold(entry) for entry in value if isinstance(entry, str) and fold(entry)]
                if entries:
                    return list(dict.fromkeys(strip_tags(entry) for entry in entries))
        return []

    def dates(self, key: str) -> list[str]:
        """Return the values under `key` of articles, then of pages, exactly as written."""
        stated = [node.get(key) for node in self.dated]
        return [value for value in stated if isinstance(value, str) and value.strip()]

    def people(self, key: str) -> list[tuple[str, str | None]]:
        """Return (name, url) of the people or organisations under `key` of the first article."""
        for node in self.articles:
            people = []
            for entry in as_list(node.get(key)):
                person = {"name": entry} if isinstance(entry, str) else entry
                if not isinstance(person, dict):
                    continue
                name = person.get("name")
                if not isinstance(name, str):
                    person = self.by_id.get(str(person.get("@id")), {})
                    name = person.get("name")
                url = person.get("url")
                if isinstance(name, str) and fold(name):
                    people.append((strip_tags(name), url if isinstance(url, str) else None))
            if people:
                return people
        return []

    def image(self) -> str | None:
        """Return the URL of the first article's picture."""
        for node in self.articles:
            for key in ("image", "thumbnailUrl"):
                for entry in as_list(node.get(key)):
                    candidate = entry
                    if isinstance(candidate, dict):
                        candidate = candidate.get("url") or self.by_id.get(
                            str(candidate.get("@id")), {}
                        ).get("url")
                    if isinstance(candidate, str) and candidate.strip():
                        return candidate.strip()
        return None

    def is_accessible_for_free(self) -> bool | None:
        """Return isAccessibleForFree, which publishers write as a boolean or as a string."""
        for node in self.articles:
            value = node.get("isAccessibleForFree")
            if isinstance(value, bool):
                return value
            if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
                return value.strip().lower() == "true"
        return None


class Meta:
    """The meta tags of a page; a name may occur several times."""

    def __init__(self, root: etree._Element) -> None:
        self._values: dict[str, list[str]] = {}
        for tag in [*_METAS(root), *_STRAY_METAS(root)]:
            name = (tag.get("property") or tag.get("name") or "").lower()
            self._values.setdefault(name, []).append(tag.get("content") or "")

    def first(self, *names: str) -> str | None:
        """Return the first non-empty content among `names`, folded."""
        for name in names:
            for value in self._values.get(name, ()):
                if text := fold(value):
                    return text
        return None

    def title(self, site_name: str) -> str | None:
        """Return og:title without the site's name at its end."""
        title = self.first("og:title", "twitter:title")
        if title is None:
            return None
        title = strip_tags(title)
        for mark in "-–—|»·":
            end = f" {mark} {site_name}"
            if title.casefold().endswith(end.casefold()):
                return title[: -len(end)].rstrip()
        return title

    def every(self, name: str) -> list[str]:
        """Return all contents under `name`, folded, without duplicates."""
        return list(dict.fromkeys(text for text in map(fold, self._values.get(name, ())) if text))


def as_list(value: Any) -> list[Any]:
    """Return `value` as a list: empty for None, itself when it is a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(node: dict[str, Any]) -> set[str]:
    """Return the `@type` names of a node in lower case, without a vocabulary's prefix."""
    return {
        name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()
        for name in as_list(node.get("@type"))
        if isinstance(name, str)
    }


def _load(source: str) -> Any:
    if len(source) > _MAX_JSON:
        return None
    try:
        return json.loads(source, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_WRAPPING.sub("", _WRAPPING.sub("", source)), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a document: bare, in lists of lists, in @graph, one level nested."""
    queue, seen = [value], 0
    while queue and seen < _MAX_NODES:
        node = queue.pop(0)
        seen += 1
        if isinstance(node, list):
            queue[:0] = node
        elif isinstance(node, dict):
            if "@type" in node:
                yield node
            nested = (node.get(key) for key in ("@graph", "mainEntity", "mainEntityOfPage"))
            queue.extend(value for value in nested if isinstance(value, (list, dict)))
