"""How much of what a site has published a series has written: figures and reasons.

See decision 133 in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PROTECTED, REJECTED, FAILED, EXCLUDED = "protected", "rejected", "failed", "excluded"
GONE, OUTSIDE_SPAN, NOT_FETCHED = "gone", "outside the span", "not yet fetched"
UNKNOWN = "unknown"
REASONS = (
    PROTECTED, REJECTED, FAILED, EXCLUDED, GONE, OUTSIDE_SPAN, NOT_FETCHED, UNKNOWN,
)  # fmt: skip
"""Why an article is not written; `unknown`: the ledger does not know its address."""
NOT_PUBLISHED = frozenset({PROTECTED, GONE})
"""Reasons of what the site does not show to everybody."""


@dataclass(frozen=True, slots=True)
class SitePost:
    """An article that the site has."""

    id: int | None
    """WordPress post id; None if the list does not state it."""
    url: str
    """Canonical."""
    sections: tuple[str, ...] = ()
    """Slugs of its sections, those above them included."""
    day: str | None = None
    """ISO date of its publication in the site's time zone; None if it is not known."""
    is_protected: bool | None = None
    """Whether it needs a password; None if the list does not state it."""
    is_foreign: bool = False
    """Whether its address is on another host."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an article of the site."""

    reason: str = ""
    """One of REASONS; empty for a written one."""
    rule: str = ""
    """The rule that excludes it."""
    explanation: str = ""
    """The reason in plain words."""


@dataclass(slots=True)
class Figures:
    """The figures of a section and a period, or of all."""

    written: int = 0
    """Articles of the site that are written."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why others are not; `protected` and `gone` count written ones too."""
    rules: Counter[str] = field(default_factory=Counter)
    """Rule to the number of articles that it excludes."""
    addresses: list[str] = field(default_factory=list)
    """Those of what is missing."""
    is_known: bool = True
    """Whether the list states all articles of the section and the period."""
    stated: int | None = None
    """How many articles the site states, where it does not list them."""
    is_written_known: bool = True

    def add(self, post: SitePost, verdict: Verdict) -> None:
        """Count an article."""
        if not verdict.reason:
            self.written += 1
            return
        self.reasons[verdict.reason] += 1
        if verdict.rule:
            self.rules[verdict.rule] += 1
        if verdict.reason not in NOT_PUBLISHED:
            self.addresses.append(post.url)

    @property
    def published(self) -> int | None:
        """How many articles the site shows to everybody; None if that is not known."""
        if self.stated is not None:
            return self.stated
        return self.written + len(self.addresses) if self.is_known else None

    @property
    def missing(self) -> int | None:
        """How many of them are not written; None if that is not known."""
        if self.published is None or not self.is_written_known:
            return None
        return max(0, self.published - self.written)

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON values; what is not known is null."""
        return {
            "published": self.published,
            "written": self.written if self.is_written_known else None,
            "missing": self.missing,
            "reasons": {reason: self.reasons[reason] for reason in REASONS},
            "excluded_by": dict(sorted(self.rules.items())),
            "addresses": sorted(self.addresses),
        }


@dataclass(slots=True)
class SiteCoverage:
    """The figures of a series."""

    total: Figures = field(default_factory=Figures)
    """Each article once, whatever its sections."""
    sections: dict[str, dict[str, Figures]] = field(default_factory=dict)
    """Section to period to figures."""
    explanations: dict[str, str] = field(default_factory=dict)
    """Address of what is missing to the reason in plain words."""
    unlisted: int = 0
    """Written articles, not known to be gone, that the site does not list."""

    def add(self, post: SitePost, verdict: Verdict, period: str) -> None:
        """Count an article in the total and in each of its sections."""
        self.total.add(post, verdict)
        for section in post.sections or (UNKNOWN,):
            self.figures(section, period).add(post, verdict)
        if verdict.reason and verdict.reason not in NOT_PUBLISHED:
            self.explanations[post.url] = verdict.explanation

    def figures(self, section: str, period: str) -> Figures:
        """Return the figures of a section and a period."""
        return self.sections.setdefault(section, {}).setdefault(period, Figures())

    def hide_published(self) -> None:
        """Make unknown how many articles the site has."""
        for figures in (self.total, *self._each()):
            figures.is_known = False

    def _each(self) -> Iterator[Figures]:
        return (figures for periods in self.sections.values() for figures in periods.values())


def headline(series: str, figures: Figures) -> str:
    """Return the one figure: how many of the published articles are written.

    >>> figures = Figures(written=3_071, reasons=Counter({PROTECTED: 30}))
    >>> headline("example", figures)
    'example: 3,071 of 3,071 written (30 more are password-protected)'
    """
    protected = figures.reasons[PROTECTED]
    are = "is" if protected == 1 else "are"
    more = f" ({protected:,} more {are} password-protected)" if protected else ""
    if not figures.is_written_known:
        return f"{series}: {_known(figures.published)} published, written: unknown{more}"
    if figures.published is None:
        return f"{series}: {figures.written:,} written, published: unknown{more}"
    return f"{series}: {figures.written:,} of {figures.published:,} written{more}"


def _known(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"


def sections_in_order(
    sections: Mapping[str, dict[str, Figures]], order: Iterable[str]
) -> dict[str, dict[str, Figures]]:
    """Return sections in an order, then the others by name; periods from the first to the last."""
    known = [slug for slug in order if slug in sections]
    names = [*known, *sorted(sections.keys() - {*known})]
    return {name: dict(sorted(sections[name].items())) for name in names}
