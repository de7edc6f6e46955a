"""Commands of the project: `scrapy crawl` with clear errors and exit codes."""
