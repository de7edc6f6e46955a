"""How much of what its runs have seen a series has written."""

from __future__ import annotations

import pytest

from newscrawl.outcomes.series_figures import (
    REST,
    SEEN,
    SeriesCounts,
    UnwrittenGroup,
    figures_of,
    phrases,
)


def group(
    result: str = "",
    count: int = 1,
    *,
    status: int | None = None,
    waits: bool = False,
    listed: bool = True,
) -> UnwrittenGroup:
    return UnwrittenGroup(result, status, waits, listed, count)


EACH = (
    group("not_article: password_protected", 30),
    group("rejected: ", 2),
    group("failed", 3),
    group("robots", 4),
    group("not_article: no_article", 5),
    group("failed", 6, status=404),
    group("dates:", 7),
    group(waits=True, count=8),
)


def test_each_reason_is_counted_and_only_some_are_missing() -> None:
    figures = figures_of(SeriesCounts(100, 9, EACH))
    assert figures.reasons == {
        "protected": 30,
        "rejected": 2,
        "failed": 3,
        "excluded": 9,
        "gone": 15,
        "outside the span": 7,
        "not yet fetched": 8,
    }
    assert (figures.written, figures.published, figures.missing) == (100, 122, 22)
    assert figures.source == SEEN
    each = "rejected 2, failed 3, excluded 9, gone 15, outside the span 7, not yet fetched 8"
    assert phrases(figures.as_json()) == [
        "100 of 122 seen are written (30 more are password-protected)",
        f"not written: 44 ({each})",
    ]


@pytest.mark.parametrize(
    ("total", "published", "source", "unknown"),
    [(152, 122, REST, 0), (160, 130, REST, 8), (151, 122, SEEN, 0), (None, 122, SEEN, 0)],
)
def test_a_total_counts_unless_the_runs_have_seen_more(
    total: int | None, published: int, source: str, unknown: int
) -> None:
    figures = figures_of(SeriesCounts(100, 9, EACH), total)
    assert (figures.published, figures.source) == (published, source)
    assert figures.reasons.get("unknown", 0) == unknown
    assert figures.missing == published - 100


@pytest.mark.parametrize("result", ["not_article: static_page", "other_article: "])
def test_another_page_counts_only_if_a_list_of_the_site_has_it(result: str) -> None:
    linked = figures_of(SeriesCounts(1, unwritten=[group(result, listed=False)]))
    listed = figures_of(SeriesCounts(1, unwritten=[group(result)]))
    assert (linked.published, listed.published) == (1, 2)
    assert figures_of(SeriesCounts(1, unwritten=[group("section")])).published == 1
