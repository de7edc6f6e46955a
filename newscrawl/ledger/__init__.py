"""The ledger: what is known, what is due, what was written. The only place with SQL."""
