"""Reads reservations of text and data mining (TDMRep, W3C Community Group).

Source: Final Report of 10 May 2024, "TDM File on the Origin Server" and "Processing priority".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.rights.path_patterns import PathPattern, path_of
from newscrawl.rights.signals import (
    ALLOW,
    DENY,
    PAGE,
    TDMREP_FILE,
    TDMREP_HEADER,
    TDMREP_HTML,
    absolute,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.items import Signal
    from newscrawl.rights.signals import Statements

WELL_KNOWN = "/.well-known/tdmrep.json"
RESERVATION, POLICY = "tdm-reservation", "tdm-policy"
"""Names of the properties: of JSON's keys, headers and meta tags alike."""
_PRIORITY = (TDMREP_FILE, TDMREP_HEADER, TDMREP_HTML)
_MAX_RULES = 1_000
_MAX_LENGTH = 2_000
_RESERVED: dict[int | str, bool] = {1: True, 0: False, "1": True, "0": False}


@dataclass(frozen=True, slots=True)
class _Rule:
    location: str
    """As written."""
    pattern: PathPattern
    reserved: bool
    policy: str | None
    raw: str
    """The rule as JSON."""


class Reservations:
    """The rules of a site's tdmrep.json; the first whose location matches a path counts."""

    def __init__(self, rules: tuple[_Rule, ...] = (), ignored: int = 0) -> None:
        self._rules = rules
        self.ignored = ignored
        """How many entries are not rules; 1 for a file that is not a list of them."""

    @classmethod
    def parse(cls, text: str) -> Reservations:
        """Return the rules of a tdmrep.json, none for any other text.

        >>> reservations = Reservations.parse('[{"location": "/esteri/*", "tdm-reservation": 1}]')
        >>> reservations.lookup("https://www.example.it/esteri/x-y/")
        (True, None)
        """
        try:
            entries = json.loads(text)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(entries, list):
            return cls(ignored=1)
        rules = [_rule(entry) for entry in entries[:_MAX_RULES]]
        stated = tuple(rule for rule in rules if rule is not None)
        return cls(stated, len(entries) - len(stated))

    def lookup(self, url: str) -> tuple[bool | None, str | None]:
        """Return (reserved, policy) for the page at `url`."""
        rule = self._rule_of(url)
        return (None, None) if rule is None else (rule.reserved, rule.policy)

    def read(self, url: str, statements: Statements) -> None:
        """Add what the first rule that matches a page's address states."""
        rule = self._rule_of(url)
        if rule is None:
            return
        value = DENY if rule.reserved else ALLOW
        statements.add(TDMREP_FILE, rule.location, "tdm", value, rule.raw)
        if rule.policy is not None:
            _add_policy(TDMREP_FILE, rule.location, rule.policy, rule.raw, url, statements)

    def _rule_of(self, url: str) -> _Rule | None:
        if not self._rules:
            return None
        path = path_of(url)
        return next((rule for rule in self._rules if rule.pattern.matches(path)), None)


def _rule(entry: Any) -> _Rule | None:
    """Return a rule; None where location or reservation, which are mandatory, are not valid."""
    if not isinstance(entry, dict) or not isinstance(entry.get("location"), str):
        return None
    stated, policy = entry.get(RESERVATION), entry.get(POLICY)
    is_number = isinstance(stated, (int, str)) and not isinstance(stated, bool)
    reserved = _RESERVED.get(stated) if is_number else None  # type: ignore[arg-type]
    if reserved is None:
        return None
    location = entry["location"][:_MAX_LENGTH]
    return _Rule(
        location,
        PathPattern.parse(location),
        reserved,
        # Not processed where nothing is reserved.
        policy if reserved and isinstance(policy, str) and policy else None,
        json.dumps(entry, ensure_ascii=False),
    )


def read(
    source: str,
    reservations: Sequence[str],
    policies: Sequence[str],
    url: str,
    statements: Statements,
) -> None:
    """Add what a response's header or a page's meta tags reserve.

    Args:
        source: `tdmrep/header` or `tdmrep/html`.
        reservations: values of `tdm-reservation`.
        policies: values of `tdm-policy`.
        url: of the page, for relative addresses.
        statements: is added to.
    """
    values = {"1": DENY, "0": ALLOW}
    stated = set()
    for raw in reservations:
        value = values.get(raw.strip())
        if value is None:
            statements.ignore(source)
            continue
        stated.add(value)
        statements.add(source, PAGE, "tdm", value, raw)
    for raw in policies:
        if stated == {ALLOW}:
            statements.ignore(source)
        else:
            _add_policy(source, PAGE, raw, raw, url, statements)


def _add_policy(  # noqa: PLR0913, PLR0917 - the parts of a signal
    source: str, scope: str, policy: str, raw: str, url: str, statements: Statements
) -> None:
    address = absolute(policy, url)
    if address is None:
        statements.ignore(source)
    else:
        statements.add(source, scope, "policy", address, raw)


def outcome(signals: Iterable[Signal]) -> tuple[bool | None, str | None]:
    """Return (reserved, policy): file, then header, then HTML, each property for itself.

    Of contradicting statements in one place the reservation counts.

    >>> from newscrawl.items import Signal
    >>> outcome([Signal("tdmrep/well-known", "/", "tdm", "deny", ""),
    ...          Signal("tdmrep/header", "page", "policy", "https://a.example/p", "")])
    (True, 'https://a.example/p')
    """
    reserved: bool | None = None
    policy: str | None = None
    of_tdmrep = [signal for signal in signals if signal.source in _PRIORITY]
    for source in _PRIORITY if of_tdmrep else ():
        values = [s.value for s in of_tdmrep if (s.source, s.use) == (source, "tdm")]
        if values:
            reserved = DENY in values
        policy = next(
            (s.value for s in of_tdmrep if (s.source, s.use) == (source, "policy")), policy
        )
    return reserved, None if reserved is False else policy
