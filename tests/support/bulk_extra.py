"""Tests of what the extra `newscrawl[bulk]` installs; skipped without it, but never on CI."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

_MISSING = [name for name in ("datatrove", "ray", "pyarrow") if find_spec(name) is None]
_MUST = os.environ.get("CI") == "true"


def imported(name: str) -> Any:
    """Return a module that needs the extra; skip the tests of a module where it is missing."""
    if _MISSING and not _MUST:
        names = ", ".join(_MISSING)
        why = f"{names} not installed: pip install -r requirements-bulk.txt"
        pytest.skip(why, allow_module_level=True)
    return import_module(name)
