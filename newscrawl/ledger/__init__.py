"""The ledger: which URLs are known, which are due, what was written. Only here is SQL."""
