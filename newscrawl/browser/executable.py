"""The path of the browser."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""Its names on PATH, in order of preference."""
ADVICE = "apt-get install chromium, or set NEWSCRAWL_BROWSER to its path"


def find(path: str = "") -> str | None:
    """Return the absolute path of `path` or, if empty, of the first of `NAMES`; None if missing."""
    candidates = (path,) if path else NAMES
    return next(filter(None, map(shutil.which, candidates)), None)
