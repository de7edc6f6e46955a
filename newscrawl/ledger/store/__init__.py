"""The ledger's tables and the SQL on them, about one table a module."""
