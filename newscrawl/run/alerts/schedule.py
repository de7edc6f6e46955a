"""When an alert is sent: at the first failure, daily while it lasts, and at recovery."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import counters
from newscrawl.run.alerts.message import FAILING, RECOVERED, Alert, compose

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANNELS = ("email", "slack", "telegram", "sentry", "webhook")
EXIT_CODE = "exit_code"
ACTIONS = (EXIT_CODE, *CHANNELS)
"""Values of ALERTS. The run report has the monitors' results in any case."""
SENT = counters.ALERTS_SENT
"""Stats, by channel, of a run that sent an alert; later runs read them in its report."""


def due(
    report: dict[str, Any], history: Sequence[dict[str, Any]], settings: Any
) -> dict[str, Alert]:
    """Return the alert that each channel has to send after a run.

    Args:
        report: of the run, with the results of the monitors.
        history: reports of the series' earlier runs, newest first.
        settings: ALERTS, ALERT_REPEAT_HOURS.
    """
    channels = [name for name in CHANNELS if name in settings.getlist("ALERTS")]
    repeat_after = timedelta(hours=settings.getfloat("ALERT_REPEAT_HOURS"))
    events = {name: _event(name, report, history, repeat_after) for name in channels}
    return {name: compose(event, report) for name, event in events.items() if event}


def _event(
    channel: str, report: dict[str, Any], history: Sequence[dict[str, Any]], repeat_after: timedelta
) -> str | None:
    sent = (earlier for earlier in history if (earlier.get("stats") or {}).get(SENT + channel))
    last = next(sent, None)
    alerted, failing = _failing(last) if last else set(), _failing(report)
    if not failing:
        return RECOVERED if alerted else None
    if last is None or failing - alerted:
        return FAILING
    return FAILING if _ended(report) - _ended(last) >= repeat_after else None


def _failing(report: dict[str, Any]) -> set[str]:
    monitors = report.get("monitors") or ()
    return {monitor["name"] for monitor in monitors if monitor["status"] != "passed"}


def _ended(report: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(report["ended_at"])
