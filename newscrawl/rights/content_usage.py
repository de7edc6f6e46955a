"""Reads Content-Usage, the header and the line of robots.txt (AIPREF).

Drafts, without consensus: draft-ietf-aipref-vocab-08 of 14 September 2026 (4 to 6) and
draft-ietf-aipref-attach-05 of 19 August 2026 (2, 3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newscrawl.rights import dictionaries
from newscrawl.rights.path_patterns import PathPattern, path_of
from newscrawl.rights.signals import AIPREF_HEADER, AIPREF_ROBOTS, ALLOW, DENY, PAGE, SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.rights.signals import Statements

NAME = "content-usage"
"""Of the header and of the line, in lower case."""
_USES = {"train-ai": "train", "ai-use": "ai-input", "search": "search"}
"""Labels of draft-ietf-aipref-vocab-08."""
_VALUES = {"y": ALLOW, "n": DENY}
_MAX_LINES = 1_000


def read_header(lines: Sequence[str], statements: Statements) -> None:
    """Add what a response's field lines state, which are one dictionary (RFC 9110, 5.3)."""
    if lines:
        raw = ", ".join(lines)
        preferences, ignored = _preferences(raw)
        for use, value in preferences:
            statements.add(AIPREF_HEADER, PAGE, use, value, raw)
        statements.ignored += [AIPREF_HEADER] * ignored


@dataclass(frozen=True, slots=True)
class _Rule:
    scope: str
    """The path as written; `site` for a line without one, which is for all paths."""
    pattern: PathPattern
    preferences: list[tuple[str, str]]
    raw: str


class UsageRules:
    """The lines of our group of robots.txt: of those that match a page the longest path counts."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Take the values of the lines, in their order."""
        self._rules: list[_Rule] = []
        ignored = max(0, len(lines) - _MAX_LINES)
        for line in lines[:_MAX_LINES]:
            path, usage = (*line.split(None, 1), "")[:2] if line.startswith("/") else ("", line)
            preferences, malformed = _preferences(usage)
            pattern = PathPattern.parse(path or "/")
            self._rules.append(_Rule(path or SITE, pattern, preferences, line))
            ignored += malformed
        self.ignored = [AIPREF_ROBOTS] * ignored
        """The source of each statement that is unknown or malformed."""

    @property
    def is_stated(self) -> bool:
        """Whether there is any."""
        return bool(self._rules)

    def read(self, url: str, statements: Statements) -> None:
        """Add what the rules with the longest matching path state about a page."""
        path = path_of(url)
        matching = [rule for rule in self._rules if rule.pattern.matches(path)]
        longest = max((rule.pattern.length for rule in matching), default=0)
        for rule in matching:
            if rule.pattern.length == longest:
                for use, value in rule.preferences:
                    statements.add(AIPREF_ROBOTS, rule.scope, use, value, rule.raw)


def _preferences(text: str) -> tuple[list[tuple[str, str]], int]:
    """Return uses and values of a dictionary, and how many of its members are unknown."""
    try:
        members = dictionaries.parse(text)
    except ValueError:
        return [], 1
    stated = [
        (_USES[label], _VALUES[value])
        for label, value in members.items()
        if label in _USES and isinstance(value, dictionaries.Token) and value in _VALUES
    ]
    return stated, len(members) - len(stated)
