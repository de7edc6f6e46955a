"""The generic reader against trafilatura alone, on invented layouts."""

from __future__ import annotations

import pytest

from benchmarks.bench_generic import better, is_worse, ours, score, theirs
from benchmarks.unknown_layouts import FAMILIES, pages


@pytest.mark.parametrize(
    "has_metadata",
    [True, pytest.param(False, marks=pytest.mark.soak)],
    ids=["metadata", "no metadata"],
)
@pytest.mark.parametrize("family", FAMILIES)
def test_no_set_is_read_worse_than_by_trafilatura(family: str, *, has_metadata: bool) -> None:
    made = pages(family, 3, has_metadata=has_metadata)
    own = score(made, ours)
    precise = score(made, lambda html, url: theirs(html, url, favor_precision=True))
    assert not is_worse(own, better(score(made, theirs), precise))
    assert own.f1 >= 0.97
    assert own.headline == own.day == 1
