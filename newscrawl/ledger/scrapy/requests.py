"""Requests as the ledger stores them: JSON, or a URL alone if that is enough."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scrapy.utils.request import request_from_dict

from newscrawl.arguments import OLDEST, REST
from newscrawl.discovery.reading_order import BEFORE_RIGHTS, LAST
from newscrawl.discovery.state import bits, conditional_headers
from newscrawl.ledger.records import Batch, DiscoveredUrl, Leased
from newscrawl.outcomes.task import ARTICLE, LOCAL, META, SOURCE, Task
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request, Spider

    from newscrawl.arguments import Arguments
    from newscrawl.context import RunContext
    from newscrawl.discovery.state import UrlUpdate

EXPLICIT = bits("url")
_LOCAL_PRIORITY = 300
_NOT_STORED = frozenset({META, "found_on", "is_start_request"})
"""Meta keys that belong to one run."""


def only(arguments: Arguments) -> int | None:
    """Return the channels, one of which must have found an article to be requested; None for any.

    Where lists hold the articles themselves none is requested, but for those that were withheld.
    """
    if arguments.source == REST:
        return 0
    return EXPLICIT if arguments.urls else None


def new_batch(context: RunContext) -> Batch:
    """Return a batch with what the run has learned of archives and of the site."""
    discovery, arguments = context.discovery, context.arguments
    return Batch(
        discovery.take_known_heads(),
        discovery.take_site_facts(),
        only(arguments),
        waits=_waits(context),
        feed_readings=context.rights.take_feed_readings(),
    )


def _waits(context: RunContext) -> tuple[int, ...]:
    """Return the ranks of `Batch.waits`."""
    waits = [LAST] if context.arguments.order == OLDEST else []
    if context.rights.is_respected:
        # What they state of an article must be known before it is written.
        waits.append(BEFORE_RIGHTS)
    return tuple(waits)


def to_discovered(request: Request, spider: Spider) -> DiscoveredUrl:
    """Return a request as the ledger stores it.

    Raises:
        TypeError, ValueError: JSON cannot represent it, or its callback is not the spider's.
    """
    meta = request.meta
    seed = meta.get("is_start_request", False)
    found_on = meta.get("found_on")
    found_on_key = key_of(found_on) if found_on else None
    if article := meta.get("article"):
        channels = meta.get("channels", 0)
        return DiscoveredUrl(
            article,
            ARTICLE,
            key_of(article),
            request.priority,
            channels,
            request.cb_kwargs.get("depth", 0),
            found_on_key,
            found_on,
            change_markers=meta.get("change_markers", {}),
            again=bool(channels & EXPLICIT),
            seed=seed,
        )
    data = request.to_dict(spider=spider)
    data["meta"] = {name: value for name, value in meta.items() if name not in _NOT_STORED}
    for name in ("headers", "body"):
        data[name] = _as_text(data[name])
    identity = meta.get("identity", "")
    return DiscoveredUrl(
        request.url,
        SOURCE,
        key_of(f"{request.method} {request.url} {identity} {data['body']}"),
        request.priority,
        found_on=found_on_key,
        found_on_url=found_on,
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


def local_task(request: Request, number: int) -> Task | None:
    """Return the task of a request that each worker sends by itself, before all others.

    None for other requests. It is not stored in the ledger: each run creates it.
    """
    if request.priority < _LOCAL_PRIORITY:
        return None
    return Task(request.url, LOCAL, -number)


def from_row(
    row: Leased, spider: Spider, article_request: Callable[[str, int], Request]
) -> Request:
    """Return the request that a row stores, with its task.

    Args:
        row: a URL that the run has leased.
        spider: spider whose callbacks a stored request names.
        article_request: returns the request for an article, given its canonical URL and depth.
    """
    if row.request is None:
        request = article_request(row.url, row.depth)
        request.headers.update(conditional_headers(row.etag, row.last_modified))
    else:
        data = json.loads(row.request)
        data["body"] = data["body"].encode("latin-1")
        data["headers"] = {
            name.encode("latin-1"): [value.encode("latin-1") for value in values]
            for name, values in data["headers"].items()
        }
        request = request_from_dict(data, spider=spider)
    request.meta[META] = Task(
        row.url,
        row.kind,
        row.id,
        row.channels,
        row.tries,
        was_missing=row.kind == ARTICLE and row.status in {404, 410},
    )
    return request


def _as_text(value: Any) -> Any:
    """Return headers or a body as text; Latin-1 maps each byte to one character."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return {
        name.decode("latin-1"): [header.decode("latin-1") for header in values]
        for name, values in value.items()
    }
