"""The checks: each returns in one line what is wrong with a run, or None.

See decision 50 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import audit_figures, counters, finish_reasons
from newscrawl.run import finish
from newscrawl.run.monitors import run_history

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newscrawl.run.monitors.run_history import Report

_STOPPED = {finish_reasons.SHUTDOWN, "cancelled", finish_reasons.LOCKED}
_NARROWING = ("since", "until", "urls")
_HOUR = 3_600
_MIN_ERRORS = 3
_MIN_LAGS = 5
_AUDITED, _MIN_AUDITED = 200, 10
"""Articles of an audit that are checked together, at most and at least."""
_MIN_DISAGREEING = 5
"""Articles of one run of which none agrees in a field: no accident, whatever was before."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in the settings."""

    coverage: Mapping[str, float] = field(default_factory=dict)
    """FIELD_COVERAGE: minimum share of each field; others are compared with earlier runs."""
    tolerance: float = 0.1
    """COVERAGE_TOLERANCE."""
    silence: float = 24.0
    """SILENCE_HOURS."""
    blocked: float = 0.1
    """BLOCKED_MAX_SHARE."""
    errors: float = 0.05
    """ERROR_MAX_SHARE."""
    audit: float = 0.98
    """AUDIT_MIN."""
    lag: Mapping[str, float] = field(default_factory=dict)
    """LAG_MAX: `median`, `p95` in seconds."""

    @classmethod
    def of(cls, settings: Any) -> Limits:
        """Return the limits in a crawler's settings.

        Raises:
            ValueError: one of them is invalid.
        """
        return cls(
            coverage=_numbers(settings, "FIELD_COVERAGE", 1.0),
            tolerance=settings.getfloat("COVERAGE_TOLERANCE"),
            silence=settings.getfloat("SILENCE_HOURS"),
            blocked=settings.getfloat("BLOCKED_MAX_SHARE"),
            errors=settings.getfloat("ERROR_MAX_SHARE"),
            audit=_share(settings, "AUDIT_MIN"),
            lag=_numbers(settings, "LAG_MAX"),
        )


def _share(settings: Any, name: str) -> float:
    share: float = settings.getfloat(name)
    if not 0 <= share <= 1:
        raise ValueError(f"{name} is {share:g}: 0 to 1 is possible")
    return share


def _numbers(settings: Any, name: str, maximum: float = inf) -> dict[str, float]:
    try:
        numbers = {str(key): float(value) for key, value in settings.getdict(name).items()}
    except (ValueError, TypeError):
        raise ValueError(f'{name} must name numbers: {{"name": 0.9}}') from None
    for key, value in numbers.items():
        if not 0 <= value <= maximum:
            raise ValueError(f"{name} has {value} for {key}: 0 to {maximum:g} is possible")
    return numbers


def ending(report: Report, _history: Sequence[Report], _limits: Limits) -> str | None:
    """Neither the site, robots.txt, the ledger nor the disk prevented the run."""
    reason = report["reason"]
    codes = {
        finish_reasons.GOOD,
        finish_reasons.code(finish_reasons.PARTIAL),
        finish_reasons.code("closespider_"),
    }
    if finish_reasons.code(reason) in codes or reason in _STOPPED:
        return None
    return f"the run ended as {reason}: {report.get('detail') or 'look at the log'}"


