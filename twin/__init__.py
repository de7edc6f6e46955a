"""The offline twin of the site."""
