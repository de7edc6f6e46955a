"""When somebody is told: at the first failure, daily while it lasts, and when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.run.alerts.message import FAILING, RECOVERED, Alert, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANNELS = ("email", "slack", "telegram", "sentry", "webhook")
EXIT_CODE = "exit_code"
ACTIONS = (EXIT_CODE, *CHANNELS)
"""What ALERTS may name. The run report has what the monitors found in any case."""
SENT = "alerts/sent/"
"""Stats by channel of a run that told somebody, by which later ones know."""


def due(
    report: dict[str, Any], history: Sequence[dict[str, Any]], settings: Any
) -> dict[str, Alert]:
    """Return the alert that each channel is due after a run.

    Args:
        report: of the run, with what the monitors found.
        history: reports of the series' earlier runs, newest first.
        settings: ALERTS, ALERT_REPEAT_HOURS.
    """
    chosen = [name for name in CHANNELS if name in settings.getlist("ALERTS")]
    patience = timedelta(hours=settings.getfloat("ALERT_REPEAT_HOURS"))
    found = {name: _event(name, report, history, patience) for name in chosen}
    return {name: compose(event, report) for name, event in found.items() if event}


def _event(
    channel: str, report: dict[str, Any], history: Sequence[dict[str, Any]], patience: timedelta
) -> str | None:
    last = next((one for one in history if (one.get("stats") or {}).get(SENT + channel)), None)
    told, failing = _failing(last) if last else set(), _failing(report)
    if not failing:
        return RECOVERED if told else None
    if last is None or failing - told:
        return FAILING
    return FAILING if _ended(report) - _ended(last) >= patience else None


def _failing(report: dict[str, Any]) -> set[str]:
    return {one["name"] for one in report.get("monitors") or () if one["status"] != "passed"}


def _ended(report: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(report["ended_at"])
