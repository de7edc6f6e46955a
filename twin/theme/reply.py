"""A request and its reply, independent of the network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twin.theme.rendering import php_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.theme.site import Site

Headers = tuple[tuple[str, str], ...]
HTML = "text/html; charset=UTF-8"
NO_CACHE: Headers = (
    ("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"),
    ("Cache-Control", "no-cache, must-revalidate, max-age=0"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; `path` is percent-encoded, as received."""

    path: str
    method: str = "GET"
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply."""

    body: str | bytes = ""
    status: int = 200
    type: str = HTML
    headers: Headers = ()

    def encoded(self) -> bytes:
        """Return the body as bytes; lone surrogates become question marks."""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode("utf-8", "replace")


def api_link(site: Site) -> tuple[str, str]:
    """Return the Link header of every page."""
    return ("Link", f'<{site.url("/wp-json/")}>; rel="https://api.w.org/"')


def redirect(url: str, status: int = 301) -> Reply:
    """Return a redirect as WordPress sends it."""
    return Reply("", status, HTML, (*NO_CACHE, ("X-Redirect-By", "WordPress"), ("Location", url)))


def json(value: Any, status: int = 200, headers: Headers = ()) -> Reply:
    """Return JSON."""
    return Reply(php_json(value), status, "application/json; charset=UTF-8", headers)


def xml(text: str, headers: Headers = ()) -> Reply:
    """Return XML."""
    return Reply(text, 200, "application/xml; charset=UTF-8", headers)
