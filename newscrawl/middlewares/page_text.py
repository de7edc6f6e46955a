"""The text of pages: in UTF-8 whatever they say, and within the bounds of `pages.page_size`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from newscrawl.pages import charset
from newscrawl.pages.bounded_text import bounded_text
from newscrawl.pages.page_size import NESTED, excess, is_cut_off
from newscrawl.pages.page_tree import NestedTooDeepError, is_bounded, parse
from newscrawl.scrapy_internals import set_tree

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


_ASCII_OR_UTF_8 = frozenset({"ascii", "cp1252", "utf-8"})
"""Encodings in which Scrapy may read what `to_utf8` has left as it is."""


class PageBoundError(IgnoreRequest):
    """A page that exceeds a bound; its message says which one."""


class PageTextMiddleware:
    """Turns pages into UTF-8, with the flag `charset_repaired` where they are not what they say.

    Refuses pages that would take too much time or memory, before a tree is built of them.
    """

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response in UTF-8.

        Raises:
            PageBoundError: the page exceeds a bound.
        """
        if not isinstance(response, HtmlResponse):
            return response
        page, flags = response.body, response.flags
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        body, is_repaired, reason = bounded_text(page, content_type, bounds_nesting=False)
        if reason is not None:
            raise PageBoundError(reason)
        if is_repaired and charset.FLAG not in flags:
            flags = [*flags, charset.FLAG]
        if body is page and flags is response.flags and response.encoding in _ASCII_OR_UTF_8:
            return response
        return response.replace(body=body, encoding="utf-8", flags=flags)


class PageTreeMiddleware:
    """Builds the trees of pages, as `newscrawl.extract` does.

    Whatever reads the selector of a page before that has a second, slower tree built of it.
    """

    def process_spider_input(self, response: Response) -> None:
        """Build the tree of a page; that of one nested too deep is left to Scrapy."""
        if not isinstance(response, HtmlResponse):
            return
        page = response.body
        if response.encoding != "utf-8" and not page.isascii():
            page = response.text.encode()
        with suppress(NestedTooDeepError):
            set_tree(response, parse(page.strip()))


class CutOffPageMiddleware:
    """Keeps pages from the spider that are nested too deep: libxml2 leaves out their end."""

    def process_spider_input(self, response: Response) -> None:
        """Accept pages that are whole.

        Raises:
            PageBoundError: the page is not.
        """
        if not isinstance(response, HtmlResponse):
            return
        root = response.selector.root
        if is_cut_off(root) or (not is_bounded(root) and excess(response.body) == NESTED):
            raise PageBoundError(NESTED)
