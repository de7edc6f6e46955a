"""The walk over the months of a span, and which months without articles are believed.

See decision 115 in docs/decisions.md.
"""

from __future__ import annotations

import calendar
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_EMPTY = 6
"""Months in a row without an article after which the site's first one was reached."""
MIN_EMPTY = 3
"""Months in a row without an article of which the first alone is looked at twice."""
MAX_UNREAD = 3
"""Months in a row that were not read, after which a later run reads on."""
_FIRST = date(1995, 1, 1)

EMPTY, HOME, UNREAD = "empty", "home", "unread"
"""First answers that are doubtful: no such page, the home page, anything else."""


@dataclass(frozen=True, slots=True)
class MonthPage:
    """One page of a month's archive to be read. Plain data that can be stored as JSON."""

    month: date
    """Its first day."""
    since: date | None = None
    until: date | None = None
    """The span of days of the run that began the walk."""
    page: int = 1
    empty: tuple[date, ...] = ()
    """Months without an article between this one and the last that had some."""
    unread: int = 0
    """Months in a row before this one that were not read."""
    doubt: str = ""
    """What it answered at the first look of this run; empty at the first look."""
    walks: bool = True
    """Whether the months before it follow."""
    is_announced: bool = True
    """Whether the page before said that it exists, as lists without a pager do not."""
    list_before: int = 0
    """Key of the list of the page before; 0 if it has none."""

    def as_json(self) -> dict[str, Any]:
        """Return the page as a dict that JSON can encode."""
        return {
            **asdict(self),
            "month": self.month.isoformat(),
            "since": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "empty": [month.isoformat() for month in self.empty],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], since: date | None, until: date | None) -> MonthPage:
        """Return the page from the result of `as_json`, or from that of an earlier version.

        `since` and `until` are the span of the run, for the earlier version.
        """
        month, page = date.fromisoformat(data["month"]), int(data["page"])
        if "walks" not in data:
            return cls(month, since, until, page)
        return cls(
            month,
            _day(data["since"]),
            _day(data["until"]),
            page,
            tuple(date.fromisoformat(empty) for empty in data["empty"]),
            data["unread"],
            data["doubt"],
            data["walks"],
            data.get("is_announced", True),
            data.get("list_before", 0),
        )

    def span(self) -> tuple[date, date]:
        """Return the first and the last of the month's days that are wanted."""
        last = self.month.replace(day=calendar.monthrange(self.month.year, self.month.month)[1])
        return max(self.month, self.since or self.month), min(last, self.until or last)

    def next_page(self, list_key: int = 0, *, is_announced: bool = True) -> MonthPage:
        """Return the page after this one.

        Args:
            list_key: key of this page's list.
            is_announced: whether this page says that it exists.
        """
        return replace(
            self,
            page=self.page + 1,
            empty=(),
            unread=0,
            is_announced=is_announced,
            list_before=list_key,
        )

    def second_look(self, doubt: str) -> MonthPage:
        """Return the same page, to be requested again because of its first answer.

        The walk continues from the last of several that were not read.
        """
        walks = self.walks and self.unread + 1 >= MAX_UNREAD
        return replace(self, empty=(), unread=0, doubt=doubt, walks=walks)


def before(page: MonthPage) -> MonthPage | None:
    """Return the month before a page's; None at the end of the walk."""
    is_over = len(page.empty) >= MAX_EMPTY or page.unread >= MAX_UNREAD
    is_within = page.since is None or page.since < page.month
    if is_over or not is_within or not page.walks or page.month <= _FIRST:
        return None
    month = (page.month - timedelta(days=1)).replace(day=1)
    return replace(page, month=month, page=1, doubt="", is_announced=True, list_before=0)


def doubtful(page: MonthPage, *, is_end: bool) -> Iterator[MonthPage]:
    """Yield the months without an article that are requested once more.

    Between months with articles those are all of them. At the end of the walk the site may not
    have existed yet: then it is the first one alone, unless there are too few to believe.

    Args:
        page: the page of a month with articles, or the last one of the walk.
        is_end: whether the walk ends with months without articles.
    """
    look = replace(
        page,
        page=1,
        unread=0,
        empty=(),
        doubt=EMPTY,
        walks=False,
        is_announced=True,
        list_before=0,
    )
    if is_end and len(page.empty) >= MIN_EMPTY:
        yield replace(look, month=page.empty[0], empty=page.empty[1:])
        return
    for month in page.empty:
        # The first of them had articles after all: the walk continues from the last.
        is_last = bool(page.doubt) and month == page.empty[-1]
        yield replace(look, month=month, walks=is_last)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
