"""Reading pages of unknown layouts against trafilatura alone: `python -m benchmarks.bench_generic`.

For each set of invented pages (benchmarks/unknown_layouts.py): F1 of the text's words, how many
headlines and days of publication are right, and CPU time. A page that `newscrawl.extract` does
not take for an article is lost: nothing of it is right. trafilatura is called without readers'
comments, by default and in favour of precision; the better of both counts. Time is that of
`newscrawl.extract` against `bare_extraction` of the text alone, the best of several rounds that
take turns. The exit status is 1 while a set is worse than trafilatura's, or a page is lost that
trafilatura reads.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import trafilatura

import newscrawl
from benchmarks.unknown_layouts import FAMILIES, Page, pages

if TYPE_CHECKING:
    from collections.abc import Callable

FETCHED_AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
MAX_TIME = 1.2
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Reading:
    """What one reader made of one page."""

    text: str
    headline: str
    day: str


@dataclass(frozen=True)
class Score:
    """The means of one set."""

    f1: float
    headline: float
    day: float
    lost: int
    """Pages of which there is not any reading."""


_NOTHING = Reading("", "", "")


def ours(html: str, url: str) -> Reading:
    """Return what `newscrawl.extract` reads; nothing where it does not find an article."""
    article = newscrawl.extract(html, url, fetched_at=FETCHED_AT)
    if article is None:
        return _NOTHING
    return Reading(article.body, article.headline, (article.date_published or "")[:10])


def theirs(html: str, url: str, **options: Any) -> Reading:
    """Return trafilatura's reading."""
    document = trafilatura.bare_extraction(
        html, url=url, include_comments=False, with_metadata=True, **options
    )
    if document is None or isinstance(document, dict):
        return _NOTHING
    text = trafilatura.extract(html, url=url, include_comments=False, **options)
    return Reading(text or "", document.title or "", document.date or "")


def f1(text: str, right: str) -> float:
    """Return the harmonic mean of precision and recall of a text's words."""
    words, wanted = (Counter(_WORD.findall(value.casefold())) for value in (text, right))
    common = (words & wanted).total()
    return 2 * common / (words.total() + wanted.total()) if common else 0.0


def score(pages_of_set: list[Page], read: Callable[[str, str], Reading]) -> Score:
    """Return how right a reader is on a set."""
    readings = [(read(page.html, page.story.url), page.story) for page in pages_of_set]
    return Score(
        statistics.fmean(f1(reading.text, story.text) for reading, story in readings),
        statistics.fmean(reading.headline == story.headline for reading, story in readings),
        statistics.fmean(
            reading.day == story.published.date().isoformat() for reading, story in readings
        ),
        sum(reading == _NOTHING for reading, _ in readings),
    )


def cost(pages_of_set: list[Page], rounds: int) -> tuple[float, float]:
    """Return CPU milliseconds a page, of `newscrawl.extract` and of trafilatura."""
    works: list[Callable[[str, str], object]] = [
        newscrawl.extract,
        lambda html, url: trafilatura.bare_extraction(html, url=url, include_comments=False),
    ]
    best = [[float("inf")] * len(pages_of_set) for _ in works]
    for _ in range(rounds):
        for times, work in zip(best, works, strict=True):
            for position, page in enumerate(pages_of_set):
                start = time.process_time()
                work(page.html, page.story.url)
                times[position] = min(times[position], time.process_time() - start)
    own, other = (statistics.fmean(times) * 1000 for times in best)
    return own, other


def better(first: Score, second: Score) -> Score:
    """Return the better of two scores in each respect."""
    return Score(
        max(first.f1, second.f1),
        max(first.headline, second.headline),
        max(first.day, second.day),
        min(first.lost, second.lost),
    )


def is_worse(own: Score, other: Score) -> bool:
    """Return whether a score is worse in any respect."""
    return (
        own.f1 < other.f1
        or own.headline < other.headline
        or own.day < other.day
        or own.lost > other.lost
    )


def main() -> int:
    """Print the table; return 1 while a set is worse than trafilatura's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10, help="of each set (10)")
    parser.add_argument("--rounds", type=int, default=5, help="of measuring time; 0 for none (5)")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{'set':33}{'text F1':>15}{'headline':>15}{'day':>15}{'lost':>7}   ratio of time")
    worse = lost = 0
    ratios: dict[bool, list[float]] = {True: [], False: []}
    for family in FAMILIES:
        for has_metadata in (True, False):
            made = pages(family, given.pages, has_metadata=has_metadata, seed=given.seed)
            own = score(made, ours)
            other = better(
                score(made, theirs), score(made, lambda h, u: theirs(h, u, favor_precision=True))
            )
            worse += is_worse(own, other)
            lost += own.lost
            name = f"{family}, {'with' if has_metadata else 'no'} metadata"
            line = f"{name:33}{own.f1:8.3f}/{other.f1:.3f} {own.headline:8.2f}/{other.headline:.2f}"
            line += f" {own.day:9.2f}/{other.day:.2f} {own.lost:4}/{other.lost}"
            if given.rounds:
                milliseconds = cost(made, given.rounds)
                ratio = milliseconds[0] / milliseconds[1]
                ratios[has_metadata].append(ratio)
                line += f"   {milliseconds[0]:5.1f}/{milliseconds[1]:.1f} ms = {ratio:.2f}"
            print(f"{line}{'   WORSE' if is_worse(own, other) else ''}", flush=True)
    for has_metadata, of_sets in ratios.items() if given.rounds else ():
        name = "with" if has_metadata else "without"
        mean = statistics.fmean(of_sets)
        print(f"time {name} metadata: {mean:.2f} of trafilatura's (at most {MAX_TIME})")
    print(f"{lost} of {2 * len(FAMILIES) * given.pages} pages lost")
    print(f"{worse} of {2 * len(FAMILIES)} sets worse than trafilatura's")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
