"""Spiders: one per section of the menu, and one for the whole site."""
