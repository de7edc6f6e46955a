"""What was read is not kept in memory until Python finds it worth its while to look."""

from __future__ import annotations

import gc
from collections import deque
from typing import TYPE_CHECKING

import pytest
from scrapy.utils.test import get_crawler

from newscrawl.run.gc_freeze import GcFreezeExtension

if TYPE_CHECKING:
    from collections.abc import Iterator

UNDER_WAY, PAGES = 2_000, 200_000


class Page:
    """Refers to itself, as an error and the frame that has caught it do."""

    alive = 0

    def __init__(self) -> None:
        self.itself = self
        Page.alive += 1

    def __del__(self) -> None:
        Page.alive -= 1


@pytest.fixture
def imported() -> Iterator[list[list[int]]]:
    # As many objects as a crawl has before its first page.
    yield [[number] for number in range(400_000)]
    gc.collect()


def most_alive() -> int:
    under_way: deque[Page] = deque(maxlen=UNDER_WAY)
    most = 0
    for _ in range(PAGES):
        under_way.append(Page())
        most = max(most, Page.alive)
    return most


@pytest.mark.usefixtures("imported")
def test_pages_do_not_pile_up_during_a_crawl() -> None:
    gc.collect()
    plain = most_alive()
    gc.collect()
    extension = GcFreezeExtension.from_crawler(get_crawler())
    extension.started()
    try:
        ours = most_alive()
    finally:
        extension.stopped()
    assert ours < UNDER_WAY + 32_000 < plain


def test_all_is_as_before_when_a_crawl_is_over() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    extension = GcFreezeExtension(get_crawler())
    extension.started()
    assert gc.get_freeze_count() > before[1]
    extension.stopped()
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before[0], 0)
