"""Checks the values of settings before a run: Scrapy would end with a traceback, or late.

The type of a setting is that of its default. Checked too are log levels, encodings, lists of
numbers, dotted names, and what has a format of its own.
"""

from __future__ import annotations

import codecs
import logging
import math
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scrapy.settings import BaseSettings, default_settings
from scrapy.utils.misc import load_object

from newscrawl.dumps.paths import is_start_time
from newscrawl.rights import policy
from newscrawl.run.crawl_window import parse_window
from newscrawl.text import without_credentials

if TYPE_CHECKING:
    from collections.abc import Callable

_OURS = "newscrawl.settings"
_FRACTION = re.compile(
    r"_(?:DELAY|TIMEOUT|IDLE|HOURS|ERROR_INTERVAL)$|^(?:CRAWL_DELAY|RETRY_AFTER|BACKOFF|WAIT)_(?:MAX|START)$"
)
"""Settings in seconds or hours, whose defaults may be whole numbers."""
_SIGNED = re.compile(r"_PRIORITY(?:_ADJUST)?$")
_POSITIVE = frozenset(
    {
        "ARCHIVE_MAX_SIZE",
        "AUTOTHROTTLE_TARGET_CONCURRENCY",
        "BACKOFF_MAX",
        "BACKOFF_START",
        "BROWSER_SCROLL_TIMEOUT",
        "BROWSER_TIMEOUT",
        "CONCURRENT_ITEMS",
        "CONCURRENT_REQUESTS",
        "CONCURRENT_REQUESTS_PER_DOMAIN",
        "DNS_TIMEOUT",
        "DOWNLOAD_TIMEOUT",
        "MEMUSAGE_CHECK_INTERVAL_SECONDS",
        "REACTOR_THREADPOOL_MAXSIZE",
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE",
        "REFUSALS_MAX",
        "WORKER_SILENCE",
    }
)
_SHARE = re.compile(r"_(?:SHARE|TOLERANCE|JITTER)$")
_DOTTED = re.compile(r"[a-z_]\w*(?:\.\w+)*\.[A-Z]\w*")
_TYPED = 20
"""Scrapy's priority of a project's settings: what has a higher one was typed."""
_ENVIRONMENT = {
    "ARCHIVE": "NEWSCRAWL_ARCHIVE",
    "LOG_LEVEL": "NEWSCRAWL_LOG_LEVEL",
    "RIGHTS_POLICY": "NEWSCRAWL_RIGHTS_POLICY",
    "RUN_LOG": "NEWSCRAWL_LOG",
}
_SHOWN = 60


def error_of(settings: BaseSettings) -> str | None:
    """Return what is wrong with the value of a setting, as one line; None if nothing is."""
    ours = vars(import_module(_OURS))
    defaults = {**vars(default_settings), **ours}
    for name, value in settings.items():
        if value is None:
            continue
        if (error := _error(name, value, defaults.get(name), settings)) is not None:
            if isinstance(value, BaseSettings):
                return f"setting {name} {error}"
            text = without_credentials(str(value))
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            source = f" (environment: {_ENVIRONMENT[name]})" if name in _ENVIRONMENT else ""
            return f"setting {name}={shown}{source} {error}"
    return None


def _error(name: str, value: Any, default: Any, settings: BaseSettings) -> str | None:
    """Return what is wrong with a value, as the rest of a sentence."""
    if check := _CHECKS.get(name):
        return check(value)
    if isinstance(default, bool):
        try:
            settings.getbool(name)
        except ValueError:
            return "is not a switch: write True or False"
        return None
    if isinstance(default, (int, float)):
        return _number_error(name, value, default)
    if isinstance(default, list) and default:
        entries = settings.getlist(name)
        if all(isinstance(entry, int) for entry in default):
            return None if all(map(_is_whole, entries)) else "is not a list of numbers: 500,503"
        if all(_is_dotted(entry) for entry in default) and name != "MONITORS":
            return next(filter(None, map(_name_error, entries)), None)
        return None
    if _is_dotted(default) and (settings.getpriority(name) or 0) > _TYPED:
        return _name_error(value)
    if isinstance(value, BaseSettings) and name in _COMPONENTS:
        return _components_error(value)
    return None


