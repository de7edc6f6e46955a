"""The comparison of a page with a second witness, without a crawl."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newscrawl.extraction import second_witness
from newscrawl.extraction.second_witness import FEED, REST, Furniture, Pair, compare, is_edited
from newscrawl.extraction.text_agreement import difference
from newscrawl.items import Article, Author, Image

PARAGRAPHS = [
    f"Il paragrafo numero {number} racconta per filo e per segno che cosa ha deciso il consiglio, "
    f"e cita {number + 3} pareri." for number in range(6)
]  # fmt: skip
UPLOADS = "https://www.example.it/wp-content/uploads/2026/11"
PAGE = Article(
    id="example:7",
    url="https://www.example.it/2026/11/23/esteri/un-titolo/",
    headline="L’intesa – un «titolo»",
    authors=[Author("Anna Bruni"), Author("Carlo Dini")],
    date_published="2026-11-23T10:00:05+01:00",
    date_published_precision="second",
    date_modified="2026-11-23T12:00:07+01:00",
    date_modified_precision="second",
    section="Esteri",
    sections=["Esteri"],
    keywords=["dazi", "Cina"],
    image=Image(f"{UPLOADS}/porto.jpg"),
    body="\n\n".join(PARAGRAPHS),
    fetched_at="2026-11-23T12:00:00Z",
)


def fields(page: Article, witness: Article, source: str = REST) -> tuple[set[str], set[str]]:
    """Return the fields that were compared, and those that disagree."""
    pair = Pair.of(page, witness, source)
    found = compare(pair, Furniture.of([pair]))
    return {*found.compared}, {one.field for one in found.differences}


def test_what_is_the_same_agrees() -> None:
    same = replace(PAGE, headline="L'intesa - un «titolo»", keywords=["cina", "Dazi"])
    assert fields(PAGE, same) == ({*second_witness.FIELDS}, set())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("headline", "L’intesa – un altro titolo"),
        ("authors", [Author("Carlo Dini")]),
        ("date_published", "2026-11-23T11:00:05+01:00"),
        ("date_published", "2026-11-23T10:00:06+01:00"),
        ("section", "Politica"),
        ("sections", ["Politica"]),
        ("keywords", ["dazi"]),
        ("keywords", ["dazi", "Cina", "porto"]),
        ("image", Image(f"{UPLOADS}/porto-2.jpg")),
        ("body", "\n\n".join([*PARAGRAPHS, "Una riga."])),
        ("body", PAGE.body.replace("3 pareri", "30 pareri")),
        ("body", "\n\n".join(reversed(PARAGRAPHS))),
    ],
)
def test_each_difference_is_found(name: str, value: Any) -> None:
    assert fields(PAGE, replace(PAGE, **{name: value}))[1] == {name}


@pytest.mark.parametrize("missing", range(6))
def test_a_missing_paragraph_is_found_wherever_it_was(missing: int) -> None:
    short = replace(PAGE, body="\n\n".join(p for n, p in enumerate(PARAGRAPHS) if n != missing))
    pair = Pair.of(short, PAGE, REST)
    (found,) = compare(pair, Furniture.of([pair])).differences
    assert (found.field, found.page, found.witness) == ("body", "", PARAGRAPHS[missing])


@pytest.mark.parametrize(
    ("name", "own", "other"),
    [
        ("authors", [Author("Anna Bruni")], [Author("di Anna Bruni")]),
        ("date_published", "2026-11-23T10:00:05+01:00", "2026-11-23T09:00:05+00:00"),
        ("image", Image(f"{UPLOADS}/porto-1024x576.jpg"), Image(f"{UPLOADS}/porto-scaled.jpg")),
        ("image", Image(f"{UPLOADS}/porto.jpg.webp"), Image(f"{UPLOADS}/porto.jpg")),
        ("body", "Uno.\n\nDue.", "Uno. Due."),
        ("body", "Uno.\n\nDue.\n\nFine", "Uno. Due.\n\nFine"),
        # The theme inserts a short line.
        ("body", f"{PARAGRAPHS[0]}\n\nLeggi anche: un altro titolo\n\n{PARAGRAPHS[1]}",
         f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}"),
    ],
)  # fmt: skip
def test_other_forms_of_the_same_value_agree(name: str, own: Any, other: Any) -> None:
    compared, wrong = fields(replace(PAGE, **{name: own}), replace(PAGE, **{name: other}))
    assert name in compared
    assert wrong == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authors", []),
        ("date_modified", None),
        ("section", None),
        ("sections", []),
        ("sections", ["Mondo", "Esteri"]),
        ("keywords", []),
        ("image", None),
        ("body", ""),
        ("flags", ["truncated"]),
    ],
)
def test_what_a_record_does_not_state_is_not_counted(name: str, value: Any) -> None:
    compared, wrong = fields(PAGE, replace(PAGE, **{name: value}))
    assert ("body" if name == "flags" else name) not in compared
    assert wrong == set()


def test_a_precision_of_minutes_and_days() -> None:
    minute = replace(
        PAGE, date_published="2026-11-23T10:00:00+01:00", date_published_precision="minute"
    )
    day = replace(PAGE, date_published="2026-11-23", date_published_precision="day")
    for page in (minute, day):
        assert fields(page, PAGE)[1] == set()
    other = replace(PAGE, date_published="2026-11-24T00:00:05+01:00")
    assert fields(day, other)[1] == fields(minute, other)[1] == {"date_published"}


def test_an_edit_in_between_is_not_a_wrong_time_zone() -> None:
    def at(page: str | None, witness: str | None, body: str = PAGE.body) -> bool:
        own = replace(PAGE, date_modified=page)
        return is_edited(Pair.of(own, replace(PAGE, date_modified=witness, body=body), REST))

    assert not at(PAGE.date_modified, "2026-11-23T11:00:07+00:00")
    assert at(PAGE.date_modified, "2026-11-23T12:40:09+01:00")
    assert not at(PAGE.date_modified, "2026-11-23T13:00:07+01:00")
    assert at(PAGE.date_modified, "2026-11-23T13:00:07+01:00", "Un altro testo.")
    # The page states no change: one after the page was read is an edit.
    assert at(None, "2026-11-23T13:00:01+01:00")
    assert not at(None, "2026-11-23T12:59:59+01:00")
    assert not at(PAGE.date_modified, None)


def test_lines_of_the_site_are_no_text_of_an_article() -> None:
    box = "Iscriviti alla nostra lettera settimanale per ricevere ogni venerdì il meglio della settimana nella tua casella"  # noqa: E501
    share = "Condividi questo articolo con chi vuoi, su tutte le reti"

    def pair(number: int, page: str = "", record: str = "") -> Pair:
        text = PARAGRAPHS[number]
        own, other = (f"{text}\n\n{more}" if more else text for more in (page, record))
        return Pair.of(replace(PAGE, body=own), replace(PAGE, body=other), REST)

    def wrong(pairs: list[Pair]) -> int:
        furniture = Furniture.of(pairs)
        return sum(bool(compare(one, furniture).differences) for one in pairs)

    assert wrong([pair(0, page=box)]) == 1
    assert wrong([pair(number, page=box) for number in range(2)]) == 0
    assert wrong([pair(number, record=share) for number in range(2)]) == 2
    assert wrong([pair(number, record=share) for number in range(3)]) == 0
    # A line that one of the pages has is not of a plugin.
    assert wrong([*(pair(n, record=share) for n in range(3)), pair(3, share, share)]) == 3


def test_a_feed_names_sections_among_tags_and_only_the_first_page() -> None:
    record = Article(
        headline=PAGE.headline,
        keywords=["Esteri", "Cina", "dazi"],
        body="\n\n".join(PARAGRAPHS[:3]),
    )
    assert fields(PAGE, record, FEED) == ({"headline", "keywords", "body"}, set())
    record.keywords.append("porto")
    record.body = "\n\n".join([*PARAGRAPHS[:2], "Una riga.", PARAGRAPHS[2]])
    assert fields(PAGE, record, FEED)[1] == {"keywords", "body"}


def test_long_and_repeated_texts_are_compared_in_bounded_time() -> None:
    lines = "\n\n".join(["la stessa riga"] * 50_000)
    found = difference(lines, f"{lines}\n\naltro")
    assert (len(found.page), len(found.witness)) == (1, 1)
