"""Which requests of a page the browser may send: what text needs, to the site's own hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Container

NEEDED = frozenset({"script", "xhr", "fetch"})
"""Playwright's names of what fills a page; pictures, fonts, films and styles do not."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# Counters, advertisements and trackers that a site serves from its own host.
_TRACKERS = re.compile(
    r"(?:^|[/._-])(?:ads?|adserver|adsbygoogle|advert\w*|analytics|matomo|piwik|gtag|gtm|pixel"
    r"|prebid|track(?:er|ing)|beacon|collect|google_?tag_?manager|clarity|hotjar|taboola|outbrain"
    r"|view_?count\w*|post_?views?)(?=$|[/._?=-])",
    re.IGNORECASE,
)
# The theme's own counters and forms (JNews): only the blocks' call for more is of use.
_THEME_CALL = "ajax-request="
_THEME_MORE = "jnews_module_ajax_"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a page is about to make."""

    url: str
    method: str = "GET"
    kind: str = "fetch"
    """Playwright's resource type."""
    body: str = ""
    opens_page: bool = False
    """Whether it would replace the page, or fill a frame in it."""


def reason_against(asked: Asked, hosts: Container[str]) -> str | None:
    """Return why a request is not sent, None when it may be.

    Args:
        asked: the request.
        hosts: names of the site's hosts.

    >>> reason_against(Asked("https://www.example.it/wp-json/x"), {"www.example.it"})
    >>> reason_against(Asked("https://tv.example.it/wp-json/x"), {"www.example.it"})
    'another_site'
    """
    if asked.opens_page:
        return "navigation"
    try:
        parts = urlsplit(asked.url)
        host = parts.hostname or ""
    except ValueError:
        return "scheme"
    if parts.scheme not in {"http", "https"}:
        return "scheme"
    if host not in hosts:
        return "another_site"
    if asked.kind not in NEEDED:
        return asked.kind if asked.kind.isidentifier() else "other"
    if asked.method not in _METHODS:
        return "method"
    if _TRACKERS.search(parts.path) or _is_counter(parts.query, asked.body):
        return "tracker"
    return None


def _is_counter(query: str, body: str) -> bool:
    return _THEME_CALL in query and _THEME_MORE not in f"{query}&{body}"
