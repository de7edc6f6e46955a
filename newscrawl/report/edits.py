"""What was changed in articles after their first capture."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.formatting import counted
from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, Bar
from newscrawl.report.collection import parse_time
from newscrawl.report.html_elements import Cell, Chart, Edit, Part, Table, clipped, limited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from newscrawl.report.collection import Archive, Version

_LISTED = 300
# A word or a punctuation mark, with the space after it.
_TOKENS = re.compile(r"(?:\w+|[^\w\s])\s*")


class Revision(NamedTuple):
    """A revision after the first, and the previous one if the dumps have it."""

    article: str
    before: Version | None
    after: Version


def part(archive: Archive) -> Part:
    """Return this part of the page."""
    page_part = Part(
        "edits",
        "Edits",
        "An article whose headline, subtitle or text changed is written again as a new revision.",
    )
    all_revisions = [*revisions(archive)]
    if removed := archive.removed:
        page_part.tables.append(_removed(archive, removed, page_part.notes))
    if not all_revisions:
        page_part.notes.append("No article was revised.")
        return page_part
    counts = Counter(name for revision in all_revisions for name in revision.after.changed_fields)
    articles = len({revision.article for revision in all_revisions})
    page_part.notes.append(
        f"{counted(len(all_revisions), 'revision')} of {counted(articles, 'article')}."
    )
    if counts:
        page_part.charts.append(_chart(counts))
    headlines = [
        revision
        for revision in all_revisions
        if revision.before and revision.before.headline != revision.after.headline
    ]
    headlines.sort(key=lambda revision: revision.after.fetched_at, reverse=True)
    missing = sum(
        not revision.before and "headline" in revision.after.changed_fields
        for revision in all_revisions
    )
    if missing:
        page_part.notes.append(
            f"{counted(missing, 'changed headline')} whose earlier text is not in these dumps."
        )
    shown, note = limited(headlines, _LISTED, "changed headlines")
    page_part.notes += note
    page_part.edits = [_edit(archive, revision) for revision in shown]
    return page_part


def revisions(archive: Archive) -> Iterator[Revision]:
    """Yield all revisions after the first, those of an article in order."""
    for name, versions in archive.versions.items():
        for (first_seen, number), after in sorted(versions.items()):
            if number > 1:
                yield Revision(name, versions.get((first_seen, number - 1)), after)


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Return the words of both texts, in pieces marked "del", "ins" or "" (unchanged).

    >>> changes("Accordo sui dazi", "Intesa sui dazi")
    [('del', 'Accordo'), ('', ' '), ('ins', 'Intesa'), ('', ' sui dazi')]
    """
    old, new = _TOKENS.findall(clipped(before)), _TOKENS.findall(clipped(after))
    matcher = SequenceMatcher(
        None, [*map(str.rstrip, old)], [*map(str.rstrip, new)], autojunk=False
    )
    pieces: list[tuple[str, str]] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            # The same words, with the space of the text that has one.
            pieces.append(("", "".join(map(_longer, old[a:b], new[c:d]))))
            continue
        removed, added = "".join(old[a:b]), "".join(new[c:d])
        if removed:
            pieces.append(("del", removed))
        if removed and added and removed[-1:].isalnum() and added[:1].isalnum():
            pieces.append(("", " "))
        if added:
            pieces.append(("ins", added))
    return _tidied(pieces)


def _longer(first: str, second: str) -> str:
    return max(first, second, key=len)


def _tidied(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pieces without marked space at the end of words."""
    tidied: list[tuple[str, str]] = []
    for mark, text in pieces:
        word = text.rstrip() if mark else text
        space = text[len(word) :]
        if tidied and not tidied[-1][0] and not mark:
            tidied[-1] = ("", tidied[-1][1] + word)
        else:
            tidied.append((mark, word))
        if space:
            tidied.append(("", space))
    return tidied


def _chart(counts: Counter[str]) -> Chart:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    # A dump may name any number of fields; an article has about forty.
    bars = [Bar(clipped(name, 60), "revisions", count) for name, count in ranked[:40]]
    return Chart(
        "Fields that revisions changed",
        "Bars, the longest first: "
        + ", ".join(f"{clipped(name, 60)} {count:,}" for name, count in ranked[:3])
        + ".",
        lambda width: charts.bars(bars, {"revisions": COLOURS[0]}, width, "revisions"),
        Table(
            "Fields that revisions changed",
            ["Field", "Revisions"],
            [[Cell(name, code=True), count] for name, count in ranked[:40]],
        ),
    )


def _edit(archive: Archive, revision: Revision) -> Edit:
    assert revision.before is not None
    entry = archive.entries[revision.article]
    return Edit(
        Cell(entry.headline, entry.url),
        when(revision.after.fetched_at, entry.zone),
        changes(revision.before.headline, revision.after.headline),
    )


def _removed(archive: Archive, removed: dict[str, str], notes: list[str]) -> Table:
    ordered = sorted(removed.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    rows, note = limited(ordered, _LISTED, "removed articles")
    notes += note
    return Table(
        "Articles that the site removed, the latest first",
        ["Article", "Removal noticed"],
        [
            [_article_cell(archive, name), when(fetched_at, archive.zone_of(name))]
            for name, fetched_at in rows
        ],
    )


def _article_cell(archive: Archive, name: str) -> Cell:
    entry = archive.entries.get(name)
    return Cell(entry.headline, entry.url) if entry else Cell(name, code=True)


def when(text: str, zone: tzinfo) -> str:
    """Return a time as it is written in the page."""
    time = parse_time(text, zone)
    return f"{time:%Y-%m-%d %H:%M}" if time else ""
