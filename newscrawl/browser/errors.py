"""What goes wrong with a browser."""

from __future__ import annotations


class BrowserError(Exception):
    """A page that could not be read in the browser; `reason` is one word for it.

    Reasons: `start` (the browser does not start), `given_up` (it broke too often), `crashed`,
    `deadline`, `too_large`, `shutdown` (the run is ending), `error` (what the browser says
    stands in the text).
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {' '.join(text.split())[:200]}" if text else reason)
        self.reason = reason
