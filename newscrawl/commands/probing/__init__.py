"""Looks at a site before its first crawl: `scrapy probe`."""
