"""What can be wrong with a ledger, each in one line for a person."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be used; the text is one line that says what to do."""

    reason = "ledger_error"
    """Finish reason of a run that ends for it."""


class LedgerHeldError(LedgerError):
    """Another run of the same spider holds the ledger."""

    reason = "locked"


class NoLedgerError(LedgerError):
    """No ledger is there yet."""


class LeaseLostError(LedgerError):
    """Another worker took over what this run had leased; nothing was committed."""
