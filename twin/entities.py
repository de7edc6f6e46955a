"""The people, places and bodies that one article names, the same from title to end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from twin import italian
from twin.dating import MONTHS_IN_TEXT, WEEKDAYS
from twin.italian import Noun
from twin.wordlists import names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from twin.wordlists import Vocabulary

_PREPOSITIONS = frozenset({"di", "a", "da", "in", "su"})
_STRIDES = (1, 7, 11, 13, 17, 19, 23, 29, 31, 37)
_noun = cache(italian.noun)


def thousands(number: int) -> str:
    """Return a number with dots.

    >>> thousands(12400)
    '12.400'
    """
    return f"{number:,}".replace(",", ".")


_NOUN_FORMS: Mapping[str, Callable[[Noun], str]] = {
    "il": italian.definite,
    "un": italian.indefinite,
    "o": italian.ending,
}
_NUMBERS: Mapping[str, Callable[[Callable[[], float]], str]] = {
    "few": lambda draw: str(3 + int(draw() * 17)),
    "num": lambda draw: str(21 + int(draw() * 950)),
    "big": lambda draw: thousands(int(11 + draw() * 880) * 100 + int(draw() * 10) * 10),
    # Never 8 or 11, which would want "l’" for "il".
    "pct": lambda draw: f"{12 + int(draw() * 65)},{1 + int(draw() * 9)} per cento",
    "min": lambda draw: str(21 + int(draw() * 68)),
    "mln": lambda draw: f"{int(2 + draw() * 95)},{1 + int(draw() * 9)} milioni di euro",
    "year": lambda draw: str(1998 + int(draw() * 24)),
    "hour": lambda draw: f"{7 + int(draw() * 15)}.{int(draw() * 12) * 5:02d}",
    "wday": lambda draw: WEEKDAYS[int(draw() * 7)],
}


@dataclass(frozen=True, slots=True)
class PersonInNews:
    """A person in the news."""

    name: str
    surname: str
    office: Noun


class Entities:
    """Fills the slots of sentence patterns for one article.

    Fixed slots: `ev` (the event), `ente` (the body), `p1` `p2` `p3` (people), `city`.
    Others are drawn anew each time, without repeating while there are others left.
    """

    def __init__(self, vocabulary: Vocabulary, random: Random) -> None:
        self.vocabulary = vocabulary
        self.random = random
        self._drawn: dict[str, tuple[int, int, int]] = {}
        self._introduced: set[str] = set()
        self.event = _noun(self.draw("event", vocabulary.events))
        self.body = _noun(self.draw("body", vocabulary.bodies))
        self.places = names().abroad if vocabulary.abroad else names().cities
        self.city = self.draw("city", self.places)
        self.people = tuple(self._make_person() for _ in range(3))

    def draw(self, key: str, pool: Sequence[str]) -> str:
        """Return one of the pool that this article has not used yet, if there is one."""
        size = len(pool)
        start, stride, count = self._drawn.get(key) or (
            int(self.random.random() * size),
            next((s for s in _STRIDES[int(self.random.random() * len(_STRIDES)) :] if size % s), 1),
            0,
        )
        self._drawn[key] = (start, stride, count + 1)
        return pool[(start + stride * count) % size]

    def _make_person(self) -> PersonInNews:
        man, woman = self.vocabulary.roles[int(self.random.random() * len(self.vocabulary.roles))]
        if self.vocabulary.abroad and self.random.random() < 0.7:
            person = _noun(self.draw("foreign", names().foreign))
            office = Noun(man if person.gender == "m" else woman, person.gender)
            return PersonInNews(person.text, person.text.partition(" ")[2], office)
        surname = self.draw("surname", names().surnames)
        if self.random.random() < 0.5:
            return PersonInNews(f"{self.draw('man', names().men)} {surname}", surname, Noun(man))
        return PersonInNews(
            f"{self.draw('woman', names().women)} {surname}", surname, Noun(woman, "f")
        )

    def slot(self, name: str, form: str) -> str:
        """Return the words of a slot."""
        if name == "ev":
            return self._noun(self.event, form)
        if name == "ente":
            return self._noun(self.body, form)
        if name in ("p1", "p2", "p3"):
            return self._person(self.people[int(name[1]) - 1], form)
        if name == "city":
            return italian.to(self.city) if form == "a" else self.city
        if name == "city2":
            place = self.draw("city", self.places)
            return italian.to(place) if form == "a" else place
        if name == "asp":
            return self._noun(_noun(self.draw("asp", self.vocabulary.aspects)), form)
        if name == "body":
            return self._noun(_noun(self.draw("body", self.vocabulary.bodies)), form)
        if name == "month":
            month = MONTHS_IN_TEXT[int(self.random.random() * 12)]
            return italian.to(month) if form == "a" else month
        if name not in _NUMBERS:
            raise ValueError(f"unknown slot: {name}")
        return _NUMBERS[name](self.random.random)

    def _noun(self, item: Noun, form: str) -> str:
        if form in _PREPOSITIONS:
            return italian.joined(form, item)
        return _NOUN_FORMS[form](item) if form in _NOUN_FORMS else item.text

    def _person(self, person: PersonInNews, form: str) -> str:
        if not form:
            return person.name
        if form == "s":
            return person.surname
        if form == "o":
            return "a" if person.office.gender == "f" else "o"
        if form == "office":
            return person.office.text
        known = person.name in self._introduced
        self._introduced.add(person.name)
        if known and self.random.random() < 0.8:
            name = person.surname if self.random.random() < 0.8 else person.name
            if form == "a":
                return italian.to(name)
            return name if form == "r" else f"{form} {name}"
        if form == "r":
            return f"{italian.definite(person.office)} {person.name}"
        return f"{italian.joined(form, person.office)} {person.name}"

    def introduce_anew(self) -> None:
        """Give people their office again where they are next named."""
        self._introduced.clear()
