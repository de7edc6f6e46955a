"""When the generated posts were published and changed, and their post ids."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from twin.dating import ROME, UTC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EPOCH = datetime(2026, 11, 23, 15, 0, tzinfo=ROME)
"""The newest post is no later than this; a site whose clock stands earlier has fewer posts."""
SPAN = 730
"""Days that the generated posts are spread over."""

_HOURS = (
    0, 0, 1, 5, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 12, 12, 12, 13, 13,
    14, 14, 14, 15, 15, 15, 16, 16, 16, 16, 17, 17, 17, 18, 18, 18, 19, 19, 20, 20, 21, 21, 22, 22,
    23, 23,
)  # fmt: skip
_FIRST_ID = 1204


def published(seed: int, serial: int, number: int, total: int) -> datetime:
    """Return the time of generated post `number` of `total`, in Rome, denser towards the end.

    A small site still has several posts a day in its last weeks; a large one has as many
    each day.
    """
    random = Random(seed * 7_919 + serial)
    bend = min(3.0, max(1.0, 3.0 - 0.9 * math.log10(max(total, 300) / 300)))
    share = (number + random.random()) / total
    day = EPOCH - timedelta(days=SPAN * share**bend)
    hour = _HOURS[int(random.random() * len(_HOURS))]
    minute, second = int(random.random() * 60), int(random.random() * 60)
    moment = day.replace(hour=hour, minute=minute, second=second, microsecond=0, fold=0)
    if moment > EPOCH:
        moment -= timedelta(days=1)
    # Through UTC: a time in the spring gap becomes one that exists.
    return moment.astimezone(UTC).astimezone(ROME)


def times(seed: int, first: int, count: int, fresh: int = 0) -> Iterator[datetime]:
    """Yield the times of `count` generated posts, in Rome; `first` is the first one's serial.

    `fresh` of them come on top of what is usual on the last day, one in each equal part of it.
    """
    for number in range(count):
        if number < fresh:
            share = (number + Random(seed * 7_919 + first + number).random()) / fresh
            yield (EPOCH - timedelta(days=share)).replace(microsecond=0)
        else:
            yield published(seed, first + number, number - fresh, count - fresh)


def modified(first: datetime, edge_cases: frozenset[str], random: Random) -> datetime:
    """Return when a post was last changed: at once, later that day or on a later day."""
    if "live" in edge_cases or "updated" in edge_cases:
        later = first + timedelta(
            days=1 + int(random.random() * 30), minutes=int(random.random() * 1400)
        )
    elif "updated-same-day" in edge_cases:
        left = 86_400 - first.hour * 3600 - first.minute * 60 - first.second
        later = first + timedelta(seconds=int(left * (0.2 + random.random() * 0.7)))
    else:
        return first
    later = later.astimezone(UTC).astimezone(ROME).replace(microsecond=0)
    return later if later <= EPOCH else first


def ids(seed: int, count: int) -> Iterable[int]:
    """Yield post ids in order of publication, with the gaps that drafts and files leave."""
    random = Random(seed * 31 + 7)
    current = _FIRST_ID
    for _ in range(count):
        yield current
        current += 1 + int(random.random() * 9)
