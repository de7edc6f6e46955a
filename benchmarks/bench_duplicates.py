"""How well near-duplicates are distinguished from look-alikes, and what that costs.

`python -m benchmarks.bench_duplicates [SIZE [SEED]]` from the project's folder, or `make bench`.
The texts are those of the twin with rewrites; candidates come by index, as in a crawl.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from newscrawl.items.similarity import THRESHOLD, Sketch, similarity, sketch
from twin import expected_text
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE, SEED, UNRELATED = 2600, 11, 10_000
WORDS, LOOPS, RUNS = 400, 200, 7
SWEEP = (0.40, 0.45, 0.50, 0.52, 0.54, 0.56, 0.58, 0.60, 0.65, 0.70)

_IMPORT = """
import time
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
before, start = resident(), time.perf_counter()
import {0}
print((time.perf_counter() - start) * 1e3, (resident() - before) / 2**20)
"""


class Index:
    """What a table of keys does, in memory."""

    def __init__(self) -> None:
        self._keys: dict[int, list[int]] = defaultdict(list)

    def candidates(self, text_sketch: Sketch) -> set[int]:
        """Return who shares a key with a text."""
        return {other for key in text_sketch.bands for other in self._keys.get(key, ())}

    def add(self, name: int, text_sketch: Sketch) -> None:
        """Put a text's keys in."""
        for key in text_sketch.bands:
            self._keys[key].append(name)


def bodies(content: Content) -> dict[int, str]:
    """Return the texts of a site's articles by id, the oldest first."""
    return {
        post.id: expected_text.read(post, content, Switches()).body
        for post in reversed(content.posts)
        if "protected" not in post.edge_cases
    }


@dataclass(frozen=True)
class Evaluation:
    """Pairs found through the index, against the twin's truth."""

    near: dict[frozenset[int], str]
    """Pairs that are one text, with their kind."""
    lookalikes: dict[frozenset[int], str]
    """Pairs that only look so."""
    scores: dict[frozenset[int], float]
    """Similarity of each pair that the index gave."""
    candidates: list[int]
    """How many each lookup gave."""

    def matches(self, threshold: float = THRESHOLD) -> list[frozenset[int]]:
        """Return the pairs called near-duplicates."""
        return [pair for pair, score in self.scores.items() if score >= threshold]

    @cached_property
    def missed_by_index(self) -> int:
        """How many near-duplicates share no key."""
        return len(self.near.keys() - self.scores.keys())

    def precision(self, threshold: float = THRESHOLD) -> float:
        """Return the share of the pairs found that are one text."""
        pairs = self.matches(threshold)
        return sum(pair in self.near for pair in pairs) / len(pairs)

    def recall(self, threshold: float = THRESHOLD) -> float:
        """Return the share of the pairs of one text that are found."""
        return sum(pair in self.near for pair in self.matches(threshold)) / len(self.near)


def evaluate(size: int = SIZE, seed: int = SEED) -> Evaluation:
    """Look each article of a twin up among those before it."""
    content = Content(size=size, seed=seed, rewrites=True)
    near_duplicates = content.near_duplicates
    assert near_duplicates
    index, scores, counts = Index(), {}, []
    sketches: dict[int, Sketch] = {}
    for name, body in bodies(content).items():
        if text_sketch := sketch(body):
            candidates = index.candidates(text_sketch)
            counts.append(len(candidates))
            for other in candidates:
                score = similarity(text_sketch.signature, sketches[other].signature)
                scores[frozenset((name, other))] = score
            index.add(name, text_sketch)
            sketches[name] = text_sketch
    return Evaluation(
        {frozenset(pair[:2]): pair.kind for pair in near_duplicates.pairs()},
        {frozenset(pair[:2]): pair.kind for pair in near_duplicates.lookalikes()},
        scores,
        counts,
    )


def candidates_among_unrelated(size: int = UNRELATED) -> float:
    """Return how many candidates a text has, on average, among so many others."""
    index, counts = Index(), []
    for name, body in bodies(Content(size=size)).items():
        if text_sketch := sketch(body):
            counts.append(len(index.candidates(text_sketch)))
            index.add(name, text_sketch)
    last = counts[-size // 10 :]
    return sum(last) / len(last)


def cost(texts: Iterable[str], runs: int = RUNS) -> tuple[float, float]:
    """Return the least milliseconds of a sketch, and microseconds of a comparison."""
    text = min(texts, key=lambda body: abs(len(body.split()) - WORDS))
    first, second = sketch(text), sketch(text.replace(" di ", " su "))
    assert first
    assert second
    sketching, comparing = [], []
    for _ in range(runs):
        start = process_time()
        for _ in range(LOOPS):
            sketch(text)
        middle = process_time()
        for _ in range(LOOPS):
            similarity(first.signature, second.signature)
        sketching.append(middle - start)
        comparing.append(process_time() - middle)
    return min(sketching) / LOOPS * 1e3, min(comparing) / LOOPS * 1e6


def imported(module: str) -> tuple[float, float]:
    """Return milliseconds and megabytes that an import costs a new interpreter."""
    run = subprocess.run(
        [sys.executable, "-c", _IMPORT.format(module)], capture_output=True, text=True, check=True
    )
    milliseconds, megabytes = run.stdout.split()
    return float(milliseconds), float(megabytes)


def main() -> None:
    """Print quality, the sweep of thresholds, and cost."""
    given = [int(text) for text in sys.argv[1:]]
    size, seed = (*given, *(SIZE, SEED)[len(given) :])
    start = perf_counter()
    evaluation = evaluate(size, seed)
    kinds = Counter(evaluation.near.values())
    print(f"twin of {size} posts, seed {seed} ({perf_counter() - start:.1f} s)")
    print(f"{len(evaluation.near):8}  pairs of one text: {dict(kinds)}")
    lookalike_kinds = len({*evaluation.lookalikes.values()})
    print(f"{len(evaluation.lookalikes):8}  pairs that look so: {lookalike_kinds} kinds")
    print(f"{evaluation.missed_by_index:8}  pairs of one text without a key in common")
    print(f"{'threshold':>10} {'precision':>10} {'recall':>8}  wrongly found")
    for threshold in SWEEP:
        wrong = Counter(
            evaluation.lookalikes.get(pair, "unrelated")
            for pair in evaluation.matches(threshold)
            if pair not in evaluation.near
        )
        mark = "*" if threshold == THRESHOLD else " "
        precision, recall = evaluation.precision(threshold), evaluation.recall(threshold)
        print(f"{threshold:9.2f}{mark} {precision:10.4f} {recall:8.4f}  {dict(wrong) or ''}")
    content = Content(size=300)
    milliseconds, microseconds = cost(bodies(content).values())
    sample = next(filter(None, map(sketch, bodies(content).values())))
    library, whole = imported("rensa"), imported("newscrawl.items.similarity")
    average = sum(evaluation.candidates) / len(evaluation.candidates)
    print(f"{milliseconds:8.3f}  ms of processor time a sketch of {WORDS} words")
    print(f"{microseconds:8.1f}  µs a comparison")
    print(f"{len(sample.signature):8}  bytes a signature, and {len(sample.bands)} keys")
    print(f"{average:8.2f}  candidates a lookup, the most {max(evaluation.candidates)}")
    print(f"{candidates_among_unrelated():8.2f}  candidates a lookup among {UNRELATED} unrelated")
    print(f"{library[0]:8.1f}  ms and {library[1]:.1f} MB to import rensa")
    print(f"{whole[0]:8.1f}  ms and {whole[1]:.1f} MB to import newscrawl.items.similarity with it")


if __name__ == "__main__":
    main()
