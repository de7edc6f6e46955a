"""The address against which a page's relative addresses count."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newscrawl.pages.tag_index import page_parts
from newscrawl.sites.written_urls import as_browsers_read

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def document_base(root: Element, url: str) -> str:
    """Return the URL of the first `<base href>` of a page, else `url`, as HTML defines it."""
    for part in page_parts(root, "head", "body"):
        for element in part.iterchildren("base"):
            if (href := element.get("href")) is not None:
                return _resolved(href, url)
    return url


def _resolved(href: str, url: str) -> str:
    try:
        base = urljoin(url, as_browsers_read(href.strip(), url))
    except ValueError:
        return url
    return base if base.startswith(("http://", "https://")) else url
