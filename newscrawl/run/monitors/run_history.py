"""What a run is compared with: the reports of the runs before it."""

from __future__ import annotations

from datetime import datetime
from math import exp, lgamma
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Report = dict[str, Any]
"""A run report, as newscrawl.run.run_report builds it."""
LEAST = 20
"""So many articles are judged together, however many runs it takes to write them."""
_ENOUGH = 50
"""So many articles before them tell what is usual."""
_EXPECTED = 10.0
"""What stays away so often as it should have come may have stopped."""
CHANCE = 3e-5
"""What chance brings about more often than that raises no alarm: four standard errors."""


def live(report: Report) -> int:
    """Return how many of the articles written were not reports of removed ones."""
    articles = report["articles"]
    return max(0, int(articles.get("written", 0)) - int(articles.get("gone", 0)))


def passed(report: Report, monitor: str) -> bool:
    """Return whether a monitor found nothing amiss in a run, or did not look at it."""
    found = report.get("monitors") or []
    return all(one.get("status") == "passed" for one in found if one.get("name") == monitor)


def latest(reports: Sequence[Report]) -> tuple[Sequence[Report], Sequence[Report]]:
    """Return the latest runs that wrote enough articles to be judged, and those before them.

    Newest first, as given.
    """
    count = 0
    for position, report in enumerate(reports):
        count += live(report)
        if count >= LEAST:
            return reports[: position + 1], reports[position + 1 :]
    return reports, ()


def shares(reports: Iterable[Report]) -> tuple[int, dict[str, int]]:
    """Return how many articles some runs wrote, and how many of them had each field."""
    whole, counts = 0, dict[str, int]()
    for report in reports:
        whole += live(report)
        for name, count in (report.get("coverage") or {}).items():
            counts[name] = counts.get(name, 0) + int(count)
    return whole, counts


def by_chance(count: int, whole: int, before: int, whole_before: int) -> float:
    """Return how likely so few are by chance, if nothing has changed (Fisher's exact test).

    Args:
        count: articles that have something, of
        whole: those that are judged.
        before: articles that had it, of
        whole_before: those before.

    Returns:
        The probability that among these articles no more of them would be judged, 0 to 1.

    >>> round(by_chance(17, 20, 49, 50), 3), by_chance(0, 20, 50, 50) < 1e-15
    (0.067, True)
    """
    having, every = count + before, whole + whole_before
    least = max(0, having - whole_before)
    ways = (
        exp(
            _log_choices(having, number)
            + _log_choices(every - having, whole - number)
            - _log_choices(every, whole)
        )
        for number in range(count, least - 1, -1)
    )
    total = 0.0
    for way in ways:
        total += way
        # From the middle down each is smaller than the one before.
        if way < total * 1e-6:
            break
    return min(1.0, total)


def _log_choices(of: int, number: int) -> float:
    """Return the logarithm of the number of ways to choose."""
    return lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)


def enough(articles: int) -> bool:
    """Return whether so many articles tell what is usual."""
    return articles >= _ENOUGH


def stopped(
    reports: Sequence[Report], counts_of: Callable[[Report], tuple[int, dict[str, int]]]
) -> dict[str, tuple[int, int]]:
    """Return what came regularly once and comes no more.

    Args:
        reports: newest first.
        counts_of: gives the articles of a run, and how many of them have each name.

    Returns:
        Name to the articles written since it came last, and to how many of them should have
        it by what was usual.
    """
    counted = [counts_of(report) for report in reports]
    found = {}
    for name in {name for _, counts in counted for name, count in counts.items() if count}:
        last = next(at for at, (_, counts) in enumerate(counted) if counts.get(name))
        since = sum(whole for whole, _ in counted[:last])
        whole = sum(whole for whole, _ in counted[last:])
        count = sum(counts.get(name, 0) for _, counts in counted[last:])
        expected = since * count / whole if whole else 0.0
        if expected >= _EXPECTED and by_chance(0, since, count, whole) < CHANCE:
            found[name] = (since, round(expected))
    return found


def fields(report: Report) -> tuple[int, dict[str, int]]:
    """Return a run's articles, and how many of them have each field."""
    return live(report), report.get("coverage") or {}


def fresh_sections(report: Report) -> tuple[int, dict[str, int]]:
    """Return a run's articles of the last days, and how many of them are of each section.

    A backlog holds sections that the site has given up.
    """
    prefix, stats = "articles/fresh/", report.get("stats") or {}
    counts = {
        key.removeprefix(prefix): int(n) for key, n in stats.items() if key.startswith(prefix)
    }
    return sum(counts.values()), counts


def seconds(stated: str) -> float:
    """Return a moment of a report in seconds since 1970."""
    return datetime.fromisoformat(stated).timestamp()
