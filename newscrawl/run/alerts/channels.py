"""The ways in which an alert goes out; each ends in seconds, and none can harm a run."""

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
_NEEDED = {
    "email": ("SMTP_URL", "EMAIL_TO"),
    "slack": ("SLACK_WEBHOOK",),
    "telegram": ("TELEGRAM_TOKEN", "TELEGRAM_CHAT"),
    "sentry": ("SENTRY_DSN",),
    "webhook": ("WEBHOOK_URL",),
}
_CHECKED = {
    "SMTP_URL": mail.understand,
    "SLACK_WEBHOOK": webhooks.web_address,
    "SENTRY_DSN": webhooks.dsn,
    "WEBHOOK_URL": webhooks.web_address,
}


def complaint(settings: Any) -> str | None:
    """Return what is wrong with ALERTS and what its channels need; None when all is well."""
    for name in settings.getlist("ALERTS"):
        if name not in ACTIONS:
            close = difflib.get_close_matches(name, ACTIONS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"choose among {', '.join(ACTIONS)}"
            return f"NEWSCRAWL_ALERTS names {name[:40]!r}: {hint}"
        for needed in _NEEDED.get(name, ()):
            value = str(settings[needed] or "")
            if not value:
                return f"NEWSCRAWL_ALERTS names {name}, which needs NEWSCRAWL_{needed}: set it too"
            try:
                _CHECKED.get(needed, str)(value)
            except ValueError as error:
                # Never the value: it may hold a password.
                return f"NEWSCRAWL_{needed} cannot be used: {error}"
    return None


def send(due: Mapping[str, Alert], settings: Any) -> list[tuple[str, str | None]]:
    """Send each channel its alert, all at once; return for each why it failed, or None."""
    with ThreadPoolExecutor(len(due)) as pool:
        sending = {
            name: pool.submit(_SENDERS[name], alert, settings) for name, alert in due.items()
        }
        return [(name, _why(one.exception())) for name, one in sending.items()]


def _why(error: BaseException | None) -> str | None:
    if error is None:
        return None
    if isinstance(error, webhooks.RefusedError):
        return str(error)
    # Texts of other errors may quote an address that is a secret.
    reason = getattr(error, "strerror", None) or getattr(error, "smtp_code", None)
    return f"{type(error).__name__}{f' ({reason})' if reason else ''}"
