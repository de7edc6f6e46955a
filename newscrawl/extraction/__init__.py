"""Turns a page into an article: selects the page class and resolves the dates."""
