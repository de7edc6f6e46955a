"""Alerts by HTTP POST of JSON: Slack, Telegram, Sentry, any webhook."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from newscrawl.version import __version__

if TYPE_CHECKING:
    from newscrawl.run.alerts.message import Alert

_TIMEOUT = 10
"""Seconds to connect, and to wait for the response."""
_MAX_LENGTH = 3_500
"""Characters of a text; Telegram accepts 4,096."""


class RefusedError(Exception):
    """The server did not accept the alert; the message holds no secret."""


def check_url(address: str) -> str:
    """Return the address if it is an HTTP URL.

    Raises:
        ValueError: it is not.
    """
    try:
        parts = urlsplit(address)
        is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise ValueError("it is not a web address (https://…)")
    return address


def parse_dsn(text: str) -> tuple[str, str]:
    """Return the address to which a DSN's events are posted, and its key.

    Raises:
        ValueError: it is not a DSN.

    >>> parse_dsn("https://key@sentry.example.org/base/7")
    ('https://sentry.example.org/base/api/7/envelope/', 'key')
    """
    parts = urlsplit(check_url(text))
    path, _, project = parts.path.rpartition("/")
    if not parts.username or not project:
        raise ValueError("it is not a DSN (https://key@host/project)")
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{path}/api/{project}/envelope/", parts.username


def slack(alert: Alert, settings: Any) -> None:
    """Post to an incoming webhook of Slack."""
    text = alert.text[:_MAX_LENGTH]
    for char, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(char, name)
    _post(settings["SLACK_WEBHOOK"], {"text": text})


def telegram(alert: Alert, settings: Any) -> None:
    """Post to chats as a bot of Telegram, without markup."""
    address = f"{settings['TELEGRAM_API'].rstrip('/')}/bot{settings['TELEGRAM_TOKEN']}/sendMessage"
    for chat in settings.getlist("TELEGRAM_CHAT"):
        _post(address, {"chat_id": chat.strip(), "text": alert.text[:_MAX_LENGTH]})


def sentry(alert: Alert, settings: Any) -> None:
    """Post an event to Sentry, which groups those with the same spider and monitors."""
    address, key = parse_dsn(settings["SENTRY_DSN"])
    event = {
        "event_id": uuid4().hex,
        "platform": "python",
        "logger": "newscrawl",
        "level": "error" if alert.event == "failing" else "info",
        "release": f"newscrawl@{__version__}",
        "message": {"formatted": alert.text},
        "tags": {"spider": alert.report["spider"], "reason": alert.report["reason"]},
        "extra": {"run": alert.report},
        "fingerprint": [alert.subject],
    }
    # https://develop.sentry.dev/sdk/data-model/envelopes/
    lines = ({"event_id": event["event_id"]}, {"type": "event"}, event)
    body = "".join(json.dumps(line) + "\n" for line in lines).encode()
    client = f"newscrawl/{__version__}"
    headers = {
        "Content-Type": "application/x-sentry-envelope",
        "X-Sentry-Auth": f"Sentry sentry_version=7, sentry_client={client}, sentry_key={key}",
    }
    _send(address, body, headers)


def webhook(alert: Alert, settings: Any) -> None:
    """Post event, text and run report, with the bearer token if one is set."""
    token = settings["WEBHOOK_TOKEN"]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = {"event": alert.event, "subject": alert.subject, "text": alert.text}
    _post(settings["WEBHOOK_URL"], {**data, "run": alert.report}, headers)


def _post(address: str, data: Any, headers: dict[str, str] | None = None) -> None:
    body = json.dumps(data, ensure_ascii=False).encode()
    _send(address, body, {"Content-Type": "application/json", **(headers or {})})


def _send(address: str, body: bytes, headers: dict[str, str]) -> None:
    """Post a body; redirects are not followed.

    Raises:
        RefusedError: the status of the response is not 2xx.
        OSError, http.client.HTTPException: there was no response in time.
    """
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
    try:
        target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        all_headers = {"User-Agent": f"newscrawl/{__version__}", **headers}
        connection.request("POST", target, body, all_headers)
        status = connection.getresponse().status
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise RefusedError(f"HTTP {status}")
