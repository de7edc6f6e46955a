"""Settings that hold secrets: none of them may stand in a log, and none on a command line.

A secret is a password or a token, or an address that is one (an incoming webhook), or that holds
one (`user:password@`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newscrawl.text import without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy.settings import BaseSettings

_NAME = re.compile(r"PASSWORD|PASSWD|_PASS$|SECRET|TOKEN|_DSN$|WEBHOOK|ACCESS_KEY|API_KEY")
_MIN_LENGTH = 4
"""Shorter values would be replaced where they stand by chance."""
_COMMAND_LINE = 40
"""Scrapy's priority of what was given with `-s`, `-o` or by Scrapyd."""
_ENVIRONMENT = frozenset({
    "LEDGER_URL", "SENTRY_DSN", "SLACK_WEBHOOK", "SMTP_URL", "TELEGRAM_TOKEN", "WEBHOOK_TOKEN",
    "WEBHOOK_URL",
})  # fmt: skip
"""Settings that are read from the variable NEWSCRAWL_<name>."""


def values(settings: BaseSettings) -> list[str]:
    """Return the secrets of a run, the longest first."""
    texts = {
        str(value)
        for name, value in settings.items()
        if _is_secret_name(name) and isinstance(value, str) and len(value) >= _MIN_LENGTH
    }
    return sorted(texts, key=len, reverse=True)


def on_command_line(settings: BaseSettings) -> str | None:
    """Return a warning, as one line, that a secret was given on the command line; None if not.

    Every user of a machine can list the command lines of its processes.
    """
    names = [
        name
        for name, value in settings.items()
        if settings.getpriority(name) == _COMMAND_LINE
        and value
        and (_is_secret_name(name) or any(_has_credentials(text) for text in _texts(value)))
    ]
    if not names:
        return None
    name = names[0]
    advice = f"set NEWSCRAWL_{name} instead" if name in _ENVIRONMENT else "set it in settings.py"
    return f"{name} on the command line shows a secret to all users of this machine: {advice}"


def _is_secret_name(name: object) -> bool:
    return isinstance(name, str) and _NAME.search(name) is not None


def _has_credentials(text: str) -> bool:
    return without_credentials(text) != text


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a setting's value."""
    if isinstance(value, str):
        yield value
    elif hasattr(value, "items"):
        mapping: Mapping[Any, Any] = value
        for key, entry in mapping.items():
            yield from _texts(key)
            yield from _texts(entry)
