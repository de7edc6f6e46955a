"""What became of each channel, and of each section's archive, over runs.

See decision 137 in docs/decisions.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.discovery import ARCHIVE, FEED, MENU, SITEMAP
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.outcomes.outcome import Kind
from newscrawl.outcomes.source_readings import MAX_SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newscrawl.run.monitors.run_history import Report

    Row = Mapping[str, Any]
    Change = tuple[str, str, str, tuple[int, int], tuple[int, int]]

_ALWAYS_LIST = frozenset({ARCHIVE, FEED, SITEMAP})
"""Channels whose lists are never empty while the site has articles."""
_JUDGED = frozenset(
    {
        finish_reasons.FINISHED, finish_reasons.NOTHING_NEW, finish_reasons.PARTIAL,
        finish_reasons.MONITORS_FAILED, finish_reasons.DRIFT, finish_reasons.SECTION_MISSING,
        finish_reasons.ROBOTS_FORBIDDEN,
    }
)  # fmt: skip
"""How runs end that the site has answered; in others, what is missing says nothing."""
_PASSING = re.compile(r"HTTP (?:5\d\d|408|425|429)|blocked |\w+(?:Error|Failure|Lost)\b")
"""Reasons that may pass by themselves."""
_MIN_GIVING, _USUAL, _RUNS_BEFORE = 2, 0.8, 10
"""Runs in which something was given, of so many before it stopped, at least and in share."""
_MIN_PASSING = 3
"""Runs in a row until what may pass by itself is named."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel, or a section, was in one run."""

    problem: str | None = None
    """Why it gave nothing; None if it gave something."""


GIVES = Answer()


def changes(reports: Sequence[Report]) -> Iterator[Change]:
    """Yield channels and sections that gave something in earlier runs and no longer do.

    Args:
        reports: newest first, of one series.

    Returns:
        For each its kind, its name, a message in one line, and the number of runs in which it
        gave something with that of all in which it was requested, before and since.
    """
    judged = [report for report in reports if report["reason"] in _JUDGED]
    asked = reports[0]["arguments"].get("discover")
    lost = set()
    by_run = [_channels(report) for report in judged]
    for name in _keys(by_run):
        if asked and name != MENU and name not in str(asked).split(","):
            continue
        if change := _change([answers.get(name) for answers in by_run]):
            lost.add(name)
            yield _as_change("channel", name, change)
    names = {name for report in judged for name in _with_archive(report)}
    sections = [_sections(report, names, lost) for report in judged]
    for name in _keys(sections):
        if change := _change([answers.get(name) for answers in sections]):
            yield _as_change("section", name, change)


def _keys(by_run: Sequence[Mapping[str, Answer]]) -> list[str]:
    return sorted({name for answers in by_run for name in answers})


def _as_change(kind: str, name: str, change: tuple[str, int, int, int]) -> Change:
    problem, runs, giving, before = change
    message = f"{kind} {name}: {problem}; it was there in {giving:,} of {before:,} runs before"
    return kind, name, message, (giving, before), (0, runs)


def _change(answers: Sequence[Answer | None]) -> tuple[str, int, int, int] | None:
    """Return why something gives nothing since it usually did; None if that is not so.

    Args:
        answers: newest first; None for runs that say nothing about it.

    Returns:
        The problem, the number of runs with it, of runs before that gave something, and of
        all runs before.
    """
    known = [answer for answer in answers if answer is not None]
    runs = next((n for n, answer in enumerate(known) if answer.problem is None), len(known))
    before = known[runs:]
    giving = sum(answer.problem is None for answer in before)
    last = before[:_RUNS_BEFORE]
    is_usual = sum(answer.problem is None for answer in last) >= _USUAL * len(last)
    if not runs or giving < _MIN_GIVING or not is_usual:
        return None
    problem = known[0].problem or ""
    if _PASSING.search(problem) and runs < _MIN_PASSING:
        return None
    return problem, runs, giving, len(before)


# --- One run ------------------------------------------------------------------------------------


def _channels(report: Report) -> dict[str, Answer]:
    """Return what each channel gave; left out are those of which the run says nothing."""
    rows: dict[str, list[Row]] = {}
    for row in report.get("sources") or ():
        rows.setdefault(row["channel"], []).append(row)
    answers = {name: _answer(name, of_channel) for name, of_channel in rows.items()}
    unnamed, asked = _not_in_menu(report), _with_archive(report)
    if len(unnamed) > 1 and unnamed >= asked and answers.get(MENU) == GIVES:
        answers[MENU] = Answer(f"it names none of the {len(unnamed):,} sections")
    return {name: answer for name, answer in answers.items() if answer is not None}


def _answer(channel: str, rows: Iterable[Row]) -> Answer | None:
    """Return what the sources of a channel gave; None if that is not known."""
    # A rule leaves these out: they say nothing of the others.
    rows = [row for row in rows if row["outcome"] != Kind.EXCLUDED]
    if not rows:
        return None
    is_read = [row["outcome"] == Kind.READ for row in rows]
    if any(row["articles"] for row in rows) or (channel == MENU and any(is_read)):
        return GIVES
    if any(row.get("unchanged") for row in rows):
        return None
    if not all(is_read):
        return Answer(next(str(row["reason"]) for row in rows if row["outcome"] != Kind.READ))
    return Answer("it lists nothing") if channel in _ALWAYS_LIST else None


def _not_in_menu(report: Report) -> set[str]:
    return {*counters.group(report.get("stats") or {}, counters.SECTION_NOT_IN_MENU_BY)}


def _with_archive(report: Report) -> set[str]:
    rows = report.get("sources") or ()
    return {row["section"] for row in rows if row.get("section")}


def _sections(report: Report, names: set[str], lost: set[str]) -> dict[str, Answer]:
    """Return what the menu and the archive of each section gave, but for lost channels.

    `names` are the sections whose archives some run has requested.
    """
    unnamed = _not_in_menu(report)
    rows: dict[str, list[Row]] = {}
    for row in report.get("sources") or ():
        if row.get("section"):
            rows.setdefault(row["section"], []).append(row)
    is_whole = bool(rows) and len(report["sources"]) < MAX_SOURCES
    gone = names - rows.keys() if is_whole else set()
    answers = {name: Answer("the site no longer names it") for name in gone}
    for name in {*rows, *unnamed} - gone:
        of_archive = _answer(ARCHIVE, rows[name]) if name in rows else None
        problems = ["the menu no longer names it"] if name in unnamed and MENU not in lost else []
        if of_archive is not None and of_archive.problem and ARCHIVE not in lost:
            problems.append(f"its archive: {of_archive.problem}")
        answers[name] = Answer(", ".join(problems)) if problems else GIVES
    return answers
