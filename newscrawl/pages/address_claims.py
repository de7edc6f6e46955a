"""Whether an address that a page states as its own agrees with where the page was fetched.

A canonical link is a claim: of a template that fills in another article's, of a plugin in which an
editor has typed one. See decision 144 in docs/decisions.md.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newscrawl.pages.shown import whole_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_PAGE_ENDS = re.compile(r"(?:/(?:amp|autoload|\d{1,3}))+\Z")
_FILE_ENDING = re.compile(r"\.[a-z]{3,5}\Z")
_NUMBER = re.compile(r"\d{5,}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_MIN_MARKS = 2
"""Hyphens, at least, in the last segment of an article's address; archives have fewer."""


def names_other_article(stated: str, fetched: str) -> bool:
    """Return whether an address is that of another article than the one that was fetched.

    The host, what stands before the slug, and a slug that follows an article's number do not count.

    Args:
        stated: address that a page states as its own; absolute, or a path.
        fetched: address from which it was fetched.

    >>> here = "https://www.example.it/2026/11/20/esteri/la-regata-dei-due-fari/"
    >>> names_other_article("http://example.it/sport/la-regata-dei-due-fari/amp/", here)
    False
    >>> names_other_article("https://www.example.it/esteri/il-nuovo-ponte-mobile/", here)
    True
    >>> names_other_article("https://www.example.it/esteri/", here)
    False
    """
    try:
        stated_parts, fetched_parts = urlsplit(stated), urlsplit(fetched)
    except ValueError:
        return False
    slug, own = _slug(stated_parts.path), _slug(fetched_parts.path)
    if not own or slug == own or not _is_title(slug):
        return False
    numbers = {*_NUMBER.findall(own)}
    return not numbers.intersection(_NUMBER.findall(slug))


def names_same_document(stated: str, fetched: str) -> bool | None:
    """Return whether two addresses of one path name the same document; None for other paths.

    A template that states its address without the query states the same one for each article:
    only a path that ends in an article's title or number can do without the query.

    Args:
        stated: canonical address that a page states as its own.
        fetched: canonical address from which it was fetched, with a query.

    >>> here = "https://www.example.it/news/?id=12&vista=breve"
    >>> names_same_document("https://www.example.it/news/?id=12", here)
    True
    >>> names_same_document("https://www.example.it/news/", here)
    False
    >>> names_same_document("https://www.example.it/news/12/", here)
    """
    path, _, query = fetched.partition("?")
    stated_path, _, stated_query = stated.partition("?")
    if stated_path != path:
        return None
    if stated_query:
        return {*stated_query.split("&")} <= {*query.split("&")}
    return _is_title(_slug(urlsplit(path).path))


def suits_title(root: Element, stated: str, fetched: str) -> bool:
    """Return whether a page's titles have more words of one address's slug than of another's.

    The titles of an article's page say which of two addresses is its own, whatever its head states.

    Args:
        root: the page.
        stated: the address that it states.
        fetched: the address from which it was fetched.
    """
    titles = (fold(whole_text(title)) for title in root.iter("title", "h1"))
    words = {*_words(" ".join(titles))}
    return _share(stated, words) > _share(fetched, words)


def _share(url: str, words: set[str]) -> float:
    of_slug = {*_words(_slug(urlsplit(url).path))}
    return len(of_slug & words) / max(1, len(of_slug))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def _slug(path: str) -> str:
    """Return the last segment of an article's path in lower case, without its page's number."""
    path = _PAGE_ENDS.sub("", unquote(path).casefold().rstrip("/"))
    return _FILE_ENDING.sub("", path.rpartition("/")[2])


def _is_title(slug: str) -> bool:
    return slug.count("-") >= _MIN_MARKS or _NUMBER.search(slug) is not None
