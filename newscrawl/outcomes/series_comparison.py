"""Compares a site's list of articles with what the ledger knows of a series.

Pure: the list and the ledger's rows go in, whatever channel the list is from. See decision 133 in
docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.outcomes.explanations import explain, group_of
from newscrawl.outcomes.outcome import ALIAS, OTHER, OUTSIDE, RIGHTS, ROBOTS, SECTION, WITHHELD
from newscrawl.outcomes.site_coverage import (
    EXCLUDED,
    FAILED,
    GONE,
    NOT_FETCHED,
    OUTSIDE_SPAN,
    PROTECTED,
    REJECTED,
    UNKNOWN,
    Figures,
    SiteCoverage,
    SitePost,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ANOTHER_HOST = "another host"
"""Rule that excludes a post whose address is on another host."""
_NOT_ARTICLE, _REJECTED = "not_article: ", "rejected: "
_ASKS_PASSWORD = f"{_NOT_ARTICLE}password_protected"
_MISSING = frozenset({404, 410})
_HASH_LENGTH = 16
"""Characters of an id that is a hash of an address."""
_IS_WRITTEN = Verdict()


@dataclass(frozen=True, slots=True)
class WrittenArticle:
    """An article with a line in the series."""

    id: str
    url: str
    published: int | None = None
    """Seconds since 1970."""
    is_gone: bool = False
    """Whether the line that says so was due: its page was missing twice."""
    is_missing: bool = False
    """Whether its page was missing at the last look."""

    @property
    def is_removed(self) -> bool:
        """Whether it is gone, or may be: then the site's list decides."""
        return self.is_gone or self.is_missing


@dataclass(frozen=True, slots=True)
class SeriesUrl:
    """What the series knows of the address of an article."""

    url: str
    is_waiting: bool
    """Whether it is pending or leased."""
    is_done: bool = False
    result: str = ""
    """The reason of its last outcome; empty for an article that was read and written."""
    status: int | None = None
    """HTTP status of the last answer."""
    is_listed: bool = False
    """Whether an archive has listed it."""
    is_linked: bool = True
    """Whether a channel has led to it, not only `-a urls=`."""

    @property
    def is_missing(self) -> bool:
        """Whether its page does not exist, by its last answer."""
        return not self.is_done and self.status in _MISSING


@dataclass(slots=True)
class SeriesRecord:
    """What the ledger knows of a series."""

    site_key: str
    articles: dict[str, WrittenArticle] = field(default_factory=dict)
    """Written ones by id."""
    by_url: dict[str, str] = field(default_factory=dict)
    """Each address of a written article, former ones included, to its id."""
    urls: dict[str, SeriesUrl] = field(default_factory=dict)

    def article_of(self, post: SitePost) -> WrittenArticle | None:
        """Return the written article that a post is: by its id, else by its address."""
        if post.id is not None:
            own = self.articles.get(f"{self.site_key}:{post.id}")
            if own is not None:
                return own
        row = self.urls.get(post.url)
        alias = row.result.removeprefix(ALIAS) if row and row.result.startswith(ALIAS) else ""
        for name in (self.by_url.get(post.url), alias):
            # The number of another post means that it had the address before.
            if name in self.articles and not (post.id is not None and _is_number(name)):
                return self.articles[name]
        return None

    def row_of(self, post: SitePost, origin: str) -> SeriesUrl | None:
        """Return what is known of a post's address."""
        row = self.urls.get(post.url)
        return row if row or post.id is None else self.urls.get(f"{origin}/?p={post.id}")


def _is_number(article_id: str) -> bool:
    number = article_id.rpartition(":")[2]
    return number.isdecimal() and len(number) < _HASH_LENGTH


def judge(post: SitePost, record: SeriesRecord, origin: str) -> Verdict:
    """Return what became of an article of the site."""
    if post.is_protected:
        return Verdict(PROTECTED, explanation="it needs a password")
    article = record.article_of(post)
    if article is not None:
        gone = Verdict(GONE, explanation="its page no longer exists")
        return gone if article.is_gone else _IS_WRITTEN
    if post.is_foreign:
        return Verdict(EXCLUDED, ANOTHER_HOST, "excluded: its address is on another host")
    row = record.row_of(post, origin)
    if row is None:
        return Verdict(UNKNOWN, explanation="the ledger does not know this address")
    return judge_address(row, post)


_ANY_POST = SitePost(None, "")


def judge_address(row: SeriesUrl, post: SitePost = _ANY_POST) -> Verdict:
    """Return what became of an article that is not written, by the ledger's row of its address."""
    if row.is_missing:
        return Verdict(GONE, explanation=explain(f"HTTP {row.status}", "missing"))
    return _by_result(post, row)


