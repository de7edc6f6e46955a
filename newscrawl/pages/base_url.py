"""The address against which a page's relative addresses count."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from newscrawl.sites.written_urls import as_browsers_read

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BASE = etree.XPath("/html/head/base/@href|/html/body/base/@href", smart_strings=False)


def document_base(root: Element, url: str) -> str:
    """Return the URL of the first `<base href>` of a page, else `url`, as HTML defines it."""
    for href in _BASE(root):
        try:
            base = urljoin(url, as_browsers_read(href.strip(), url))
        except ValueError:
            return url
        return base if base.startswith(("http://", "https://")) else url
    return url
