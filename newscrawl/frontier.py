"""Which addresses this run knows, and how each was found."""

from __future__ import annotations

from newscrawl.discovery import CHANNELS, EXPLICIT

_NAMES = (*CHANNELS, EXPLICIT)
_BITS = {name: 1 << position for position, name in enumerate(_NAMES)}


class Frontier:
    """Canonical URLs of one run with the channels that led to them.

    A URL is fetched once, with one exception: an article that was fetched and found to be
    outside the section is taken up again when the section's archive lists it after all.
    """

    def __init__(self) -> None:
        self._channels: dict[str, int] = {}
        self._outside: set[str] = set()

    def __len__(self) -> int:
        return len(self._channels)

    def add(self, url: str, channel: str) -> bool:
        """Note that `channel` led to `url`; return whether it is to be fetched."""
        known = self._channels.get(url, 0)
        self._channels[url] = known | _BITS[channel]
        if not known:
            return True
        if channel == "archive" and url in self._outside:
            self._outside.discard(url)
            return True
        return False

    def channels(self, *urls: str) -> list[str]:
        """Return the names of the channels that led to any of `urls`, in a fixed order."""
        bits = 0
        for url in urls:
            bits |= self._channels.get(url, 0)
        return [name for name in _NAMES if bits & _BITS[name]]

    def set_aside(self, url: str) -> None:
        """Note that the article at `url` is none of the section, as far as its page tells."""
        self._outside.add(url)
