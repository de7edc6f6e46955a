"""Addresses of the pages of a list, as WordPress, its themes and its plugins number them."""

from __future__ import annotations

import re

PAGE_BASES = frozenset(
    {"page", "pagina", "pag", "seite", "p%c3%a1gina", "strona", "stranka", "strana", "sida", "side"}
    | {"sivu", "oldal", "sayfa", "pagine", "paged", "pagination"}
)
"""Words before a page's number in the path of a list: core's, and those of translated sites."""
_PAGE_PATH = re.compile(rf"/({'|'.join(sorted(PAGE_BASES))})/(\d{{1,9}})(/?)\Z")
# A list that the theme or Elementor adds to a page has pages of its own; core's has `paged`.
LIST_PAGE = re.compile(r"(?:.*&)?(query-(?:\d{1,6}-)?page|e-page-[0-9a-f]{1,12}|paged)=(\d{1,6})")
_BARE_ORIGIN = re.compile(r"https?://[^/]+\Z")


def page_number(url: str) -> int:
    """Return the number of the page of a list that a canonical address names; 1 if it names none.

    >>> page_number("https://www.example.it/category/esteri/page/3/")
    3
    >>> page_number("https://www.example.it/notizie/?query-0-page=2")
    2
    """
    path, _, query = url.partition("?")
    match = LIST_PAGE.fullmatch(query) or _PAGE_PATH.search(path)
    return int(match[2]) if match is not None else 1


def page_parameter(url: str) -> str:
    """Return the parameter in which a canonical address has the page's number; empty if none.

    >>> page_parameter("https://www.example.it/notizie/?query-0-page=2")
    'query-0-page'
    """
    match = LIST_PAGE.fullmatch(url.partition("?")[2])
    return match[1] if match is not None else ""


def page_base(url: str) -> str:
    """Return the word before the page's number in the path of a canonical address; empty if none.

    >>> page_base("https://www.example.it/sport/pagina/2/")
    'pagina'
    """
    match = _PAGE_PATH.search(url.partition("?")[0])
    return match[1] if match is not None else ""


def page_address(url: str, page: int, base: str = "page", parameter: str = "") -> str:
    """Return the address of a further page of a list.

    Args:
        url: canonical address of the list's first page.
        page: number of the page, from 2 on.
        base: the word before the number in the path.
        parameter: parameter that has the number where the path has not.

    >>> page_address("https://www.example.it/sport/", 2)
    'https://www.example.it/sport/page/2/'
    >>> page_address("https://www.example.it/sport", 2, "pagina")
    'https://www.example.it/sport/pagina/2'
    >>> page_address("https://www.example.it/?cat=5", 2)
    'https://www.example.it/?cat=5&paged=2'
    """
    if "?" in url:
        return f"{url}&{parameter or 'paged'}={page}"
    if parameter:
        return f"{url}?{parameter}={page}"
    return f"{url}{base}/{page}/" if url.endswith("/") else f"{url}/{base}/{page}"


def without_page(url: str) -> str:
    """Return the address of a list's first page.

    >>> without_page("https://www.example.it/category/esteri/page/3/")
    'https://www.example.it/category/esteri/'
    >>> without_page("https://www.example.it/notizie/?query-0-page=2")
    'https://www.example.it/notizie/'
    >>> without_page("https://www.example.it/?cat=5&paged=2")
    'https://www.example.it/?cat=5'
    """
    path, _, query = url.partition("?")
    if (match := LIST_PAGE.fullmatch(query)) is not None:
        first = query[: match.start(1)].rstrip("&")
        return f"{path}?{first}" if first else path
    if (match := _PAGE_PATH.search(path)) is None:
        return url
    path = f"{path[: match.start()]}{match[3]}"
    return f"{path}/" if _BARE_ORIGIN.match(path) else path
