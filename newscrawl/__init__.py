"""newscrawl turns an Italian news site into a dataset that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.version import __version__

if TYPE_CHECKING:
    from newscrawl.extraction.extract import extract

__all__ = ["__version__", "extract"]


def __getattr__(name: str) -> Any:
    # Lazy: settings and spiders import this package long before a page is read.
    if name == "extract":
        from newscrawl.extraction.extract import extract  # noqa: PLC0415

        # The next call does not come here.
        globals()[name] = extract
        return extract
    raise AttributeError(f"module 'newscrawl' has no attribute {name!r}")
