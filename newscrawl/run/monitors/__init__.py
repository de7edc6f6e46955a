"""Monitors: compare a run with the configured limits and with earlier runs."""
