"""The page classes that a site's definition names."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from newscrawl.pages.article_page import BaseArticlePage
    from newscrawl.pages.listing import ListingPage, MorePage
    from newscrawl.pages.menu import MenuPage
    from newscrawl.sites import Site


def article_page(site: Site) -> type[BaseArticlePage]:
    """Return the class that reads a site's articles."""
    return cast("type[BaseArticlePage]", load(site.article_page))


def wordpress_page(site: Site) -> type[BaseArticlePage]:
    """Return the class that reads an article with WordPress's own markup, of any theme."""
    return cast("type[BaseArticlePage]", load(site.wordpress_page))


def generic_page(site: Site) -> type[BaseArticlePage]:
    """Return the class that reads an article without the site's usual markup."""
    return cast("type[BaseArticlePage]", load(site.generic_page))


def listing_page(site: Site) -> type[ListingPage]:
    """Return the class that reads a site's archives."""
    return cast("type[ListingPage]", load(site.listing_page))


def more_page(site: Site) -> type[MorePage]:
    """Return the class that reads the reply of an archive's load-more block."""
    return cast("type[MorePage]", load(site.more_page))


def menu_page(site: Site) -> type[MenuPage]:
    """Return the class that reads a site's menu."""
    return cast("type[MenuPage]", load(site.menu_page))


@cache
def load(name: str) -> Any:
    """Return the object of a dotted name; its module is imported at the first call.

    Raises:
        ImportError: there is no such module, or it has no such attribute.

    >>> load("newscrawl.pages.menu.MenuPage").__name__
    'MenuPage'
    """
    module, _, attribute = name.rpartition(".")
    try:
        return getattr(import_module(module), attribute)
    except (AttributeError, ValueError):
        raise ImportError(f"{name!r} is not the dotted name of a page class") from None
