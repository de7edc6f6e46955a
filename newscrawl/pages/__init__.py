"""Page classes: pure functions of a page's HTML and URL."""
