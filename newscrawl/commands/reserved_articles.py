"""What the articles of dumps state on rights: figures, and the articles that are reserved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.dumps.decoding import StructDecoder
from newscrawl.dumps.reading import decoded
from newscrawl.items import Signal
from newscrawl.rights import robots_directives
from newscrawl.rights.signals import ALLOW, DENY, PAGE, Statements, is_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from newscrawl.dumps import DumpError
    from newscrawl.items import Article, Rights

_OLDER = frozenset({"1.0", "1.1", "1.2"})
_BEFORE = "before-schema/1.3"
"""Source of what is derived from the outcomes in older lines, which do not say where it stood."""


@dataclass(frozen=True, slots=True)
class RightsOfArticle:
    """The statements of an article's newest line."""

    id: str
    url: str
    signals: tuple[Signal, ...]

    @property
    def denials(self) -> list[Signal]:
        """The statements that deny a use to all crawlers or to us."""
        return [signal for signal in self.signals if signal.value == DENY and is_ours(signal)]


class RightsOfDumps:
    """Reads dumps, whose lines are in the order in which they were written."""

    def __init__(self) -> None:
        self.lines = self.unreadable = self.older = 0
        self.articles: dict[str, RightsOfArticle] = {}
        self._signals: dict[tuple[str, ...], Signal] = {}

    def read(
        self,
        paths: Iterable[Path],
        on_read: Callable[[Path, int], object],
        on_bad: Callable[[DumpError], object],
    ) -> None:
        """Read dumps.

        Args:
            paths: files, as `newscrawl.dumps.expand` returns them.
            on_read: called after each line with the file and how many of its bytes were read.
            on_bad: called with the error of each line that cannot be read.
        """

        def count(error: DumpError) -> None:
            self.unreadable += 1
            on_bad(error)

        decode = StructDecoder("id", "url", "rights")
        for path in paths:
            for _, article, position in decoded(path, count, decode):
                self.lines += 1
                self._add(article)
                on_read(path, position)

    def _add(self, article: Article) -> None:
        stated: Iterable[Signal] = article.rights.signals
        if article.schema_version in _OLDER:
            self.older += 1
            stated = _of_outcomes(article.rights)
        # Equal statements of a site's articles are stored once.
        signals = tuple(self._shared(signal) for signal in stated)
        self.articles[article.id] = RightsOfArticle(article.id, article.url, signals)

    def _shared(self, signal: Signal) -> Signal:
        key = (signal.source, signal.scope, signal.use, signal.value)
        return self._signals.setdefault(key, Signal(*key, signal.raw))

    @property
    def stating(self) -> int:
        """How many articles state something."""
        return sum(bool(article.signals) for article in self.articles.values())

    @property
    def reserved(self) -> dict[str, RightsOfArticle]:
        """The articles to which a use is denied, by id."""
        return {key: article for key, article in self.articles.items() if article.denials}

    def groups(self, by: str) -> dict[str, dict[tuple[str, str], int]]:
        """Return how many articles have each statement, by source or by use.

        Returns:
            The source (or use) to the use (or source) and the value to the number of articles;
            a value other than `allow` and `deny` is "stated".
        """
        counts: Counter[tuple[str, str, str]] = Counter()
        for article in self.articles.values():
            counts.update({_row(signal, by) for signal in article.signals})
        groups: dict[str, dict[tuple[str, str], int]] = {}
        for (group, other, value), count in sorted(counts.items()):
            groups.setdefault(group, {})[other, value] = count
        return groups

    def as_json(self, by: str) -> dict[str, Any]:
        """Return all figures and the reserved articles in JSON's types."""
        other = "use" if by == "source" else "source"
        return {
            "articles": len(self.articles),
            "with_statements": self.stating,
            "reserved": len(self.reserved),
            "older_lines": self.older,
            "unreadable_lines": self.unreadable,
            "by": by,
            "statements": {
                group: [
                    {other: name, "value": value, "articles": count}
                    for (name, value), count in rows.items()
                ]
                for group, rows in self.groups(by).items()
            },
            "reserved_articles": [
                {
                    "id": article.id,
                    "url": article.url,
                    "by": [
                        {"source": s.source, "scope": s.scope, "use": s.use, "raw": s.raw}
                        for s in article.denials
                    ],
                }
                for article in self.reserved.values()
            ],
        }


def _row(signal: Signal, by: str) -> tuple[str, str, str]:
    value = signal.value if signal.value in {ALLOW, DENY} else "stated"
    if not is_ours(signal):
        value = f"{value}, {signal.scope.removeprefix('page ')}"
    if by == "source":
        return signal.source, signal.use, value
    return signal.use, signal.source, value


def _of_outcomes(rights: Rights) -> list[Signal]:
    """Return signals for the outcomes of an older line, which has no others."""
    statements = Statements()
    if rights.tdm_reserved is not None:
        value = DENY if rights.tdm_reserved else ALLOW
        statements.add(_BEFORE, PAGE, "tdm", value, str(int(rights.tdm_reserved)))
    if rights.robots:
        robots_directives.read_meta("robots", [rights.robots], statements)
    return [Signal(_BEFORE, s.scope, s.use, s.value, s.raw) for s in statements.signals]
