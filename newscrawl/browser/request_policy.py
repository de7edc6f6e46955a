"""The requests that a page in the browser may send: those for text, to the site's hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.middlewares.addresses import reason_against_host
from newscrawl.sites.host_names import origin_of

if TYPE_CHECKING:
    from collections.abc import Container

    from newscrawl.sites.host_names import Origin

NEEDED = frozenset({"script", "xhr", "fetch"})
"""Playwright's resource types that load content; images, fonts, media and styles do not."""
_METHODS = frozenset({"GET", "HEAD"})
# Counters, advertisements and trackers on the site's own host.
_TRACKERS = re.compile(
    r"(?:^|[/._-])(?:ads?|adserver|adsbygoogle|advert\w*|analytics|matomo|piwik|gtag|gtm|pixel"
    r"|prebid|track(?:er|ing)|beacon|collect|google_?tag_?manager|clarity|hotjar|taboola|outbrain"
    r"|view_?count\w*|post_?views?)(?=$|[/._?=-])",
    re.IGNORECASE,
)
# The theme's own counters and forms (JNews): only a block's request for more is needed.
_THEME_CALL = "ajax-request="
_THEME_MORE = "jnews_module_ajax_"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request that a page is about to send."""

    url: str
    method: str = "GET"
    kind: str = "fetch"
    """Playwright's resource type."""
    body: str = ""
    opens_page: bool = False
    """Whether it would replace the page or load a frame in it."""


def reason_against(request: PageRequest, origins: Container[Origin]) -> str | None:
    """Return why a request is blocked, None if it is allowed.

    Args:
        request: the request.
        origins: those of the site.

    >>> origins = {("https", "www.example.it", 443)}
    >>> reason_against(PageRequest("https://www.example.it/wp-json/x"), origins)
    >>> reason_against(PageRequest("https://www.example.it:8443/wp-json/x"), origins)
    'another_site'
    """
    if request.opens_page:
        return "navigation"
    origin = origin_of(request.url)
    if origin is None:
        return "scheme"
    if origin not in origins:
        return reason_against_host(origin[1])
    if request.kind not in NEEDED:
        return request.kind if request.kind.isidentifier() else "other"
    parts = urlsplit(request.url)
    if request.method not in _METHODS and not _asks_for_more(request, parts.query):
        return "method"
    if _TRACKERS.search(parts.path) or _is_counter(parts.query, request.body):
        return "tracker"
    return None


def _asks_for_more(request: PageRequest, query: str) -> bool:
    """Return whether a request is the theme's for more of a list, which WordPress takes as POST."""
    return request.method == "POST" and _THEME_CALL in query and _THEME_MORE in request.body


def _is_counter(query: str, body: str) -> bool:
    return _THEME_CALL in query and _THEME_MORE not in f"{query}&{body}"
