"""The rules as monitors of Spidermon."""

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


def _monitor(name: str, rule: Callable[..., str | None]) -> type[Any]:
    """Return a monitor that fails with what a rule has to say."""

    def test(self: Any) -> None:
        found = rule(self.data.report, self.data.history, self.data.limits)
        if found:
            self.fail(found)

    test.__doc__ = rule.__doc__
    attributes = {"test": test, "__doc__": rule.__doc__, "longMessage": False}
    made = type(f"{name.title()}Monitor", (Monitor,), attributes)
    monitors.name(name)(made)
    return made


class RunMonitors(MonitorSuite):  # type: ignore[misc] # Spidermon ships no types
    """All rules of `newscrawl.run.monitors.checks`."""

    monitors: ClassVar[list[type[Any]]] = [
        _monitor(name, getattr(checks, name))
        for name in (
            "ending", "coverage", "fields", "sections", "silence", "blocked", "errors", "lag",
        )
    ]  # fmt: skip


def complaint(settings: Any) -> str | None:
    """Return what is wrong with the monitors' settings; None when all is well."""
    try:
        Limits.of(settings)
    except (ValueError, TypeError, AttributeError) as error:
        return f"a limit of the monitors cannot be used: {fold(str(error))[:200]}"
    for name in settings.getlist("MONITORS"):
        try:
            found = load_object(name)
        except (ImportError, NameError, ValueError, TypeError) as error:
            return f"MONITORS names {str(name)[:80]}: {fold(str(error))[:200]}"
        if not (isinstance(found, type) and issubclass(found, MonitorSuite)):
            return f"MONITORS names {str(name)[:80]}, which is no suite of Spidermon's monitors"
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
        report: of the run, which is over.
        history: reports of the series' earlier runs, newest first.
        limits: what the settings allow.
        data: what else suites of a project's own may ask for: `stats`, `spider`, `crawler`.
    """
    found: list[dict[str, str | None]] = []
    for suite in suites:
        given = {"report": report, "history": history, "limits": limits, **data}
        found += [
            {"name": _name(one), "status": one.status, "message": _message(one)}
            for one in run_monitors(suite, data.get("crawler"), given)
        ]
    return found


def _name(outcome: MonitorOutcome) -> str:
    """Return the monitor's name; with its method where a class has several."""
    return outcome.name if outcome.method == "test" else f"{outcome.name}/{outcome.method}"


def _message(outcome: MonitorOutcome) -> str | None:
    if outcome.reason:
        return fold(str(outcome.reason))
    # Of an error the last line of its traceback says most.
    lines = str(outcome.error or "").strip().splitlines()
    return fold(lines[-1])[:500] if lines else None
