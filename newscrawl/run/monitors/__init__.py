"""Monitors: what of a run is compared with what was agreed, and with how it was before."""
