"""Structured data of a page: JSON-LD and meta tags."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from newscrawl.pages.jsonld_source import decode
from newscrawl.pages.own_metadata import OwnMetadata, Relation
from newscrawl.pages.tag_index import TagIndex
from newscrawl.text import decode_entities, fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "advertisercontentarticle",
        "analysisnewsarticle",
        "askpublicnewsarticle",
        "backgroundnewsarticle",
        "opinionnewsarticle",
        "reportagenewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "report",
        "satiricalarticle",
        "scholarlyarticle",
        "medicalscholarlyarticle",
        "techarticle",
        "videoobject",
    ]
)
"""Types of schema.org that describe an article, in lower case."""
_MAX_NODES = 2_000
_FIRST_SECOND, _LAST_MILLISECOND = 10**9, 10**13
_KEYWORD_MARKS = (",", ";", "|")
_TAG_NAMES = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags")
_PICTURE_NAME = re.compile(r"https?://\S+\.(?:jpe?g|png|webp|gif|avif)(?:\?\S*)?", re.IGNORECASE)
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")


class JsonLd:
    """The JSON-LD objects of a page, those that describe its article first.

    Broken scripts, nested lists and several graphs are tolerated; scripts above 2 MB
    are ignored. `addresses` are those of the page: objects about another article do not count.
    `tags` has the page's elements, where they are located already.
    """

    def __init__(
        self, root: Element, addresses: Sequence[str] = (), tags: TagIndex | None = None
    ) -> None:
        self._documents = [
            value
            for script in (tags or TagIndex(root)).scripts
            if "ld+json" in (script.get("type") or "").lower()
            for value in decode(script.text or "")
        ]
        self.objects = [node for value in self._documents for node in _nodes(value)]
        typed = [(node, types(node)) for node in self.objects]
        articles = [(node, names) for node, names in typed if names & ARTICLE_TYPES]
        # A VideoObject beside an article describes only a part of the page.
        posts = [node for node, names in articles if "videoobject" not in names]
        own = OwnMetadata(root, addresses)
        self.articles = own.select(posts or [node for node, _ in articles if "headline" in node])
        self.refused = own.refused
        """Objects that describe an article like the page's, but state another's address."""
        pages = [node for node, names in typed if "webpage" in names]
        self._pages = [node for node in pages if own.relation(node) is not Relation.OTHER]
        self.dated = [*self.articles, *self._pages]

    @cached_property
    def by_id(self) -> dict[str, dict[str, Any]]:
        """The objects with an `@id` and anything else, wherever they are defined."""
        nodes: dict[str, dict[str, Any]] = {}
        for node in _everything(self._documents):
            key = node.get("@id")
            if isinstance(key, str) and len(node) > 1:
                known = nodes.setdefault(key, node)
                if "name" in node and "name" not in known:
                    nodes[key] = node
        return nodes

    def node(self, key: str) -> dict[str, Any] | None:
        """Return the object with an `@id`."""
        return self.by_id.get(key)

    def text(self, key: str) -> str | None:
        """Return the text under `key` of the first article that has one, markup removed."""
        for node in self.articles:
            for value in scalars(node.get(key)):
                if isinstance(value, str) and (text := _plain(value)):
                    return text
        return None

    def texts(self, key: str) -> list[str]:
        """Return the list under `key` of the first article that has one."""
        for node in self.articles:
            values = [value for value in _labels(node.get(key)) if isinstance(value, str)]
            if key == "keywords":
                values = separate(values)
            if entries := [text for value in values if (text := _plain(value))]:
                return list(dict.fromkeys(entries))
        return []

    def dates(self, key: str) -> list[str]:
        """Return the values under `key` of articles, then of pages, as written."""
        stated = [value for node in self.dated for value in scalars(node.get(key))]
        return [text for value in stated if (text := _date_text(value)).strip()]

    def people(self, key: str) -> list[tuple[str, str | None]]:
        """Return (name, url) of the people or organisations under `key` of the first article."""
        for node in self.articles:
            people = [
                (name, url) for entry in flat(node.get(key)) for name, url in self._person(entry)
            ]
            if people:
                return people
        return []

    def _person(self, entry: Any) -> Iterator[tuple[str, str | None]]:
        if isinstance(entry, str):
            # The address of a person who is described elsewhere.
            entry = self.by_id.get(entry) or {"name": entry}
        if not isinstance(entry, dict):
            return
        if not ("name" in entry and "url" in entry) and isinstance(key := entry.get("@id"), str):
            stated = {name: value for name, value in entry.items() if value}
            entry = {**self.by_id.get(key, {}), **stated}
        names = [value for value in scalars(entry.get("name")) if isinstance(value, str)]
        parts = [entry.get("givenName"), entry.get("familyName")]
        if not names and all(isinstance(part, str) for part in parts):
            names = [" ".join(map(str, parts))]
        url = next((value for value in scalars(entry.get("url")) if isinstance(value, str)), None)
        for name in names:
            if text := _plain(name):
                yield text, url

    def image(self) -> str | None:
        """Return the URL of the article's first picture."""
        return next(iter(self.images()), None)

    def images(self) -> list[str]:
        """Return the URLs of the article's pictures, then of its page's and of thumbnails."""
        stated = [node.get("image") for node in self.articles]
        stated += [node.get("primaryImageOfPage") for node in self._pages]
        stated += [node.get("thumbnailUrl") for node in self.dated]
        urls = (self._picture(entry) for value in stated for entry in flat(value))
        return [*dict.fromkeys(url for url in urls if url)]

    def logos(self) -> set[str]:
        """Return the URLs of logos."""
        logos = (node["logo"] for node in _everything(self._documents) if "logo" in node)
        urls = (self._picture(entry) for value in logos for entry in flat(value))
        return {url for url in urls if url}

    def _picture(self, entry: Any) -> str | None:
        if isinstance(entry, dict):
            key = entry.get("@id")
            described = self.by_id.get(str(key), {})
            nodes = (entry, described) if described is not entry else (entry,)
            stated = [node.get(name) for node in nodes for name in ("url", "contentUrl")]
            urls = (url for value in stated for url in _addresses(value) if url)
            entry = next(urls, key if _is_picture_name(key) else None)
        return entry.strip() or None if isinstance(entry, str) else None

    def is_accessible_for_free(self) -> bool | None:
        """Return isAccessibleForFree, which publishers write as a boolean or as a string."""
        for node in self.dated:
            for value in scalars(node.get("isAccessibleForFree")):
                if isinstance(value, bool):
                    return value
                name = value.strip().lower() if isinstance(value, str) else ""
                if _bare_type(name) in {"true", "false"}:
                    return name.endswith("true")
        return None


