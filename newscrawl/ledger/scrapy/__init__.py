"""The ledger as Scrapy's scheduler: the only part that knows the engine."""
