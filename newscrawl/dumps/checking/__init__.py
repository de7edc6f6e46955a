"""Checks of dumps: each line against the schema and by itself, then all lines together."""

from newscrawl.dumps.checking.check import Check, Fault

__all__ = ["Check", "Fault"]
