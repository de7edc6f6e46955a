"""Log records of a run: one JSON object per line for machines, or text for people.

The formatter of Scrapy's own handler cannot be set: that handler is not installed
(LOG_INSTALL_ROOT_HANDLER), and this one replaces it from the first line on.
"""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime
from textwrap import indent
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem
from scrapy.logformatter import LogFormatter
from scrapy.utils.log import TopLevelFormatter

from newscrawl.items import Article
from newscrawl.run import secret_settings
from newscrawl.text import escaped, printable, without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy import Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure

    from newscrawl.dumps.paths import OutputPaths

TEXT_FORMAT = "%(asctime)s %(run_id)s [%(name)s] %(levelname)s: %(message)s"
# Their records of several lines hold no text of a page: settings, versions, stats.
_LISTS = {
    "scrapy.crawler",
    "scrapy.middleware",
    "scrapy.addons",
    "scrapy.utils.log",
    "scrapy.statscollectors",
}


class RunFormatter(logging.Formatter):
    """Formats records of one run, each message as one line."""

    def __init__(
        self,
        run_id: str,
        job: str | None,
        fmt: str = "",
        datefmt: str = "",
        secrets: Sequence[str] = (),
    ) -> None:
        super().__init__(fmt or TEXT_FORMAT, datefmt or None)
        self.converter = time.gmtime
        self.run_id = run_id
        """`<spider>/<name of its files>`."""
        self.job = job
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text, followed by its traceback, indented."""
        record.run_id = self.run_id
        record.asctime = self.formatTime(record, self.datefmt)
        text = printable(self._public(record.getMessage()))
        record.message = text if record.name in _LISTS else text.replace("\n", "\\n")
        line = self.formatMessage(record)
        if traceback := self._traceback(record):
            line = f"{line}\n{indent(printable(traceback), '    ')}"
        return line

    def _traceback(self, record: logging.LogRecord) -> str | None:
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        parts += [self.formatStack(record.stack_info)] if record.stack_info else []
        return self._public("\n".join(parts)) or None

    def _public(self, text: str) -> str:
        """Return a text without the run's secrets and the passwords of addresses."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, "***")
        return without_credentials(text)


class JsonFormatter(RunFormatter):
    """Formats each record as one JSON object on one line.

    Keys: `time` (UTC, milliseconds), `level`, `logger`, `message`, `run_id`, `spider`, `job`,
    `exception`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as JSON."""
        created = datetime.fromtimestamp(record.created, UTC)
        data: dict[str, Any] = {
            "time": created.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._public(record.getMessage()),
            "run_id": self.run_id,
            "spider": self.run_id.partition("/")[0],
            "job": self.job,
            "exception": self._traceback(record),
        }
        return escaped(json.dumps(data, ensure_ascii=False))


def install(settings: Any, paths: OutputPaths) -> None:
    """Install the handler of the root logger, with the format that LOG_JSON selects.

    Args:
        settings: Scrapy's LOG_FILE, LOG_ENABLED, LOG_LEVEL and so on.
        paths: of the run, for its id.

    Raises:
        OSError: the log file cannot be opened.
    """
    handler = _handler(settings)
    job, secrets = settings["JOB"] or None, secret_settings.values(settings)
    if settings.getbool("LOG_JSON"):
        handler.setFormatter(JsonFormatter(paths.run_id, job, secrets=secrets))
    else:
        fmt = settings["LOG_FORMAT"] if settings.getpriority("LOG_FORMAT") else ""
        datefmt = settings["LOG_DATEFORMAT"]
        handler.setFormatter(RunFormatter(paths.run_id, job, fmt, datefmt, secrets))
    handler.setLevel(settings["LOG_LEVEL"])
    if settings.getbool("LOG_SHORT_NAMES"):
        handler.addFilter(TopLevelFormatter(["scrapy"]))
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, "cmdline")  # noqa: FBT003 - Scrapy's interface
    logging.root.setLevel(logging.NOTSET)
    logging.root.addHandler(handler)


def _handler(settings: Any) -> logging.Handler:
    if path := settings["LOG_FILE"]:
        mode = "a" if settings.getbool("LOG_FILE_APPEND") else "w"
        return logging.FileHandler(path, mode, encoding=settings["LOG_ENCODING"])
    return logging.StreamHandler() if settings.getbool("LOG_ENABLED") else logging.NullHandler()


def set_run_id(run_id: str) -> None:
    """Set the run id of all further records: the run's files may have been renamed."""
    for handler in logging.root.handlers:
        if isinstance(handler.formatter, RunFormatter):
            handler.formatter.run_id = run_id


class OneLineFormatter(LogFormatter):
    """Logs an article by id and headline in one line; headlines are folded when extracted."""

    def scraped(
        self, item: Any, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Return the record of an item that is written to the dump."""
        name = f"{item.id} {item.headline}" if isinstance(item, Article) else type(item).__name__
        return {"level": logging.DEBUG, "msg": "Written: %(name)s", "args": {"name": name}}

    def dropped(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """Return the record of an item that is not written."""
        level = exception.log_level if isinstance(exception, DropItem) else None
        if isinstance(level, str):
            level = logging.getLevelName(level)
        return {
            "level": level if isinstance(level, int) else logging.WARNING,
            "msg": "Not written: %(reason)s",
            "args": {"reason": " ".join(str(exception).split())},
        }
