"""Requests as the ledger keeps them: plain JSON, or an address alone where that is enough."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scrapy.utils.request import request_from_dict

from newscrawl.discovery.state import bits
from newscrawl.ledger.records import ARTICLE, GATE, SOURCE, Found, Leased
from newscrawl.text import key_of

if TYPE_CHECKING:
    from scrapy import Request

    from newscrawl.discovery.state import Sighting
    from newscrawl.spiders.base import RunSpider

EXPLICIT = bits("url")
_GATE_PRIORITY = 300


def kept(request: Request, spider: RunSpider) -> Found:
    """Return a request as the ledger keeps it.

    Raises:
        TypeError, ValueError: JSON cannot hold it, or its callback is none of the spider's.
    """
    meta = request.meta
    seed = meta.get("is_start_request", False)
    if article := meta.get("article"):
        channels = meta.get("channels", 0)
        return Found(
            article,
            ARTICLE,
            key_of(article),
            request.priority,
            channels,
            request.cb_kwargs.get("hops", 0),
            meta.get("found_on"),
            signals=meta.get("signals", {}),
            again=bool(channels & EXPLICIT),
            seed=seed,
        )
    found_on, walk = meta.pop("found_on", None), meta.get("walk", "")
    data = request.to_dict(spider=spider)
    for name in ("headers", "body"):
        data[name] = _as_text(data[name])
    return Found(
        request.url,
        SOURCE,
        key_of(f"{request.method} {request.url} {walk} {data['body']}"),
        request.priority,
        found_on=found_on,
        request=json.dumps(data),
        again=True,
        seed=seed,
    )


def noted(seen: Sighting) -> Found:
    """Return an address that needs no request as the ledger takes note of it."""
    return Found(
        seen.url,
        ARTICLE,
        key_of(seen.url),
        channels=seen.channels,
        signals=seen.signals,
        only_known=not seen.channels,
    )


def gate(request: Request, number: int) -> Leased | None:
    """Return what stands for a request that each worker makes by itself, before all others.

    None for other requests. The ledger does not know of it: every run makes it anew.
    """
    if request.priority < _GATE_PRIORITY:
        return None
    return Leased(-number, request.url, GATE, request.priority, 0, 0, 0, None, None, None)


def restored(row: Leased, spider: RunSpider) -> Request:
    """Return the request that a row keeps."""
    if row.request is None:
        request = spider.article_request(row.url, row.hops)
        request.headers.update(conditions(row.etag, row.last_modified))
        return request
    data = json.loads(row.request)
    data["body"] = data["body"].encode("latin-1")
    data["headers"] = {
        name.encode("latin-1"): [value.encode("latin-1") for value in values]
        for name, values in data["headers"].items()
    }
    return request_from_dict(data, spider=spider)


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed (RFC 9110, 13.1)."""
    if etag:
        return {"If-None-Match": etag}
    return {"If-Modified-Since": last_modified} if last_modified else {}


def _as_text(value: Any) -> Any:
    """Return headers or a body as text; Latin-1 maps each byte to one character."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return {
        name.decode("latin-1"): [one.decode("latin-1") for one in values]
        for name, values in value.items()
    }
