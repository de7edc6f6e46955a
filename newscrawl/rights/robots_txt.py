"""What a robots.txt says to this crawler: rules, pace, sitemaps, rights (RFC 9309).

Parsing is our own: Protego 0.7.0 takes prefixes and words of a user agent string for its token.
See decision 145 in docs/decisions.md.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.rights.path_patterns import MAX_LENGTH, PathPattern, path_of
from newscrawl.rights.signals import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: what is behind is cut off, at a line's end."""
_MAX_NOTED = 10
_LINE_END = re.compile(rb"[\r\n]+")
_AGENT = re.compile(r"([A-Za-z_-]+|\*)(?:[/\s].*)?")
_ALL, _OUTSIDE = "*", ""
_RULES = frozenset({"allow", "disallow"})
_RIGHTS = frozenset({"content-usage", "content-signal", "license"})
_NOTED = frozenset({"request-rate", "visit-time"})
"""Lines that no standard knows and that are only recorded."""
_DELAY = "crawl-delay"
_READ = _RULES | _RIGHTS | _NOTED | {_DELAY}


@dataclass(frozen=True, slots=True)
class Rule:
    """One `Allow` or `Disallow` line."""

    is_allowed: bool
    pattern: PathPattern


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """What one robots.txt says to this crawler."""

    rules: tuple[Rule, ...] = ()
    """The one that decides comes first: the longest, `Allow` before `Disallow`."""
    crawl_delay: float | None = None
    """In seconds, of our group; the longest of several."""
    sitemaps: list[str] = field(default_factory=list)
    noted: tuple[str, ...] = ()
    """`Request-rate: …` and `Visit-time: …` of our group, which are not obeyed."""
    rights_lines: tuple[tuple[str, str], ...] = ()
    """`Content-Usage`, `Content-Signal`, `License`: name as written, value without comment."""
    rights_of_others: tuple[str, ...] = ()
    """Names, in lower case, of such lines in the groups of other crawlers only."""

    def allows(self, url: str) -> bool:
        """Return whether an address may be requested."""
        if not self.rules:
            return True
        path = path_of(url)
        if path.partition(b"?")[0] == b"/robots.txt":
            return True
        return next((rule.is_allowed for rule in self.rules if rule.pattern.matches(path)), True)

    def allowed(self, url: str, user_agent: str = TOKEN) -> bool:
        """Return the same; the interface of Scrapy's `RobotParser`."""
        return self.allows(url)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is read, and whom it is for."""

    name: str
    """As written."""
    value: bytes
    groups: frozenset[str]
    """Of our token, `*`, and "" for what stands before the first group; empty for others."""

    @property
    def key(self) -> str:
        return self.name.lower()

    @property
    def text(self) -> str:
        return self.value.decode("utf-8", "replace")


def parse(body: bytes, token: str = TOKEN) -> RobotsTxt:
    r"""Return what a robots.txt says to the crawler with a product token.

    All groups of the token count together, else all of `*` (2.2.1). Only rules end the list of a
    group's tokens: other lines neither end nor start a group (2.2.4).

    >>> robots = parse(b"User-agent: *\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 2.5")
    >>> robots.allows("https://example.it/a/c"), robots.allows("https://example.it/a/b")
    (False, True)
    >>> robots.crawl_delay
    2.5
    >>> parse(b"Content-Signal: ai-train=no # all").rights_lines
    (('Content-Signal', 'ai-train=no'),)
    """
    token = token.lower()
    lines: list[_Line] = []
    sitemaps: list[str] = []
    groups, is_naming, has_own = frozenset({_OUTSIDE}), False, False
    for name, value in _records(body):
        key = name.lower()
        if key == "user-agent":
            match = _AGENT.fullmatch(value.decode("ascii", "replace"))
            # Of the tokens only these two matter, however many a file names.
            named = frozenset({match[1].lower()} & {token, _ALL} if match else ())
            groups = groups | named if is_naming else named
            is_naming, has_own = True, has_own or token in named
        elif key == "sitemap":
            sitemaps.append(value.decode("utf-8", "replace"))
        elif key in _READ:
            is_naming = is_naming and key not in _RULES
            lines.append(_Line(name, value, groups))
    group = token if has_own else _ALL
    own = [line for line in lines if group in line.groups]
    delays = [seconds for line in own if line.key == _DELAY for seconds in _seconds(line.value)]
    return RobotsTxt(
        _rules(own),
        max(delays, default=None),
        sitemaps,
        tuple(f"{line.key}: {line.text}" for line in own if line.key in _NOTED)[:_MAX_NOTED],
        _rights(lines, group),
        tuple(
            line.key
            for line in lines
            if line.key in _RIGHTS and not line.groups & {group, _OUTSIDE}
        ),
    )


def _records(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield names, as written, and values of the lines; nothing of an HTML page."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    if len(body) > MAX_BYTES:
        cut = body[: MAX_BYTES + 1]
        body = cut[: max(cut.rfind(b"\n"), cut.rfind(b"\r"), 0)]
    if body.lstrip()[:1] == b"<":
        return
    for line in _LINE_END.split(body):
        name, colon, value = line.partition(b"#")[0].partition(b":")
        if colon:
            yield name.strip().decode("ascii", "replace"), value.strip()[:MAX_LENGTH]


def _rules(lines: list[_Line]) -> tuple[Rule, ...]:
    """Return the rules in lines, the one that decides first."""
    rules = [
        Rule(line.key == "allow", PathPattern.parse(line.value))
        for line in lines
        if line.key in _RULES and line.value
    ]
    return tuple(sorted(rules, key=lambda rule: (-rule.pattern.length, not rule.is_allowed)))


def _rights(lines: list[_Line], group: str) -> tuple[tuple[str, str], ...]:
    """Return the statements on rights outside of groups and in ours, in this order, each once.

    Licences of our group replace those outside (RSL, 4.4).
    """
    outside, own = (
        [line for line in lines if line.key in _RIGHTS and place in line.groups]
        for place in (_OUTSIDE, group)
    )
    if any(line.key == "license" for line in own):
        outside = [line for line in outside if line.key != "license"]
    stated: dict[tuple[str, bytes], tuple[str, str]] = {}
    for line in (*outside, *own):
        stated.setdefault((line.key, line.value), (line.name, line.text))
    return tuple(stated.values())


def _seconds(value: bytes) -> list[float]:
    try:
        number = float(value)
    except ValueError:
        return []
    return [number] if math.isfinite(number) and number > 0 else []
