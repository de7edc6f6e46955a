"""The reports of earlier runs, with which a run is compared.

See decision 50 in docs/decisions.md.
"""

from __future__ import annotations

from datetime import datetime
from math import exp, lgamma
from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Report = dict[str, Any]
"""A run report, as newscrawl.run.run_report builds it."""
MIN_ARTICLES = 20
"""Articles that are checked together, of as many runs as it takes to write them."""
_MIN_BASELINE = 50
"""Articles of earlier runs that are needed to know what is usual."""
_MIN_EXPECTED = 10.0
"""Articles that should have had a name before its absence is checked."""
SIGNIFICANCE = 3e-5
"""Deviations more probable than this are chance: four standard errors."""


def article_count(report: Report) -> int:
    """Return how many articles were written, without the lines of removed ones."""
    articles = report["articles"]
    return max(0, int(articles.get("written", 0)) - int(articles.get("gone", 0)))


def passed(report: Report, monitor: str) -> bool:
    """Return whether a monitor passed in a run, or did not run."""
    outcomes = report.get("monitors") or []
    return all(
        outcome.get("status") == "passed" for outcome in outcomes if outcome.get("name") == monitor
    )


def latest(
    reports: Sequence[Report], count_of: Callable[[Report], int] = article_count
) -> tuple[Sequence[Report], Sequence[Report]]:
    """Return the latest runs with enough articles to be checked, and those before them.

    Newest first, as given; `count_of` returns the number of a run's articles that count.
    """
    count = 0
    for position, report in enumerate(reports):
        count += count_of(report)
        if count >= MIN_ARTICLES:
            return reports[: position + 1], reports[position + 1 :]
    return reports, ()


def field_counts(reports: Iterable[Report]) -> tuple[int, dict[str, int]]:
    """Return how many articles some runs wrote, and how many of them have each field."""
    total, counts = 0, dict[str, int]()
    for report in reports:
        total += article_count(report)
        for name, count in (report.get("coverage") or {}).items():
            counts[name] = counts.get(name, 0) + int(count)
    return total, counts


def p_value(count: int, total: int, before: int, total_before: int) -> float:
    """Return the probability of a count this low if nothing has changed (Fisher's exact test).

    Args:
        count: checked articles that have something.
        total: all checked articles.
        before: earlier articles that have it.
        total_before: all earlier articles.

    Returns:
        The probability that at most `count` of the articles that have it are among the checked
        ones, 0 to 1.

    >>> round(p_value(17, 20, 49, 50), 3), p_value(0, 20, 50, 50) < 1e-15
    (0.067, True)
    """
    having, everything = count + before, total + total_before
    minimum = max(0, having - total_before)
    probabilities = (
        exp(
            _log_choices(having, number)
            + _log_choices(everything - having, total - number)
            - _log_choices(everything, total)
        )
        for number in range(count, minimum - 1, -1)
    )
    result = 0.0
    for probability in probabilities:
        result += probability
        # Below the mode each is smaller than the last: the rest is negligible.
        if probability < result * 1e-6:
            break
    return min(1.0, result)


def _log_choices(of: int, number: int) -> float:
    """Return the logarithm of the binomial coefficient."""
    return lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)


def is_baseline(articles: int) -> bool:
    """Return whether this many articles show what is usual."""
    return articles >= _MIN_BASELINE


def stopped(
    reports: Sequence[Report], counts_of: Callable[[Report], tuple[int, dict[str, int]]]
) -> dict[str, tuple[int, int]]:
    """Return the names that were regular and have disappeared.

    Args:
        reports: newest first.
        counts_of: returns the number of articles of a run, and of those with each name.

    Returns:
        For each name the number of articles since its last occurrence, and how many of them
        should have it by its former share.
    """
    counted = [counts_of(report) for report in reports]
    missing = {}
    for name in {name for _, counts in counted for name, count in counts.items() if count}:
        last = next(index for index, (_, counts) in enumerate(counted) if counts.get(name))
        since = sum(total for total, _ in counted[:last])
        total = sum(total for total, _ in counted[last:])
        count = sum(counts.get(name, 0) for _, counts in counted[last:])
        expected = since * count / total if total else 0.0
        if expected >= _MIN_EXPECTED and p_value(0, since, count, total) < SIGNIFICANCE:
            missing[name] = (since, round(expected))
    return missing


def fields(report: Report) -> tuple[int, dict[str, int]]:
    """Return the number of a run's articles, and of those with each field."""
    return article_count(report), report.get("coverage") or {}


def fresh_sections(report: Report) -> tuple[int, dict[str, int]]:
    """Return the number of a run's articles of the last days, and of those in each section.

    Older ones may be of sections that the site no longer has.
    """
    prefix, stats = counters.FRESH_BY_SECTION, report.get("stats") or {}
    counts = {
        key.removeprefix(prefix): int(count)
        for key, count in stats.items()
        if key.startswith(prefix)
    }
    return sum(counts.values()), counts


def seconds(time: str) -> float:
    """Return a time of a report in seconds since 1970."""
    return datetime.fromisoformat(time).timestamp()
