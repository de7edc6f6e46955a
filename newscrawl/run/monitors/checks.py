"""The rules: each says in one line what is amiss with a run, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from newscrawl import finish_reasons
from newscrawl.run import finish
from newscrawl.run.monitors import run_history

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newscrawl.run.monitors.run_history import Report

_BY_HAND = {finish_reasons.SHUTDOWN, "cancelled", finish_reasons.LOCKED}
_NARROWING = ("since", "until", "urls")
_HOUR = 3_600
_FEW_ERRORS = 3
_FEW_LAGS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What the settings allow."""

    coverage: Mapping[str, float] = field(default_factory=dict)
    """FIELD_COVERAGE: field to its least share; others are compared with what was usual."""
    tolerance: float = 0.1
    """COVERAGE_TOLERANCE."""
    silence: float = 24.0
    """SILENCE_HOURS."""
    blocked: float = 0.1
    """BLOCKED_MAX_SHARE."""
    errors: float = 0.05
    """ERROR_MAX_SHARE."""
    lag: Mapping[str, float] = field(default_factory=dict)
    """LAG_MAX: `median`, `p95` in seconds."""

    @classmethod
    def of(cls, settings: Any) -> Limits:
        """Return what a crawler's settings say.

        Raises:
            ValueError: one cannot be understood.
        """
        return cls(
            coverage=_numbers(settings, "FIELD_COVERAGE", 1.0),
            tolerance=settings.getfloat("COVERAGE_TOLERANCE"),
            silence=settings.getfloat("SILENCE_HOURS"),
            blocked=settings.getfloat("BLOCKED_MAX_SHARE"),
            errors=settings.getfloat("ERROR_MAX_SHARE"),
            lag=_numbers(settings, "LAG_MAX"),
        )


def _numbers(settings: Any, name: str, most: float = inf) -> dict[str, float]:
    try:
        found = {str(key): float(value) for key, value in settings.getdict(name).items()}
    except (ValueError, TypeError):
        raise ValueError(f'{name} must name numbers: {{"name": 0.9}}') from None
    if wrong := [key for key, value in found.items() if not 0 <= value <= most]:
        raise ValueError(f"{name} has {found[wrong[0]]} for {wrong[0]}: 0 to {most:g} is possible")
    return found


def ending(report: Report, _history: Sequence[Report], _limits: Limits) -> str | None:
    """The run could do its work: the site, robots.txt, the ledger and the disk let it."""
    reason = report["reason"]
    codes = {
        finish_reasons.GOOD,
        finish_reasons.code(finish_reasons.PARTIAL),
        finish_reasons.code("closespider_"),
    }
    if finish_reasons.code(reason) in codes or reason in _BY_HAND:
        return None
    return f"the run ended as {reason}: {report.get('detail') or 'look at the log'}"


def coverage(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Each field is there as often as agreed, or else as often as usual."""
    recent, earlier = run_history.latest([report, *history])
    whole, counts = run_history.shares(recent)
    if not whole:
        return None
    # What was found amiss must not become what is usual.
    sound = [one for one in earlier if run_history.passed(one, "coverage")]
    whole_before, counts_before = run_history.shares(sound)
    found = {
        name: f"at least {minimum:.0%}"
        for name, minimum in limits.coverage.items()
        if counts.get(name, 0) / whole < minimum
    }
    if whole >= run_history.LEAST and run_history.enough(whole_before):
        for name, before in counts_before.items():
            usual, count = before / whole_before, counts.get(name, 0)
            is_low = count / whole < usual - limits.tolerance
            if name in limits.coverage or not is_low:
                continue
            if run_history.by_chance(count, whole, before, whole_before) < run_history.CHANCE:
                found[name] = f"usually {usual:.0%}"
    words = (
        f"{name} {counts.get(name, 0) / whole:.0%} ({should})"
        for name, should in sorted(found.items())
    )
    return f"of {whole:,} articles have: {', '.join(words)}" if found else None


def fields(report: Report, history: Sequence[Report], _limits: Limits) -> str | None:
    """No field has stopped coming that came before."""
    return _stopped([report, *history], run_history.fields)


def sections(report: Report, history: Sequence[Report], _limits: Limits) -> str | None:
    """No section has stopped giving articles that gave some before."""
    return _stopped([report, *history], run_history.fresh_sections)


def _stopped(
    reports: Sequence[Report], counts_of: Callable[[Report], tuple[int, dict[str, int]]]
) -> str | None:
    found = run_history.stopped(reports, counts_of)
    words = (
        f"{name} (none of {since:,} articles, {expected:,} expected)"
        for name, (since, expected) in sorted(found.items())
    )
    return f"came before and comes no more: {', '.join(words)}" if found else None


def silence(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Something was written of late, or the site shows nothing new."""
    if any(report["arguments"].get(name) for name in _NARROWING):
        return None
    runs = [report, *history]
    wrote = next((one for one in runs if run_history.live(one)), None)
    since = run_history.seconds(wrote["ended_at"] if wrote else runs[-1]["started_at"])
    hours = (run_history.seconds(report["ended_at"]) - since) / _HOUR
    signs = _signs(report, since)
    if hours <= limits.silence or not signs:
        return None
    return f"nothing written for {hours:.0f} hours, though the site shows news: {', '.join(signs)}"


def _signs(report: Report, since: float) -> list[str]:
    stats = report.get("stats") or {}
    found = {
        "rejected": sum(report["rejected"].values()),
        "taken for no article": sum(report["not_articles"].values()),
        "blocked": report["blocked"],
        **finish.missed(stats),
    }
    signs = [f"{count:,} {word}" for word, count in found.items() if count]
    if stats.get("site/newest", 0) > since:
        signs.append("younger articles in its lists")
    return signs


def blocked(report: Report, _history: Sequence[Report], limits: Limits) -> str | None:
    """The site lets the crawler read its pages."""
    stats = report.get("stats") or {}
    share = finish.blocked_share(stats)
    return finish.blocked_summary(stats) if share > limits.blocked else None


def errors(report: Report, _history: Sequence[Report], limits: Limits) -> str | None:
    """Few pages could not be fetched or read."""
    stats = report.get("stats") or {}
    lacking = finish.missed(stats)
    count = sum(lacking.values())
    share = count / max(1, count, stats.get(finish.ANSWERED, 0))
    if count < _FEW_ERRORS or share <= limits.errors:
        return None
    words = ", ".join(f"{number:,} {word}" for word, number in lacking.items())
    return f"{share:.0%} of the pages (at most {limits.errors:.0%}): {words}"


def lag(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Articles are captured soon after their publication.

    A first run captures what was published before there was a crawler.
    """
    found = report["lag"]
    if not history or found["count"] < _FEW_LAGS:
        return None
    late = {
        name: (found[name], most)
        for name, most in limits.lag.items()
        if found.get(name) is not None and found[name] > most
    }
    words = (f"{name} {value:,} s (at most {most:,.0f} s)" for name, (value, most) in late.items())
    return f"captured late: {', '.join(words)}" if late else None
