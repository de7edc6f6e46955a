"""A real Chromium for tests."""

from __future__ import annotations

import os
import shutil

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_MUST = os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give Chromium's path; skip where there is none, but never on CI."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        why = f"no Chromium ({', '.join(_NAMES)}): apt-get install chromium"
        if _MUST:
            pytest.fail(why)
        pytest.skip(why)
    return found
