"""The readers that are compared: each turns a page into the fields that it knows.

A worker imports one reader's library alone, in the interpreter that has it. What a library has
no field for is missing from the answer; what it has not read is None or empty.
"""

from __future__ import annotations

import os
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Fields = dict[str, Any]
Read = tuple["Callable[[str, str], Any]", "Callable[[Any], Fields | None]"]
"""What is timed, and what turns its result into fields afterwards; None for no article."""


def _moment(value: Any) -> str | None:
    """Return a datetime in ISO 8601; texts as they are."""
    return value.isoformat() if hasattr(value, "isoformat") else value or None


def lxml_alone() -> Read:
    """Parse the page and read nothing."""
    parse = import_module("lxml.html").fromstring

    def read(html: str, _: str) -> None:
        # The tree is freed within the time, as it is by the others.
        parse(html)

    return read, lambda _: {}


def newscrawl() -> Read:
    """Read by `newscrawl.extract`."""

    def fields(article: Any) -> Fields | None:
        if article is None:
            return None
        return {
            "headline": article.headline,
            "text": article.body,
            "authors": [author.name for author in article.authors],
            "date_published": article.date_published,
            "date_modified": article.date_modified,
            "image": article.image.url if article.image else None,
            "tags": article.keywords,
            "section": [article.section] if article.section else [],
        }

    return import_module("newscrawl").extract, fields


def _trafilatura(**options: Any) -> Read:
    bare_extraction = import_module("trafilatura").bare_extraction

    def read(html: str, url: str) -> Any:
        return bare_extraction(html, url=url, with_metadata=True, include_comments=False, **options)

    def fields(document: Any) -> Fields | None:
        if document is None:
            return None
        return {
            "headline": document.title,
            "text": document.text,
            "authors": document.author.split("; ") if document.author else [],
            "date_published": document.date,
            "image": document.image,
            "tags": document.tags or [],
            "section": document.categories or [],
        }

    return read, fields


def trafilatura() -> Read:
    """Read by `trafilatura.bare_extraction`."""
    return _trafilatura()


def trafilatura_precision() -> Read:
    """Read by the same in favour of precision."""
    return _trafilatura(favor_precision=True)


def newspaper4k() -> Read:
    """Read by `newspaper.article`, without requests for pictures."""
    article_of = import_module("newspaper").article

    def read(html: str, url: str) -> Any:
        return article_of(url, input_html=html, fetch_images=False)

    def fields(article: Any) -> Fields:
        return {
            "headline": article.title,
            "text": article.text,
            "authors": article.authors,
            "date_published": _moment(article.publish_date),
            "image": article.top_image or article.meta_img,
            "tags": [tag for tag in article.tags or article.meta_keywords if tag],
        }

    return read, fields


def news_please() -> Read:
    """Read by `NewsPlease.from_html`, without requests for pictures."""
    from_html = import_module("newsplease").NewsPlease.from_html

    def read(html: str, url: str) -> Any:
        return from_html(html, url=url, fetch_images=False)

    def fields(article: Any) -> Fields:
        return {
            "headline": article.title,
            "text": article.maintext,
            "authors": article.authors,
            "date_published": _moment(article.date_publish),
            "image": article.image_url,
        }

    return read, fields


READERS: dict[str, Callable[[], Read]] = {
    "lxml": lxml_alone,
    "newscrawl": newscrawl,
    "trafilatura": trafilatura,
    "trafilatura, precision": trafilatura_precision,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
}
OWN = ("lxml", "newscrawl")
"""Readers that run in newscrawl's environment; the others run in that of the peers."""


def versions(reader: str) -> dict[str, str]:
    """Return the versions of what a reader uses, by package."""
    loaded = {"lxml": metadata.version("lxml")}
    if reader == "newscrawl":
        # A checkout is not installed.
        return {reader: import_module("newscrawl").__version__, **loaded}
    package = reader.partition(",")[0]
    return {package: metadata.version(package), **loaded}


def without_network() -> None:
    """Let every attempt to connect fail, and send no requests through a proxy."""
    socket = import_module("socket")

    def refuse(*_: object, **__: object) -> None:
        raise OSError("a reader may not use the network")

    for name in ("connect", "connect_ex"):
        setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo"):
        setattr(socket, name, refuse)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        del os.environ[name]
