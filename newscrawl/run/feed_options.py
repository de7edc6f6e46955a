"""Checks the feeds of a run before it starts: Scrapy would disable all feeds because of one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FileFeedStorage, apply_uri_params
from scrapy.utils.misc import build_from_crawler, load_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler

_BATCH = ("%(batch_time)", "%(batch_id)")
_PARAMETERS = {"time": "", "batch_time": "", "batch_id": 1}
_HIDDEN = frozenset({"dump", "jl", "jsonlines"})
"""Formats that are not suggested: the project's own, and other names of jsonl."""


def error_of(crawler: Crawler) -> str | None:
    """Return why a feed of the settings cannot be written, as one line; None if all can.

    Checked are format, storage, the parameters of the address and, of a local file, its folder.
    """
    settings = crawler.settings
    feeds: dict[str, Any] = {}
    if uri := settings["FEED_URI"]:
        feeds[str(uri)] = {"format": settings["FEED_FORMAT"]}
    try:
        feeds |= {str(uri): options for uri, options in settings.getdict("FEEDS").items()}
    except ValueError:
        return "FEEDS is not a dictionary of feeds: write it as JSON, address to options"
    for uri, options in feeds.items():
        if not hasattr(options, "items"):
            return f'the feed {uri} has no options: write them as {{"format": "jsonl"}}'
        if error := _error_of_feed(crawler, uri, options):
            return f"the feed {uri} cannot be written: {error}"
    return None


def _error_of_feed(crawler: Crawler, uri: str, options: Mapping[str, Any]) -> str | None:
    settings = crawler.settings
    exporters = [name for name, path in settings.getwithbase("FEED_EXPORTERS").items() if path]
    name = options.get("format") or Path(uri).suffix.removeprefix(".")
    if name not in exporters:
        choices = ", ".join(sorted({*exporters} - _HIDDEN))
        return f"no format is called {name!r}: choose among {choices}"
    size = options.get("batch_item_count") or 0
    if "batch_item_count" not in options:
        size = settings.getint("FEED_EXPORT_BATCH_ITEM_COUNT")
    if not str(size).isdecimal():
        return f"batch_item_count={str(size)[:80]} is not a number of articles"
    if int(size) and not any(parameter in uri for parameter in _BATCH):
        return "batches need %(batch_id)d or %(batch_time)s in the address"
    try:
        address = _address(crawler, uri, options)
    except KeyError as error:
        return f"%({error.args[0]}) is not a parameter: write %(name)s or %(time)s, for example"
    except (TypeError, ValueError) as error:
        return f"a parameter of the address is wrong: {error}"
    storage_class = settings.getwithbase("FEED_STORAGES").get(urlsplit(address).scheme)
    if storage_class is None:
        return f"no storage is called {urlsplit(address).scheme!r}"
    try:
        storage = build_from_crawler(
            load_object(storage_class), crawler, address, feed_options=options
        )
    except NotConfigured as error:
        return str(error)
    return _error_of_file(storage.path) if isinstance(storage, FileFeedStorage) else None


def _address(crawler: Crawler, uri: str, options: Mapping[str, Any]) -> str:
    """Return a feed's address; what only a started spider knows is left as it is.

    Raises:
        KeyError: a parameter does not exist.
        TypeError, ValueError: a parameter cannot be formatted so.
    """
    if options.get("uri_params") or crawler.settings["FEED_URI_PARAMS"]:
        return uri
    spider_class = crawler.spidercls
    attributes = {name: getattr(spider_class, name, None) for name in dir(spider_class)}
    return apply_uri_params(uri, {**attributes, **_PARAMETERS})


def _error_of_file(name: str) -> str | None:
    path = Path(name).absolute()
    if path.is_dir():
        return "it is a folder"
    folder = next(parent for parent in path.parents if parent.exists())
    target = path if path.exists() else folder
    if not folder.is_dir():
        return f"{folder} is not a folder"
    return None if os.access(target, os.W_OK) else f"no permission to write {target}"
