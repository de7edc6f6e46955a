"""What a robots.txt allows to this crawler (RFC 9309).

Matching is our own: Protego 0.7.0 takes prefixes and words of a user agent string for its token.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

TOKEN = "newscrawl"  # noqa: S105 - a product token, RFC 9309, 2.2.1
MAX_BYTES = 500 * 1024
"""RFC 9309, 2.5: what is behind is cut off, at a line's end."""
_MAX_VALUE, _MAX_NOTED = 2_000, 10
_LINE_END = re.compile(rb"[\r\n]+")
_AGENT = re.compile(r"([A-Za-z_-]+|\*)(?:[/\s].*)?")
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"  # RFC 3986, 2.3
)
_OTHER = re.compile(rb"[^\x21-\x7e]")
_SPECIAL = re.compile(rb"[*$]")
_RULES = frozenset({"allow", "disallow"})
_NOTED = frozenset({"request-rate", "visit-time"})
"""Lines that no standard knows and that are only recorded."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One `Allow` or `Disallow` line."""

    is_allowed: bool
    length: int
    """Octets of the normalised path."""
    parts: tuple[bytes, ...]
    """What is between the `*`, normalised."""
    is_whole: bool
    """Whether a closing `$` binds it to the end."""

    @classmethod
    def of(cls, path: bytes, *, is_allowed: bool) -> Rule:
        """Return the rule of a path pattern."""
        is_whole = path.endswith(b"$")
        pattern = re.sub(rb"\*+", b"*", path[:-1] if is_whole else path)
        parts = tuple(normalised(part) for part in pattern.split(b"*"))
        length = sum(map(len, parts)) + len(parts) - 1 + is_whole
        return cls(is_allowed, length, parts, is_whole)

    def matches(self, target: bytes) -> bool:
        """Return whether the rule matches a normalised path and query.

        The leftmost place of each part is the best, so that nothing is tried twice.
        """
        first, *others = self.parts
        if not target.startswith(first):
            return False
        if not others:
            return not self.is_whole or len(target) == len(first)
        at = len(first)
        *middle, last = others
        for part in middle:
            place = target.find(part, at)
            if place < 0:
                return False
            at = place + len(part)
        if self.is_whole:
            return len(target) - len(last) >= at and target.endswith(last)
        return target.find(last, at) >= 0


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one robots.txt for this crawler."""

    rules: tuple[Rule, ...] = ()
    """The one that decides comes first: the longest, `Allow` before `Disallow`."""
    crawl_delay: float | None = None
    """In seconds, of our group; the longest of several."""
    sitemaps: list[str] = field(default_factory=list)
    noted: tuple[str, ...] = ()
    """`Request-rate: …` and `Visit-time: …` of our group, which are not obeyed."""

    def allows(self, url: str) -> bool:
        """Return whether an address may be requested."""
        if not self.rules:
            return True
        target = target_of(url)
        if target.partition(b"?")[0] == b"/robots.txt":
            return True
        return next((rule.is_allowed for rule in self.rules if rule.matches(target)), True)

    def allowed(self, url: str, user_agent: str = TOKEN) -> bool:
        """Return the same; the interface of Scrapy's `RobotParser`."""
        return self.allows(url)


def target_of(url: str) -> bytes:
    """Return what rules are compared with: path and query, normalised.

    >>> target_of("https://example.it/a%7eb*c/%c3%a8?q=$#part")
    b'/a~b%2Ac/%C3%A8?q=%24'
    >>> target_of("https://example.it?q"), target_of("https://example.it")
    (b'/?q', b'/')
    """
    rest = url.partition("#")[0].partition("://")[2]
    place = next((i for i, character in enumerate(rest) if character in "/?"), len(rest))
    path = rest[place:]
    return normalised((path if path.startswith("/") else f"/{path}").encode("utf-8", "replace"))


def normalised(text: bytes) -> bytes:
    """Return octets with the percent-encoding that RFC 9309, 2.2.2 compares by.

    >>> normalised("/caffè/%63%c3%a8%2f".encode())
    b'/caff%C3%A8/c%C3%A8%2F'
    """
    text = _ESCAPE.sub(_decoded, text)
    text = _OTHER.sub(lambda match: b"%%%02X" % match[0][0], text)
    return _SPECIAL.sub(lambda match: b"%%%02X" % match[0][0], text)


def _decoded(match: re.Match[bytes]) -> bytes:
    octet = int(match[1], 16)
    return bytes([octet]) if octet in _UNRESERVED else b"%" + match[1].upper()


@dataclass(slots=True)
class _Lines:
    """The lines for one product token, all its groups together."""

    rules: list[Rule] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)

    def add(self, name: str, value: bytes) -> None:
        """Add a line."""
        if name in _RULES and value:
            self.rules.append(Rule.of(value, is_allowed=name == "allow"))
        elif name == "crawl-delay":
            self.delays += _seconds(value)
        elif name in _NOTED:
            self.noted.append(f"{name}: {value.decode('utf-8', 'replace')}")


def parse(body: bytes, token: str = TOKEN) -> RobotsRules:
    r"""Return the rules of a robots.txt for the crawler with a product token.

    >>> rules = parse(b"User-agent: *\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 2.5")
    >>> rules.allows("https://example.it/a/c"), rules.allows("https://example.it/a/b")
    (False, True)
    >>> rules.crawl_delay
    2.5
    """
    by_token: dict[str, _Lines] = {}
    sitemaps: list[str] = []
    agents: list[_Lines] = []
    is_naming = False
    for name, value in _records(body):
        if name == "user-agent":
            match = _AGENT.fullmatch(value.decode("ascii", "replace"))
            lines = by_token.setdefault(match[1].lower() if match else "", _Lines())
            agents = [*agents, lines] if is_naming else [lines]
            is_naming = True
        elif name == "sitemap":
            sitemaps.append(value.decode("utf-8", "replace"))
        else:
            # Only rules end the list of a group's tokens.
            is_naming = is_naming and name not in _RULES
            for lines in agents:
                lines.add(name, value)
    own = by_token.get(token.lower()) or by_token.get("*") or _Lines()
    return RobotsRules(
        tuple(sorted(own.rules, key=lambda rule: (-rule.length, not rule.is_allowed))),
        max(own.delays, default=None),
        sitemaps,
        tuple(own.noted[:_MAX_NOTED]),
    )


def _records(body: bytes) -> list[tuple[str, bytes]]:
    """Return names, in lower case, and values of the lines; none of an HTML page."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    if len(body) > MAX_BYTES:
        cut = body[: MAX_BYTES + 1]
        body = cut[: max(cut.rfind(b"\n"), cut.rfind(b"\r"), 0)]
    if body.lstrip()[:1] == b"<":
        return []
    records = []
    for line in _LINE_END.split(body):
        name, colon, value = line.partition(b"#")[0].partition(b":")
        if colon:
            text = name.strip().decode("ascii", "replace").lower()
            records.append((text, value.strip()[:_MAX_VALUE]))
    return records


def _seconds(value: bytes) -> list[float]:
    try:
        number = float(value)
    except ValueError:
        return []
    return [number] if math.isfinite(number) and number > 0 else []
