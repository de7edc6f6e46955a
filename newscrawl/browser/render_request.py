"""A request to open a page in the browser, and the condition to wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import HtmlResponse

META = "browser"
"""Meta key of a request's `RenderRequest`. Such requests are never stored."""
CUT = "scroll_bound"
"""Flag of a response that was not scrolled to the end."""


@dataclass(frozen=True, slots=True)
class WaitCondition:
    """When a page has the content that it is opened for."""

    is_reached: Callable[[str], bool]
    """Takes the current HTML; returns whether the content is present."""
    scrolls: int = 0
    """Maximum number of scrolls; scrolling ends earlier when nothing more is loaded."""
    is_enough: Callable[[str], bool] = lambda _: False
    """Takes the current HTML; returns whether scrolling can end."""


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A fetched page to open in the browser, and the condition to wait for."""

    response: HtmlResponse
    condition: WaitCondition


class BrowserError(Exception):
    """A page that could not be read in the browser; `reason` is a short key.

    Reasons: `start` (the browser does not start), `given_up` (it failed too often), `crashed`,
    `deadline`, `too_large`, `shutdown` (the run is ending), `error` (the text is the
    browser's message).
    """

    def __init__(self, reason: str, text: str = "") -> None:
        super().__init__(f"{reason}: {' '.join(text.split())[:200]}" if text else reason)
        self.reason = reason
