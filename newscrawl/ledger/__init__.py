"""The ledger: what is known, what is due, what was written. The only place with SQL."""

from newscrawl.ledger.errors import LedgerError, LedgerHeldError
from newscrawl.ledger.worker import Ledger, of

__all__ = ["Ledger", "LedgerError", "LedgerHeldError", "of"]
