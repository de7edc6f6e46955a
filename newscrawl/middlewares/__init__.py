"""Politeness and safety: one rule each."""
