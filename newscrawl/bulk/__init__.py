"""Reads articles from archives (WARC, WACZ) and from saved pages, without Scrapy.

`newscrawl.bulk.Extract` does it as a block of a datatrove pipeline (docs/bulk.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newscrawl.bulk.extract_step import Extract

__all__ = ["Extract"]


def __getattr__(name: str) -> Any:
    """Import the block when it is asked for: datatrove is an extra, and takes a second."""
    if name != "Extract":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from newscrawl.bulk.extract_step import Extract  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("newscrawl"):
            raise
        from newscrawl.formatting import install_command  # noqa: PLC0415 - for the message alone

        message = (
            f"newscrawl.bulk.Extract: {error.name} is not installed: {install_command('bulk')}"
        )
        raise ImportError(message, name=error.name) from None
    return Extract
