"""Checks of dumps: each line against the schema and by itself, then all lines together."""

from newscrawl.checking.dumps import Check, Fault

__all__ = ["Check", "Fault"]
