"""Short news items: one wording for each kind, other places, names and numbers each time."""

from __future__ import annotations

from functools import cache
from random import Random

from twin.dating import MONTHS_IN_TEXT, WEEKDAYS
from twin.entities import Entities
from twin.grammar import expand
from twin.toml_files import Table, read
from twin.wordlists import names, vocabulary

SAME_PLACE = 3
"""So many issues of a kind in a row are about the same places and people."""


class _File(Table, frozen=True):
    wheels: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]


@cache
def _wordings() -> _File:
    return read("data/short_news.toml", _File)


@cache
def kinds() -> tuple[str, ...]:
    """Return the names of the kinds."""
    return tuple(_wordings().kinds)


class _Facts:
    """Fills a wording: places and names from one source of chance, numbers from another."""

    def __init__(self, kind: str, issue: int, seed: int) -> None:
        name = f"{seed} {kind} {issue // SAME_PLACE}"
        self._names, self.random = Random(name), Random(f"{name} {issue}")
        self._entities = Entities(vocabulary("cronaca"), self._names)
        teams = self._names.sample(names().cities, 4)
        self._fixed = {f"team{number}": team for number, team in enumerate(teams, 1)}
        firms = self._names.sample(names().surnames, 4)
        self._fixed |= {"firm1": firms[0], "firm2": firms[1], "quarter": firms[2], "man": firms[3]}
        self._fixed["foreign"] = self._names.choice(names().foreign)[2:]
        self._fixed["city2"] = self._entities.slot("city2", "")

    def slot(self, name: str, form: str) -> str:
        if name in self._fixed:
            return self._fixed[name]
        low, dash, high = name.partition("-")
        if dash:
            return str(self.random.randint(int(low), int(high)))
        if name == "wday":
            return self.random.choice(WEEKDAYS)
        if name == "hour":
            return f"{self.random.randint(7, 22)}.{self.random.randint(10, 59)}"
        if name == "day":
            return f"{self.random.randint(12, 28)} {self.random.choice(MONTHS_IN_TEXT)}"
        if name == "wheels":
            wheels = _wordings().wheels
            draws = (self.random.sample(range(1, 91), 5) for _ in wheels)
            pairs = zip(wheels, draws, strict=True)
            return "; ".join(f"{wheel} {' '.join(map(str, drawn))}" for wheel, drawn in pairs)
        return self._entities.slot(name, form)


def short_news(kind: str, issue: int, seed: int) -> list[str]:
    """Return the paragraphs of one item of a kind; each issue tells of another event."""
    facts = _Facts(kind, issue, seed)
    return [expand(text, facts, facts.random) for text in _wordings().kinds[kind]]
