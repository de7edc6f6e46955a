"""What can be wrong with a ledger, each in one line for a person."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be used; the text is one line that says what to do."""


class LedgerHeldError(LedgerError):
    """Another run of the same spider holds the ledger."""


class NoLedgerError(LedgerError):
    """No ledger is there yet."""


class LeaseLostError(LedgerError):
    """Another worker took over what this run had leased; nothing was committed."""
