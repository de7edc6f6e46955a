"""Status and maintenance of a ledger, for the command `scrapy ledger`."""
