"""Where the browser is."""

from __future__ import annotations

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""What it is called on PATH, in the order of preference."""
ADVICE = "apt-get install chromium, or set NEWSCRAWL_BROWSER to its path"


def find(path: str = "") -> str | None:
    """Return the browser's absolute path: `path` where given, else one of `NAMES`; None: none."""
    candidates = (path,) if path else NAMES
    return next((found for name in candidates if (found := shutil.which(name))), None)
