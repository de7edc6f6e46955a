"""The channels of alerts; each has a timeout, and none can make a run fail."""

from __future__ import annotations

import difflib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from newscrawl.run.alerts import mail, webhooks
from newscrawl.run.alerts.schedule import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newscrawl.run.alerts.message import Alert

_SENDERS: dict[str, Callable[[Alert, Any], None]] = {
    "email": mail.send,
    "slack": webhooks.slack,
    "telegram": webhooks.telegram,
    "sentry": webhooks.sentry,
    "webhook": webhooks.webhook,
}
_REQUIRED = {
    "email": ("SMTP_URL", "EMAIL_TO"),
    "slack": ("SLACK_WEBHOOK",),
    "telegram": ("TELEGRAM_TOKEN", "TELEGRAM_CHAT"),
    "sentry": ("SENTRY_DSN",),
    "webhook": ("WEBHOOK_URL",),
}
_PARSERS = {
    "SMTP_URL": mail.parse_server,
    "SLACK_WEBHOOK": webhooks.check_url,
    "SENTRY_DSN": webhooks.parse_dsn,
    "WEBHOOK_URL": webhooks.check_url,
}


def settings_error(settings: Any) -> str | None:
    """Return what is wrong with ALERTS and its channels' settings; None if nothing is."""
    for name in settings.getlist("ALERTS"):
        if name not in ACTIONS:
            close = difflib.get_close_matches(name, ACTIONS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"choose among {', '.join(ACTIONS)}"
            return f"NEWSCRAWL_ALERTS names {name[:40]!r}: {hint}"
        for required in _REQUIRED.get(name, ()):
            value = str(settings[required] or "")
            if not value:
                return (
                    f"NEWSCRAWL_ALERTS names {name}, which needs NEWSCRAWL_{required}: set it too"
                )
            try:
                _PARSERS.get(required, str)(value)
            except ValueError as error:
                # Without the value: it may hold a password.
                return f"NEWSCRAWL_{required} cannot be used: {error}"
    return None


def send(due: Mapping[str, Alert], settings: Any) -> list[tuple[str, str | None]]:
    """Send each channel its alert, in parallel; return for each its error, or None."""
    with ThreadPoolExecutor(len(due)) as pool:
        futures = {
            name: pool.submit(_SENDERS[name], alert, settings) for name, alert in due.items()
        }
        return [(name, _describe(future.exception())) for name, future in futures.items()]


def _describe(error: BaseException | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, webhooks.RefusedError):
        return str(error)
    # Messages of other errors may quote an address that is a secret.
    reason = getattr(error, "strerror", None) or getattr(error, "smtp_code", None)
    return f"{type(error).__name__}{f' ({reason})' if reason else ''}"
