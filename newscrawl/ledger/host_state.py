"""How a host has answered all crawls on one ledger: for how long it is left alone, at which pace.

See decision 140 in docs/decisions.md.
"""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

RETRY_AFTER, BACKOFF = "retry_after", "backoff"
"""Why a host is left alone: it said for how long, or it did not."""
REFUSALS = frozenset({429, 503})
"""RFC 6585, 4 and RFC 9110, 15.6.4: they concern the host, not the page."""
_DIGITS = re.compile(r"\d{1,12}")
_JITTER = 0.1
"""The share by which a wait may be longer, so that crawls do not all come back at once."""
_MAX_SLOWDOWN, _RECOVERY = 8.0, 0.8
"""The longest delay as a multiple of the usual one; what remains of it after each good answer."""


def retry_after(value: str | None, date: str | None, now: float) -> float | None:
    """Return for how many seconds a Retry-After header asks; None if it states no time to come.

    RFC 9110, 10.2.3: seconds, or one of the three forms of an HTTP date (5.6.7), which is
    compared with the answer's own Date.

    Args:
        value: the header.
        date: the header Date of the same answer.
        now: seconds since 1970, used without a Date.

    >>> retry_after("120", None, 0), retry_after("-5", None, 0), retry_after("soon", None, 0)
    (120.0, None, None)
    >>> retry_after("Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:07 1994", 0)
    30.0
    """
    text = (value or "").strip()
    if _DIGITS.fullmatch(text):
        return float(text) or None
    if text.isascii() and text.isdecimal():
        return math.inf
    until = _seconds_of(text)
    if until is None:
        return None
    sent = _seconds_of((date or "").strip())
    wait = until - (now if sent is None else sent)
    return wait if wait > 0 else None


def _seconds_of(text: str) -> float | None:
    try:
        time = parsedate_to_datetime(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        pass
    try:
        # asctime: `Sun Nov  6 08:49:37 1994`.
        return datetime.strptime(text, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class BackoffPolicy:
    """How long a host is left alone, in seconds."""

    retry_after_max: float = 3_600.0
    """The longest Retry-After that is believed."""
    start: float = 30.0
    """The first wait without Retry-After; each further one is twice as long."""
    maximum: float = 900.0

    @property
    def longest(self) -> float:
        """The longest wait."""
        return max(self.retry_after_max, self.start, self.maximum)

    def seconds(self, stated: float | None, refusals: int) -> float:
        """Return the wait after so many refusals in a row, of which the last stated a time."""
        if stated is None:
            wait = min(self.start * 2.0 ** min(refusals - 1, 30), self.maximum)
        else:
            wait = min(stated, self.retry_after_max)
        # Never beyond what is believed, never less than what was asked for.
        longer = wait * (1 + random.uniform(0, _JITTER))  # noqa: S311 - no secret
        return min(longer, max(wait, self.retry_after_max))


@dataclass(frozen=True, slots=True)
class HostState:
    """What all crawls on a ledger must know of a host."""

    paused_until: float = 0.0
    """Seconds since 1970 before which nothing may be sent."""
    cause: str = ""
    """`retry_after` or `backoff`."""
    refusals: int = 0
    """Answers 429 or 503 in a row."""
    slowdown: float = 1.0
    """The multiple of the usual delay, which goes back to 1 step by step."""

    def after_refusal(
        self, now: float, stated: float | None, policy: BackoffPolicy, *, is_redirect: bool = False
    ) -> HostState:
        """Return the state after an answer that asks to come back later.

        Args:
            now: seconds since 1970.
            stated: for how many seconds; None if it does not say.
            policy: how long the host is left alone.
            is_redirect: whether it is a redirect, which refuses nothing.
        """
        refusals = self.refusals + (not is_redirect)
        until = now + policy.seconds(stated, refusals)
        cause = BACKOFF if stated is None else RETRY_AFTER
        if until <= self.paused_until:
            until, cause = self.paused_until, self.cause
        slowdown = self.slowdown if is_redirect else min(2 * self.slowdown, _MAX_SLOWDOWN)
        return HostState(until, cause, refusals, slowdown)

    def after_answer(self) -> HostState:
        """Return the state after any other answer."""
        if not self.refusals and self.slowdown <= 1:
            return self
        return replace(self, refusals=0, slowdown=max(1.0, self.slowdown * _RECOVERY))

    def left(self, now: float, maximum: float) -> float:
        """Return for how many seconds the host is left alone; at most `maximum` is believed."""
        left = self.paused_until - now
        # A later time was written before a clock was set back.
        return left if left <= maximum else 0.0

    def encode(self) -> str:
        """Return the state as JSON in one line."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def decode(cls, text: str | None) -> Self:
        """Return the state that `encode` wrote; a new one if the text is not such."""
        try:
            values = json.loads(text or "")
            state = cls(**values)
            numbers = (state.paused_until, state.refusals, state.slowdown)
            is_valid = all(math.isfinite(number) for number in numbers)
        except (ValueError, TypeError):
            return cls()
        return state if is_valid else cls()
