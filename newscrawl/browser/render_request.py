"""What is wanted of one page in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import HtmlResponse

META = "browser"
"""Where a request carries its visit. Such requests are never stored."""
CUT = "scroll_bound"
"""Flag of a response that was not scrolled to its end."""


@dataclass(frozen=True, slots=True)
class WaitCondition:
    """When a page holds what it is opened for."""

    is_reached: Callable[[str], bool]
    """Tells it from the page's HTML, as it stands."""
    scrolls: int = 0
    """How often to scroll on at most, until nothing more comes."""
    is_enough: Callable[[str], bool] = lambda _: False
    """Tells from the HTML that no more scrolling is needed."""


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A page as it was fetched, to be opened in the browser with a goal."""

    response: HtmlResponse
    goal: WaitCondition


class BrowserError(Exception):
    """A page that could not be read in the browser; `reason` is one word for it.

    Reasons: `start` (the browser does not start), `given_up` (it broke too often), `crashed`,
    `deadline`, `too_large`, `shutdown` (the run is ending), `error` (what the browser says
    stands in the text).
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {' '.join(text.split())[:200]}" if text else reason)
        self.reason = reason
