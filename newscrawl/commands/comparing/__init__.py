"""Reads a site's own list of articles, for `scrapy coverage`."""