class Meta:
    """The meta tags of a page; a name may occur several times.

    `tags` has the page's elements, where they are located already.
    """

    def __init__(self, root: Element, tags: TagIndex | None = None) -> None:
        self._values: dict[str, list[str]] = {}
        for tag in (tags or TagIndex(root)).metas:
            content = tag.get("content")
            if content is None:
                continue
            name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
            name = name.lower()
            content = decode_entities(content) if "&" in content else content
            self._values.setdefault(name, []).append(content)

    @property
    def contents(self) -> Mapping[str, list[str]]:
        """All contents by name, in lower case."""
        return self._values

    def first(self, *names: str) -> str | None:
        """Return the first non-empty content among `names`, folded."""
        for name in names:
            for value in self._values.get(name, ()):
                if text := fold(value):
                    return text
        return None

    def title(self, site_name: str) -> str | None:
        """Return og:title without the site's name at its end, as og:site_name or we name it."""
        title = self.first("og:title", "twitter:title")
        if title is None:
            return None
        title = strip_tags(title)
        names = [strip_tags(self.first("og:site_name") or ""), site_name]
        for name in filter(None, names):
            if not title.casefold().endswith(name.casefold()):
                continue
            for mark in "-–—|»·":
                end = f" {mark} {name}"
                if title.casefold().endswith(end.casefold()):
                    return title[: -len(end)].rstrip()
        return title

    def every(self, name: str) -> list[str]:
        """Return all contents under `name`, folded, without duplicates."""
        return list(dict.fromkeys(text for text in map(fold, self._values.get(name, ())) if text))

    def tags(self) -> list[str]:
        """Return the article's tags; one text may hold several."""
        stated = next(filter(None, map(self.every, _TAG_NAMES)), [])
        return [*dict.fromkeys(text for tag in separate(stated) if (text := fold(tag)))]


