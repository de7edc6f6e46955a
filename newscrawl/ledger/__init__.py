"""The ledger: what is known, what is due, what was written. The only place with SQL."""

from newscrawl.ledger.client import Ledger, of
from newscrawl.ledger.errors import LedgerError, LedgerHeldError

__all__ = ["Ledger", "LedgerError", "LedgerHeldError", "of"]