def _number_error(name: str, value: Any, default: float) -> str | None:
    is_whole = isinstance(default, int) and not _FRACTION.search(name)
    try:
        number = int(value) if is_whole else float(value)
    except (TypeError, ValueError, OverflowError):
        return f"is not a {'whole number' if is_whole else 'number'}: for example {default}"
    if not math.isfinite(number):
        return f"is not a number: for example {default}"
    if number < 0 and not _SIGNED.search(name):
        least = "more than 0" if name in _POSITIVE else "0 or more"
        return f"is negative: write {least}, for example {default}"
    if number == 0 and name in _POSITIVE:
        return f"must be more than 0: for example {default}"
    if number > 1 and _SHARE.search(name):
        return f"is a share, from 0 to 1: for example {default}"
    return None


def _level_error(value: Any) -> str | None:
    levels = logging.getLevelNamesMapping()
    if value in levels or _is_whole(value):
        return None
    return "is not a log level: DEBUG, INFO, WARNING, ERROR or CRITICAL"


def _encoding_error(value: Any) -> str | None:
    try:
        codecs.lookup(str(value))
    except LookupError:
        return "is not an encoding: for example utf-8"
    return None


def _format_error(value: Any) -> str | None:
    record = {**vars(logging.makeLogRecord({})), "asctime": "", "message": "", "run_id": ""}
    try:
        str(value) % record
    except (KeyError, ValueError, TypeError) as error:
        return f"is not a format of log records: {type(error).__name__} {error}"
    return None


def _ages_error(value: Any) -> str | None:
    ages = value.split(",") if isinstance(value, str) else value
    try:
        is_valid = all(0 < float(age) < math.inf for age in ages if str(age).strip())
    except (TypeError, ValueError):
        is_valid = False
    return None if is_valid else "is not a list of seconds: for example 3600,86400"


def _intervals_error(value: Any) -> str | None:
    intervals = value.split(",") if isinstance(value, str) else value
    try:
        seconds = [float(interval) for interval in intervals if str(interval).strip()]
    except (TypeError, ValueError):
        seconds = [-1]
    if not seconds:
        return "is empty: nothing that failed would be read again; for example 600,3600,86400"
    is_valid = all(0 <= interval < math.inf for interval in seconds)
    is_valid = is_valid and seconds == sorted(seconds)
    return None if is_valid else "is not a rising list of seconds: for example 600,3600,86400"


def _started_error(value: Any) -> str | None:
    return None if is_start_time(str(value)) else "is not a time such as 2026-11-28T10-00-00Z"


def _folder_error(value: Any) -> str | None:
    return None if str(value).strip() else "is empty: name a folder"


def _window_error(value: Any) -> str | None:
    try:
        parse_window(str(value))
    except ValueError:
        return (
            "is not a list of spans of hours, 00:00 to 24:00: for example 01:00-06:00,22:00-24:00"
        )
    return None


def _log_error(value: Any) -> str | None:
    return None if value in {"", "file"} else "is not understood: write file, or nothing"


def _policy_error(value: Any) -> str | None:
    return None if value in policy.POLICIES else "is not understood: write record or respect"


def _archive_error(value: Any) -> str | None:
    return None if value in {"", "warc"} else "is not understood: write warc, or nothing"


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "ARCHIVE": _archive_error,
    "CRAWL_WINDOW": _window_error,
    "DEFAULT_DROPITEM_LOG_LEVEL": _level_error,
    "FEED_EXPORT_ENCODING": _encoding_error,
    "LOG_ENCODING": _encoding_error,
    "LOG_FORMAT": _format_error,
    "LOG_LEVEL": _level_error,
    "OUTPUT_DIR": _folder_error,
    "RECHECK_AGES": _ages_error,
    "RETRY_INTERVALS": _intervals_error,
    "RETRY_GIVE_UP_LOG_LEVEL": _level_error,
    "RIGHTS_POLICY": _policy_error,
    "RUN_LOG": _log_error,
    "RUN_STARTED": _started_error,
}
_COMPONENTS = frozenset(
    {"DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES", "SPIDER_MIDDLEWARES"}
)


def _components_error(components: BaseSettings) -> str | None:
    for name, order in components.items():
        if (components.getpriority(name) or 0) <= _TYPED or order is None:
            continue
        if not isinstance(order, (int, float)):
            return f"must give {name} a number, or null"
        if error := _name_error(name):
            return error
    return None


def _name_error(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        load_object(value)
    except (ImportError, NameError, ValueError, TypeError) as error:
        return f"names {value[:_SHOWN]!r}, which cannot be imported: {error}"
    return None


def _is_dotted(value: Any) -> bool:
    return isinstance(value, str) and bool(_DOTTED.fullmatch(value))


def _is_whole(value: Any) -> bool:
    try:
        return int(value) >= 0
    except (TypeError, ValueError):
        return False
