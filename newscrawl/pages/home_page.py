"""What a site's home page says of the site, and what is there when it is not a news site's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

from newscrawl.pages.base_url import document_base
from newscrawl.pages.block_page import block_kind
from newscrawl.sites.written_urls import as_browsers_read
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parsel import Selector

_WORDPRESS = etree.XPath(
    "boolean(//link[@rel='https://api.w.org/']"
    "|//meta[@name='generator' and contains(@content,'WordPress')]"
    "|//@src[contains(.,'/wp-content/') or contains(.,'/wp-includes/')]"
    "/parent::*[self::script or self::img]"
    "|//link[contains(@href,'/wp-content/') or contains(@href,'/wp-includes/')"
    " or contains(@href,'/wp-json/')])"
)
_SITE_NAME = etree.XPath("//meta[@property='og:site_name']/@content", smart_strings=False)
_APPLICATION = etree.XPath("//meta[@name='application-name']/@content", smart_strings=False)
_GENERATOR = etree.XPath("//meta[@name='generator']/@content", smart_strings=False)
_TITLE = etree.XPath("string(//title)")
_REST = etree.XPath("//link[@rel='https://api.w.org/']/@href", smart_strings=False)
_TITLES = etree.XPath(
    "//main//*[self::h2 or self::h3 or self::h4]//a/@href"
    "|//article//*[self::h2 or self::h3]/a/@href"
    "|//a[contains(@rel,'bookmark')]/@href",
    smart_strings=False,
)
_TYPE = etree.XPath("//meta[@property='og:type']/@content", smart_strings=False)
_LINKS = etree.XPath("count(//a/@href)")
_PARKED = re.compile(
    r"domain (?:name )?(?:is|may be) (?:for sale|parked)|buy this domain|this domain is parked"
    r"|dominio (?:è )?in vendita|acquista (?:questo )?dominio|dominio (?:è stato )?registrato"
    r"|dominio parcheggiato|parked (?:free|domain)|sedoparking|welcome to nginx"
    r"|apache2? .{0,20}default page|default web ?site page|sito in costruzione"
    r"|website coming soon|site under construction|index of /",
    re.I,
)
_CLOSED = re.compile(
    r"sito in manutenzione|in manutenzione|under maintenance|maintenance mode|coming soon"
    r"|torniamo (?:subito|presto)",
    re.I,
)
_MAX_TEXT = 5_000
_MAX_LINKS = 30
"""A news site's home page has more links; a parked domain's has fewer."""


class HomePage:
    """A site's home page, of any theme."""

    def __init__(self, selector: Selector, url: str) -> None:
        self._root = selector.root
        self.url = url
        body = self._root.find("body")
        self._classes = frozenset((body.get("class") or "").split() if body is not None else ())

    @property
    def is_wordpress(self) -> bool:
        """Whether the page shows that WordPress made it."""
        return bool(_WORDPRESS(self._root))

    @property
    def locale(self) -> str:
        """The language in the root's `lang`, such as `it-IT`; empty if there is none."""
        return fold(
            self._root.get("lang") or self._root.get("{http://www.w3.org/XML/1998/namespace}lang")
        )

    @property
    def name(self) -> str:
        """The site's name in its metadata, else the end or the start of its title."""
        stated = [*_SITE_NAME(self._root), *_APPLICATION(self._root)]
        if name := next((fold(text) for text in stated if fold(text)), ""):
            return name
        # WordPress writes "name - tagline" on the home page.
        return re.split(r"\s+[-–—|•»]\s+", fold(_TITLE(self._root)))[0]

    @property
    def has_plain_rest(self) -> bool:
        """Whether the page states that REST's addresses are parameters, as without permalinks."""
        return any("rest_route=" in href for href in _REST(self._root))

    @property
    def links(self) -> list[str]:
        """The addresses of what the page marks as articles: bookmarks, titles of cards."""
        base = document_base(self._root, self.url)
        hrefs = (as_browsers_read(href.strip(), base) for href in _TITLES(self._root))
        return list(dict.fromkeys(urljoin(base, href) for href in hrefs))

    @property
    def generators(self) -> list[str]:
        """What programs name themselves as makers of the page."""
        return [fold(text) for text in _GENERATOR(self._root) if fold(text)]

    def problem(self) -> str | None:
        """Return what the page is when it is not a home page; None if it may be one.

        The answer continues a sentence that begins with the page's address.
        """
        kind = block_kind(self._root)
        if kind is not None:
            return _OF_BLOCK_PAGE[kind]
        if self._classes & {"single", "single-post"} or self._is_article():
            return "is a single article"
        if self._classes & {"archive", "category", "tag", "author"}:
            return "is an archive"
        if "login" in self._classes:
            return "is a login form"
        text = " ".join(self._texts())
        if _LINKS(self._root) <= _MAX_LINKS and not self._classes & {"home", "blog"}:
            if _PARKED.search(text):
                return "is a parked domain or a server without a site"
            if _CLOSED.search(text):
                return "says that the site is closed for maintenance"
        return None

    def refusal(self) -> str | None:
        """Return why the page is not the home page of a WordPress site; None if it may be one.

        The answer continues a sentence that begins with the page's address.
        """
        if (problem := self.problem()) is not None or self.is_wordpress:
            return problem
        made_by = f" (it was made by {self.generators[0][:60]})" if self.generators else ""
        return f"does not look like WordPress{made_by}"

    def _is_article(self) -> bool:
        return "article" in _TYPE(self._root) and not self._classes & {"home", "blog"}

    def _texts(self) -> Iterable[str]:
        length = 0
        for element in self._root.iter("title", "h1", "h2", "h3", "p", "div", "a", "span"):
            text = fold(element.text)
            length += len(text)
            yield text
            if length > _MAX_TEXT:
                return


_OF_BLOCK_PAGE = {
    "challenge": "is the check of a bot protection",
    "captcha": "is a CAPTCHA",
    "cookie_wall": "is a cookie wall",
    "login": "is a login form",
}
