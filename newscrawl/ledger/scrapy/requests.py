"""Requests as the ledger stores them: JSON, or a URL alone if that is enough."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scrapy.utils.request import request_from_dict

from newscrawl.discovery.state import bits, conditional_headers
from newscrawl.ledger.records import ARTICLE, LOCAL, SOURCE, DiscoveredUrl, Leased
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request, Spider

    from newscrawl.discovery.state import UrlUpdate

EXPLICIT = bits("url")
_LOCAL_PRIORITY = 300


def to_discovered(request: Request, spider: Spider) -> DiscoveredUrl:
    """Return a request as the ledger stores it.

    Raises:
        TypeError, ValueError: JSON cannot represent it, or its callback is not the spider's.
    """
    meta = request.meta
    seed = meta.get("is_start_request", False)
    if article := meta.get("article"):
        channels = meta.get("channels", 0)
        return DiscoveredUrl(
            article,
            ARTICLE,
            key_of(article),
            request.priority,
            channels,
            request.cb_kwargs.get("depth", 0),
            meta.get("found_on"),
            change_markers=meta.get("change_markers", {}),
            again=bool(channels & EXPLICIT),
            seed=seed,
        )
    found_on, pagination = meta.pop("found_on", None), meta.get("pagination", "")
    data = request.to_dict(spider=spider)
    for name in ("headers", "body"):
        data[name] = _as_text(data[name])
    return DiscoveredUrl(
        request.url,
        SOURCE,
        key_of(f"{request.method} {request.url} {pagination} {data['body']}"),
        request.priority,
        found_on=found_on,
        request=json.dumps(data),
        again=True,
        seed=seed,
    )


def update_to_discovered(update: UrlUpdate) -> DiscoveredUrl:
    """Return the update of a URL as the ledger stores it."""
    return DiscoveredUrl(
        update.url,
        ARTICLE,
        key_of(update.url),
        channels=update.channels,
        change_markers=update.change_markers,
        only_known=not update.channels,
    )


def local_lease(request: Request, number: int) -> Leased | None:
    """Return the lease of a request that each worker sends by itself, before all others.

    None for other requests. It is not stored in the ledger: each run creates it.
    """
    if request.priority < _LOCAL_PRIORITY:
        return None
    return Leased(-number, request.url, LOCAL, request.priority, 0, 0, 0, None, None, None)


def from_row(
    row: Leased, spider: Spider, article_request: Callable[[str, int], Request]
) -> Request:
    """Return the request that a row stores.

    Args:
        row: a URL that the run has leased.
        spider: spider whose callbacks a stored request names.
        article_request: returns the request for an article, given its canonical URL and depth.
    """
    if row.request is None:
        request = article_request(row.url, row.depth)
        request.headers.update(conditional_headers(row.etag, row.last_modified))
        return request
    data = json.loads(row.request)
    data["body"] = data["body"].encode("latin-1")
    data["headers"] = {
        name.encode("latin-1"): [value.encode("latin-1") for value in values]
        for name, values in data["headers"].items()
    }
    return request_from_dict(data, spider=spider)


def _as_text(value: Any) -> Any:
    """Return headers or a body as text; Latin-1 maps each byte to one character."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return {
        name.decode("latin-1"): [header.decode("latin-1") for header in values]
        for name, values in value.items()
    }
