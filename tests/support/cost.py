"""What a piece of code may cost: processor time, which other programs do not lengthen."""

from __future__ import annotations

from contextlib import contextmanager
from time import process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail when what is done takes more processor time; what never ends meets the test's limit."""
    began = process_time()
    yield
    assert process_time() - began < seconds