def stated_tags(jsonld: JsonLd, meta: Meta) -> tuple[list[str], str]:
    """Return the tags that metadata state, and their source."""
    if names := jsonld.texts("keywords"):
        return names, "jsonld"
    return meta.tags(), "meta"


def separate(values: list[str]) -> list[str]:
    """Return values, one text that holds several separated.

    >>> separate(["Trump, Cina"]), separate(["Arte, cultura", "Roma"])
    (['Trump', ' Cina'], ['Arte, cultura', 'Roma'])
    """
    if len(values) != 1:
        return values
    if values[0].startswith("[") and (listed := _listed(values[0])):
        return listed
    mark = next((mark for mark in _KEYWORD_MARKS if mark in values[0]), ",")
    return values[0].split(mark)


def _listed(text: str) -> list[str]:
    """Return the texts of a list that was written as a text: '["a", "b"]'."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def flat(value: Any) -> Iterator[Any]:
    """Yield the entries of a value: lists within lists, `@list` and `@set` are one list."""
    if isinstance(value, str):
        yield value
        return
    stack, seen = [value], 0
    while stack and seen < _MAX_NODES:
        entry = stack.pop(0)
        seen += 1
        if isinstance(entry, list):
            stack[:0] = entry
        elif isinstance(entry, dict) and isinstance(entry.get("@list", entry.get("@set")), list):
            stack[:0] = entry.get("@list", entry.get("@set")) or []
        elif entry is not None:
            yield entry


def _date_text(value: Any) -> str:
    """Return a date as written; a number is seconds or milliseconds since 1970.

    >>> _date_text(1795158000), _date_text(2026)
    ('1795158000', '')
    """
    if isinstance(value, str):
        return decode_entities(value)
    is_instant = isinstance(value, (int, float)) and _FIRST_SECOND <= value < _LAST_MILLISECOND
    return str(int(value)) if is_instant else ""


def scalars(value: Any) -> Iterator[Any]:
    """Yield the texts, numbers and booleans of a value; a value object is its `@value`."""
    if isinstance(value, str):
        yield value
        return
    for entry in flat(value):
        scalar = entry.get("@value") if isinstance(entry, dict) else entry
        if not isinstance(scalar, (dict, list)) and scalar is not None:
            yield scalar


def _labels(value: Any) -> Iterator[Any]:
    """Yield the texts of a value; a DefinedTerm is its name."""
    if isinstance(value, str):
        yield value
        return
    for entry in flat(value):
        is_term = isinstance(entry, dict) and "@value" not in entry
        yield from scalars(entry.get("name") if is_term else entry)


def _addresses(value: Any) -> Iterator[Any]:
    """Yield the addresses of a value; an object is its `@id`."""
    for entry in flat(value):
        yield entry.get("@id", entry.get("@value")) if isinstance(entry, dict) else entry


def _is_picture_name(key: Any) -> bool:
    """Return whether an `@id` is the address of a picture's file."""
    return isinstance(key, str) and _PICTURE_NAME.fullmatch(key.strip()) is not None


def as_list(value: Any) -> list[Any]:
    """Return `value` as a list: empty for None, itself when it is a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def types(node: dict[str, Any]) -> set[str]:
    """Return the `@type` names of a node in lower case, without a vocabulary's prefix."""
    stated = node.get("@type")
    if isinstance(stated, str):
        return {_bare_type(stated)}
    return {_bare_type(name) for name in as_list(stated) if isinstance(name, str)}


def _bare_type(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower()


def _plain(text: str) -> str:
    """Return a value as a reader reads it: escaped twice or with markup."""
    return strip_tags(decode_entities(text))


def _everything(documents: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield all objects of the documents, however deep."""
    stack, seen = [*documents], 0
    while stack and seen < 10 * _MAX_NODES:
        node = stack.pop()
        seen += 1
        if isinstance(node, dict):
            yield node
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


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
            for key in _NESTED:
                nested = node.get(key)
                if isinstance(nested, (list, dict)):
                    queue.append(nested)