def _by_result(post: SitePost, row: SeriesUrl) -> Verdict:
    """Return what became of an article that is not written, by the last look at its address."""
    result = row.result
    if not result and row.is_waiting:
        return Verdict(NOT_FETCHED, explanation="not requested yet")
    if row.is_done:
        return Verdict(NOT_FETCHED, explanation="read when another article had this address")
    explanation = explain(result, "failed")
    if result.startswith(OUTSIDE):
        return Verdict(OUTSIDE_SPAN, explanation=explanation)
    if result in {ROBOTS, SECTION, RIGHTS} or result.startswith(WITHHELD):
        return Verdict(EXCLUDED, result, explanation)
    if result.startswith(_REJECTED):
        return Verdict(REJECTED, explanation=explanation)
    if result == _ASKS_PASSWORD:
        if post.is_protected is None:
            return Verdict(PROTECTED, explanation="its page asks for a password")
        return Verdict(NOT_FETCHED, explanation="it asked for a password when it was read")
    if result.startswith((_NOT_ARTICLE, OTHER)):
        return Verdict(EXCLUDED, group_of(result), explanation)
    return Verdict(FAILED, explanation=explanation)


@dataclass(frozen=True, slots=True)
class SeriesComparison:
    """What the ledger knows of a series, and what of it counts."""

    record: SeriesRecord
    origin: str
    """That of the site."""
    locate: Callable[[str, int | None], SitePost | None]
    """Returns an article that the list does not have, from its canonical address and the time of
    its publication in seconds since 1970; None if it does not count."""
    period_of: Callable[[str | None], str]
    """Returns the name of the period of an ISO date."""

    def with_list(self, posts: Iterable[SitePost], *, states_protection: bool) -> SiteCoverage:
        """Return the figures by a list of articles; one that is in it twice counts once.

        `states_protection` is whether the list has protected articles and says so.
        """
        coverage, record = SiteCoverage(), self.record
        seen_urls: set[str] = set()
        seen_ids: set[object] = set()
        for post in posts:
            if post.url in seen_urls or (post.id is not None and post.id in seen_ids):
                continue
            seen_urls.add(post.url)
            article = record.article_of(post)
            seen_ids |= {post.id, article.id if article else None}
            self._add(coverage, post, judge(post, record, self.origin))
        for article in record.articles.values():
            found = None
            if article.id not in seen_ids:
                found = self.locate(article.url, article.published)
            if found is not None and article.is_removed:
                seen_urls.add(article.url)
                self._add(coverage, found, Verdict(GONE))
            elif found is not None:
                coverage.unlisted += 1
        self._add_unlisted(coverage, seen_urls, {GONE} if states_protection else {GONE, PROTECTED})
        return coverage

    def _add(self, coverage: SiteCoverage, post: SitePost, verdict: Verdict) -> None:
        coverage.add(post, verdict, self.period_of(post.day))

    def _add_unlisted(self, coverage: SiteCoverage, seen: set[str], reasons: set[str]) -> None:
        """Count addresses without an article that the list does not have, for some reasons."""
        for row in self.record.urls.values():
            if not row.result or not row.is_linked:
                continue
            if row.url in seen or row.url in self.record.by_url:
                continue
            post = self.locate(row.url, None)
            verdict = None if post is None else judge(post, self.record, self.origin)
            if post is not None and verdict is not None and verdict.reason in reasons:
                self._add(coverage, post, verdict)

    def with_totals(
        self, totals: Mapping[str, int | None], only: str | None = None
    ) -> SiteCoverage:
        """Return the figures where the site states numbers of posts alone.

        Such a number includes protected posts: those are subtracted whose pages have asked for a
        password. In which sections written articles are is not known.

        Args:
            totals: section to the number of its posts, that of all under an empty name.
            only: the only section of the series, of which everything written is.
        """
        coverage, record = SiteCoverage(), self.record
        asking = (row.url for row in record.urls.values() if row.result == _ASKS_PASSWORD)
        protected = [post for url in asking if (post := self.locate(url, None)) is not None]
        urls = {post.url for post in protected}
        counted = [
            article
            for article in record.articles.values()
            if article.url not in urls and self.locate(article.url, article.published) is not None
        ]
        gone = sum(article.is_removed for article in counted)
        for name, total in totals.items():
            figures = coverage.figures(name, self.period_of(None)) if name else coverage.total
            own = [post for post in protected if not name or name in post.sections]
            is_stated = not name or all(post.sections for post in protected)
            _state(figures, total if is_stated else None, len(own))
            figures.is_written_known = name in {"", only}
            if figures.is_written_known:
                figures.written, figures.reasons[GONE] = len(counted) - gone, gone
                figures.reasons[UNKNOWN] = figures.missing or 0
        return coverage


def _state(figures: Figures, total: int | None, protected: int) -> None:
    """Set how many articles the site states, without the protected ones."""
    figures.is_known = total is not None
    figures.stated = None if total is None else max(0, total - protected)
    figures.reasons[PROTECTED] = protected
