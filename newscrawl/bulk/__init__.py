"""Reads articles from archives (WARC, WACZ) and from saved pages, without Scrapy."""
