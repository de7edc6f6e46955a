"""How far REST's list of posts was read: kept in the ledger with what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.discovery.state import Source
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newscrawl.discovery.state import DiscoveryState

TAIL = "tail"
"""Cursor of the list read downwards; those read upwards have the names of times."""
_ENDED = -1


class RestCursors:
    """The cursors of one list of posts, which `only` limits; each edition of a series has its own.

    A cursor is a `Source`: its time in `seen`, the posts of that second in `etag`.
    """

    def __init__(
        self, discovery: DiscoveryState, origin: str, kind: str, other: str | None = None
    ) -> None:
        """Store the arguments.

        Args:
            discovery: has the cursors of earlier runs, and takes those of this one.
            origin: scheme and host of the site.
            kind: what is read of a post.
            other: what other runs read of it; their cursors count where they have read the list
                to its end and `kind` has none.
        """
        self._discovery = discovery
        self._origin, self._kind, self._other = origin, kind, other

    def _key(self, kind: str, only: Mapping[str, str], name: str) -> str:
        return f"{self._origin} {kind} {sorted(only.items())} {self._discovery.edition} {name}"

    def _source(self, kind: str, only: Mapping[str, str], name: str) -> Source | None:
        return self._discovery.sources.get(key_of(self._key(kind, only, name)))

    def get(self, only: Mapping[str, str], name: str) -> Source | None:
        """Return a cursor; None if the list was not read that way."""
        own = self._source(self._kind, only, name)
        if own is not None or self._other is None:
            return own
        tail = self._source(self._other, only, TAIL)
        is_whole = tail is not None and tail.seen == _ENDED
        return self._source(self._other, only, name) if is_whole else None

    def has_ended(self, only: Mapping[str, str]) -> bool:
        """Return whether the list was read downwards to its end."""
        tail = self.get(only, TAIL)
        return tail is not None and tail.seen == _ENDED

    def end(self, only: Mapping[str, str]) -> None:
        """Record that the list was read downwards to its end."""
        self.keep(only, TAIL, _ENDED)

    def keep(
        self, only: Mapping[str, str], name: str, seconds: int, posts: Sequence[int] = ()
    ) -> None:
        """Move a cursor; `posts` are those of its second that were read."""
        source = Source(etag=",".join(map(str, posts)) or None, seen=seconds)
        self._discovery.update_source(self._key(self._kind, only, name), source)

    def keep_latest(
        self, only: Mapping[str, str], name: str, times: Mapping[int, int], now: int
    ) -> None:
        """Move a cursor to the latest time of posts, if it is not later already.

        A time after `now` is wrong: until then, the cursor would hide what is changed.
        """
        past = [seconds for seconds in times.values() if seconds <= now]
        before = self.get(only, name)
        if past and (before is None or (before.seen or 0) < max(past)):
            self.keep(only, name, max(past), posts_of(max(past), times))


def posts_of(second: int, times: Mapping[int, int]) -> list[int]:
    """Return the posts that have a time.

    >>> posts_of(5, {1: 5, 2: 6, 3: 5})
    [1, 3]
    """
    return [number for number, seconds in times.items() if seconds == second]
