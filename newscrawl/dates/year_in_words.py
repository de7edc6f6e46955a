"""Years that a text states in words: "dell'anno scorso", "di due anni fa", "prossimo"."""

from __future__ import annotations

import re

from newscrawl.dates.words import NUMBERS

_BACK = re.compile(
    r",? (?:dello scorso anno|dell'anno (?:scorso|passato)"
    r"|(?:di )?(?P<count>[0-9]{1,2}|[a-z]{2,12}) ann[io] fa)(?![a-z])"
)
_NEXT = re.compile(
    r",? (?:(?:del )?prossimo|p\. ?v\.|(?:del )?venturo|dell'anno (?:prossimo|venturo))(?![a-z])"
)
_NEXT_ONE = re.compile(r"prossim[oi] (?:[0-9]{1,2}(?: e | o | al |, ?| ?- ?)){0,9}\Z")


def back(text: str, pos: int, current: int) -> tuple[int | None, int]:
    """Return the year that words at `pos` of a folded text count back to, and where they end.

    >>> back("28 ottobre di due anni fa", 10, 2026)
    (2024, 25)
    """
    match = _BACK.match(text, pos)
    if match is None:
        return None, pos
    if (count := match["count"]) is None:
        return current - 1, match.end()
    number = int(count) if count.isdecimal() else NUMBERS.get(count)
    return (None, pos) if number is None else (current - number, match.end())


def is_to_come(text: str, pos: int, before: str) -> bool:
    """Return whether a day without a year that ends at `pos` is said to be still to come."""
    return bool(_NEXT.match(text, pos)) or (
        "prossim" in before and _NEXT_ONE.search(before) is not None
    )
