"""Packs archives of what runs were served, for readers of web archives: WACZ.

The library that indexes and packs is an extra (requirements-archive.txt).
"""
