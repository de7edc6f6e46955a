"""What can be wrong with a ledger, each in one line for a person."""

from __future__ import annotations

import errno


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


def ending(error: Exception) -> tuple[str, str]:
    """Return a run's finish reason and one line, when an error of the ledger ends it."""
    text = " ".join(str(error).split())
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if is_full or "no space is left" in text:
        return "disk_full", "no space is left on the disk: free some and run again, nothing is lost"
    if isinstance(error, LeaseLostError):
        return "ledger_error", f"{text}: this run ends, nothing is lost"
    if isinstance(error, LedgerError):
        return error.reason, text
    if isinstance(error, OSError):
        return "ledger_error", f"cannot write {error.filename or 'there'}: {error.strerror or text}"
    return "ledger_error", f"{type(error).__name__}: {text[:160]}"
