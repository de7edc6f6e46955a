"""The fixtures of the hostile web: a twin, and a server in front of it."""

from __future__ import annotations

from tests.hostile.conftest import front, twin

__all__ = ["front", "twin"]
