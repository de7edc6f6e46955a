"""How many inputs tests of whole pages try."""

from __future__ import annotations

from hypothesis import settings

from tests.support.input_counts import FUZZ


def some_pages(number: int, *, in_fuzz: int = 5_000) -> settings:
    """Return settings for a test whose inputs are whole pages, which cost more than others.

    `make fuzz-generated` tries other inputs each time. Other runs try the same ones, so that a
    fault that nobody knows yet does not fail an unrelated change.
    """
    is_fuzz = settings.get_current_profile_name() == FUZZ
    return settings(max_examples=in_fuzz if is_fuzz else number, derandomize=not is_fuzz)