def coverage(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Each field is as frequent as configured, or else as in earlier runs."""
    recent, earlier = run_history.latest([report, *history])
    total, counts = run_history.field_counts(recent)
    if not total:
        return None
    # A failure must not become the usual state.
    passed = [run for run in earlier if run_history.passed(run, "coverage")]
    total_before, counts_before = run_history.field_counts(passed)
    low = {
        name: f"at least {minimum:.0%}"
        for name, minimum in limits.coverage.items()
        if counts.get(name, 0) / total < minimum
    }
    if total >= run_history.MIN_ARTICLES and run_history.is_baseline(total_before):
        for name, before in counts_before.items():
            usual, count = before / total_before, counts.get(name, 0)
            is_low = count / total < usual - limits.tolerance
            if name in limits.coverage or not is_low:
                continue
            if run_history.p_value(count, total, before, total_before) < run_history.SIGNIFICANCE:
                low[name] = f"usually {usual:.0%}"
    shares = (
        f"{name} {counts.get(name, 0) / total:.0%} ({expected})"
        for name, expected in sorted(low.items())
    )
    return f"of {total:,} articles have: {', '.join(shares)}" if low else None


def fields(report: Report, history: Sequence[Report], _limits: Limits) -> str | None:
    """No field is missing that articles had before."""
    return _stopped([report, *history], run_history.fields)


def sections(report: Report, history: Sequence[Report], _limits: Limits) -> str | None:
    """No section is without articles that had some before."""
    return _stopped([report, *history], run_history.fresh_sections)


def _stopped(
    reports: Sequence[Report], counts_of: Callable[[Report], tuple[int, dict[str, int]]]
) -> str | None:
    missing = run_history.stopped(reports, counts_of)
    texts = (
        f"{name} (none of {since:,} articles, {expected:,} expected)"
        for name, (since, expected) in sorted(missing.items())
    )
    return f"no longer found: {', '.join(texts)}" if missing else None


def silence(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Something was written recently, or the site shows nothing new."""
    if any(report["arguments"].get(name) for name in _NARROWING):
        return None
    runs = [report, *history]
    last = next((run for run in runs if run_history.article_count(run)), None)
    since = run_history.seconds(last["ended_at"] if last else runs[-1]["started_at"])
    hours = (run_history.seconds(report["ended_at"]) - since) / _HOUR
    signs = _signs_of_news(report, since)
    if hours <= limits.silence or not signs:
        return None
    return f"nothing written for {hours:.0f} hours, though the site shows news: {', '.join(signs)}"


def _signs_of_news(report: Report, since: float) -> list[str]:
    stats = report.get("stats") or {}
    counts = {
        "rejected": sum(report["rejected"].values()),
        "not recognised as articles": sum(report["not_articles"].values()),
        "blocked": report["blocked"],
        **finish.missed(stats),
    }
    signs = [f"{count:,} {text}" for text, count in counts.items() if count]
    if stats.get(counters.SITE_NEWEST, 0) > since:
        signs.append("newer articles in its lists")
    return signs


def blocked(report: Report, _history: Sequence[Report], limits: Limits) -> str | None:
    """The site does not block the crawler."""
    stats = report.get("stats") or {}
    share = finish.blocked_share(stats)
    return finish.blocked_summary(stats) if share > limits.blocked else None


def errors(report: Report, _history: Sequence[Report], limits: Limits) -> str | None:
    """Few pages could not be fetched or read."""
    stats = report.get("stats") or {}
    missed = finish.missed(stats)
    count = sum(missed.values())
    share = count / max(1, count, stats.get(counters.ANSWERED, 0))
    if count < _MIN_ERRORS or share <= limits.errors:
        return None
    texts = ", ".join(f"{number:,} {text}" for text, number in missed.items())
    return f"{share:.0%} of the pages (at most {limits.errors:.0%}): {texts}"


def audit(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Pages and second witness agree in each field, in the latest articles of several runs."""
    audits = []
    articles = 0
    if not (report.get("audit") or {}).get("articles"):
        return None
    for run in [report, *history]:
        audits.append(run.get("audit") or {})
        articles += int(audits[-1].get("articles") or 0)
        if articles >= _AUDITED:
            break
    _, fields = audit_figures.total(audits)
    low = {
        name: counts
        for name, counts in fields.items()
        if counts[0] >= _MIN_AUDITED
        # One disagreement may be an accident of one article.
        and counts[0] - counts[1] > 1
        and counts[1] / counts[0] < limits.audit
    }
    _, of_run = audit_figures.total(audits[:1])
    for name, (compared, agreed) in of_run.items():
        if not agreed and compared >= _MIN_DISAGREEING and limits.audit:
            low.setdefault(name, (compared, agreed))
    if not low:
        return None
    texts = [
        f"{name} {audit_figures.exact_percent(agreed, compared)} of {compared:,}"
        for name, (compared, agreed) in sorted(low.items())
    ]
    return f"pages and second witness agree less than {limits.audit:.0%}: {', '.join(texts)}"


def drift(report: Report, _history: Sequence[Report], _limits: Limits) -> str | None:
    """The site gives what it gave: each page class, field, channel, section."""
    return "; ".join(entry["message"] for entry in report.get("drift") or ()) or None


def lag(report: Report, history: Sequence[Report], limits: Limits) -> str | None:
    """Articles are captured soon after their publication.

    A first run captures what was published before there was a crawler.
    """
    measured = report["lag"]
    if not history or measured["count"] < _MIN_LAGS:
        return None
    late = {
        name: (measured[name], limit)
        for name, limit in limits.lag.items()
        if measured.get(name) is not None and measured[name] > limit
    }
    texts = (
        f"{name} {seconds:,} s (at most {limit:,.0f} s)" for name, (seconds, limit) in late.items()
    )
    return f"captured late: {', '.join(texts)}" if late else None
