"""How much of what its runs have seen a series has written, from counts of its ledger.

See decision 136 in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newscrawl.formatting import in_brackets
from newscrawl.outcomes.outcome import ROBOTS, SECTION
from newscrawl.outcomes.series_comparison import SeriesUrl, judge_address
from newscrawl.outcomes.site_coverage import (
    GONE,
    NOT_PUBLISHED,
    OUTSIDE_SPAN,
    PROTECTED,
    REASONS,
    UNKNOWN,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REST, SEEN = "rest", "seen"
"""Where the number of published articles is from: REST's total, or what the runs have seen."""
_NOT_COUNTED = NOT_PUBLISHED | {OUTSIDE_SPAN}
_OTHER_PAGE = ("not_article: ", "other_article: ")
_ASKS_PASSWORD = "not_article: password_protected"  # noqa: S105 - a reason


@dataclass(frozen=True, slots=True)
class UnwrittenGroup:
    """Addresses that no written article has, and of which the ledger says the same."""

    result: str
    """The reason of their last outcome; what follows a reason such as `dates:` is left out."""
    status: int | None
    """404 or 410 if their pages do not exist."""
    is_waiting: bool
    """Whether they are pending or leased."""
    is_listed: bool
    """Whether a list of the site has led to them, not only a link on a page."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class SeriesCounts:
    """What the ledger counts of a series."""

    written: int = 0
    """Articles with a line in its dumps that are not gone."""
    gone: int = 0
    """Articles with a line that are gone."""
    unwritten: Sequence[UnwrittenGroup] = ()

    @property
    def all_forbidden(self) -> int:
        """How many articles robots.txt forbids, if that is so for all that were found; else 0.

        >>> forbidden = UnwrittenGroup(ROBOTS, None, False, True, 30)
        >>> SeriesCounts(unwritten=[forbidden]).all_forbidden
        30
        >>> SeriesCounts(1, unwritten=[forbidden]).all_forbidden
        0
        """
        articles = [
            group
            for group in self.unwritten
            if group.result != SECTION and not group.result.startswith(_OTHER_PAGE)
        ]
        if self.written or self.gone or any(group.result != ROBOTS for group in articles):
            return 0
        return sum(group.count for group in articles)


@dataclass(frozen=True, slots=True)
class SeriesFigures:
    """How many articles are published and written."""

    written: int
    published: int
    source: str
    """REST or SEEN."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Why others are not written; those that are protected, gone or outside the days of the runs
    are not missing."""

    @property
    def missing(self) -> int:
        """How many published articles are not written."""
        return max(0, self.published - self.written)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as the run report has them."""
        return {
            "source": self.source,
            "published": self.published,
            "written": self.written,
            "missing": self.missing,
            "reasons": {reason: self.reasons.get(reason, 0) for reason in REASONS},
        }


def figures_of(counts: SeriesCounts, total: int | None = None) -> SeriesFigures:
    """Return the figures of a series.

    Args:
        counts: what the ledger counts.
        total: how many posts REST says that there are, protected ones included; None if no
            request of the run has asked.

    >>> group = UnwrittenGroup("not_article: password_protected", 200, False, True, 30)
    >>> figures = figures_of(SeriesCounts(3_071, unwritten=[group]), 3_101)
    >>> figures.published, figures.missing, figures.source
    (3071, 0, 'rest')
    """
    reasons: Counter[str] = Counter()
    if counts.gone:
        reasons[GONE] = counts.gone
    for group in counts.unwritten:
        if _is_article(group):
            row = SeriesUrl("", group.is_waiting, result=group.result, status=group.status)
            reasons[judge_address(row).reason] += group.count
    missing = sum(count for reason, count in reasons.items() if reason not in _NOT_COUNTED)
    seen, source = counts.written + missing, SEEN
    if total is not None and total - reasons[PROTECTED] >= seen:
        # A smaller total is of an earlier moment, or leaves out what the site shows elsewhere.
        source, stated = REST, total - reasons[PROTECTED]
        reasons[UNKNOWN] += stated - seen
        seen = stated
    return SeriesFigures(counts.written, seen, source, dict(+reasons))


def _is_article(group: UnwrittenGroup) -> bool:
    """Return whether addresses are taken for articles of the series."""
    if group.result == SECTION:
        return False
    is_other_page = group.result.startswith(_OTHER_PAGE) and group.result != _ASKS_PASSWORD
    return group.is_listed or not is_other_page


def phrases(data: Mapping[str, Any]) -> list[str]:
    """Return the lines of the summary for the result of `as_json`.

    >>> data = SeriesFigures(3_071, 3_071, REST, {PROTECTED: 30}).as_json()
    >>> phrases(data)
    ['3,071 of 3,071 written (30 more are password-protected)']
    >>> phrases(SeriesFigures(9, 10, SEEN, {"failed": 1}).as_json())
    ['9 of 10 seen are written', 'not written: 1 (failed 1)']
    """
    verb = "written" if data["source"] == REST else "seen are written"
    protected = data["reasons"][PROTECTED]
    are = "is" if protected == 1 else "are"
    more = f" ({protected:,} more {are} password-protected)" if protected else ""
    lines = [f"{data['written']:,} of {data['published']:,} {verb}{more}"]
    reasons = {
        reason: count for reason, count in data["reasons"].items() if count and reason != PROTECTED
    }
    if reasons:
        lines.append(f"not written: {sum(reasons.values()):,}{in_brackets(reasons)}")
    return lines
