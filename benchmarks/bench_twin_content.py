"""Time and memory of the twin's content and truth: python benchmarks/bench_twin_content.py."""

from __future__ import annotations

import resource
import sys
import time
from itertools import pairwise

from twin import truth
from twin.content import Content
from twin.model import Switches

SIZES = (300, 10_000, 100_000)
SAMPLE = 1_000


def main(sizes: tuple[int, ...]) -> None:
    """Print a line for each size."""
    print(
        f"{'posts':>8} {'made s':>8} {'lists s':>8} {'card µs':>8} {'post µs':>8} {'truth µs':>9}"
    )
    for size in sizes:
        start = time.perf_counter()
        content = Content(size=size)
        made = time.perf_counter() - start
        content.tag("x")
        content.category("esteri")
        lists = time.perf_counter() - start - made
        indexes = range(0, size, max(1, size // SAMPLE))
        clocks = [time.perf_counter()]
        for index in indexes:
            content.card(index)
        clocks.append(time.perf_counter())
        posts = [content.post(index) for index in indexes]
        clocks.append(time.perf_counter())
        for post in posts:
            truth.article(post, content, Switches(), fetched_at=content.now, now=content.now)
        clocks.append(time.perf_counter())
        each = [(b - a) / len(posts) * 1e6 for a, b in pairwise(clocks)]
        print(f"{size:8} {made:8.2f} {lists:8.2f} {each[0]:8.0f} {each[1]:8.0f} {each[2]:8.0f}")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'':8} highest memory so far {memory:.0f} MB")


if __name__ == "__main__":
    main(tuple(int(word) for word in sys.argv[1:]) or SIZES)
