"""What a person asks of a ledger: its status, and maintenance."""
