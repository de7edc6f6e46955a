"""The checks as monitors of Spidermon.

See decision 49 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.utils.misc import load_object
from spidermon import Monitor, MonitorSuite
from spidermon.decorators import monitors

from newscrawl.run.monitors import checks
from newscrawl.run.monitors.checks import Limits
from newscrawl.scrapy_internals import run_monitors
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newscrawl.run.monitors.run_history import Report
    from newscrawl.scrapy_internals import MonitorOutcome


def _monitor(name: str, check: Callable[..., str | None]) -> type[Any]:
    """Return a monitor that fails with the message of a check."""

    def test(self: Any) -> None:
        message = check(self.data.report, self.data.history, self.data.limits)
        if message:
            self.fail(message)

    test.__doc__ = check.__doc__
    attributes = {"test": test, "__doc__": check.__doc__, "longMessage": False}
    monitor = type(f"{name.title()}Monitor", (Monitor,), attributes)
    monitors.name(name)(monitor)
    return monitor


class RunMonitors(MonitorSuite):  # type: ignore[misc] # Spidermon ships no types
    """All checks of `newscrawl.run.monitors.checks`."""

    monitors: ClassVar[list[type[Any]]] = [
        _monitor(name, getattr(checks, name))
        for name in (
            "ending", "coverage", "fields", "sections", "silence", "blocked", "errors", "lag",
            "audit", "drift",
        )
    ]  # fmt: skip


def settings_error(settings: Any) -> str | None:
    """Return what is wrong with the monitors' settings; None if nothing is."""
    try:
        Limits.of(settings)
    except (ValueError, TypeError, AttributeError) as error:
        return f"a limit of the monitors is invalid: {fold(str(error))[:200]}"
    for name in settings.getlist("MONITORS"):
        try:
            suite = load_object(name)
        except (ImportError, NameError, ValueError, TypeError) as error:
            return f"MONITORS names {str(name)[:80]}: {fold(str(error))[:200]}"
        if not (isinstance(suite, type) and issubclass(suite, MonitorSuite)):
            return f"MONITORS names {str(name)[:80]}, which is not a MonitorSuite of Spidermon"
    return None


def run(
    suites: Iterable[type[Any]],
    report: Report,
    history: Sequence[Report],
    limits: Limits,
    **data: Any,
) -> list[dict[str, str | None]]:
    """Run suites of monitors over a run; return name, status and message of each monitor.

    Args:
        suites: subclasses of Spidermon's MonitorSuite.
        report: of the run, which has ended.
        history: reports of the series' earlier runs, newest first.
        limits: from the settings.
        data: further values for a project's own suites: `stats`, `spider`, `crawler`.
    """
    outcomes: list[dict[str, str | None]] = []
    for suite in suites:
        inputs = {"report": report, "history": history, "limits": limits, **data}
        outcomes += [
            {"name": _name(outcome), "status": outcome.status, "message": _message(outcome)}
            for outcome in run_monitors(suite, data.get("crawler"), inputs)
        ]
    return outcomes


def _name(outcome: MonitorOutcome) -> str:
    """Return the monitor's name; with its method where a class has several."""
    return outcome.name if outcome.method == "test" else f"{outcome.name}/{outcome.method}"


def _message(outcome: MonitorOutcome) -> str | None:
    if outcome.reason:
        return fold(str(outcome.reason))
    # The last line of a traceback has the exception.
    lines = str(outcome.error or "").strip().splitlines()
    return fold(lines[-1])[:500] if lines else None
