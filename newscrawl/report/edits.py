"""What was changed in articles after they were first captured."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, Bar
from newscrawl.report.collection import moment
from newscrawl.report.html_elements import Cell, Chart, Edit, Part, Table, clipped, counted, kept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from newscrawl.report.collection import Archive, Version

_LISTED = 300
# A word or a sign, with the space behind it.
_TOKENS = re.compile(r"(?:\w+|[^\w\s])\s*")


class Revision(NamedTuple):
    """One revision after the first, and the one before it where the dumps have it."""

    article: str
    before: Version | None
    after: Version


def part(archive: Archive) -> Part:
    """Return the part of the page."""
    found = Part(
        "edits",
        "Edits",
        "An article whose headline, subtitle or text changed is written again as a new revision.",
    )
    all_revisions = [*revisions(archive)]
    if removed := archive.removed:
        found.tables.append(_removed(archive, removed, found.notes))
    if not all_revisions:
        found.notes.append("No article was revised.")
        return found
    counts = Counter(name for one in all_revisions for name in one.after.changed_fields)
    articles = len({one.article for one in all_revisions})
    found.notes.append(
        f"{counted(len(all_revisions), 'revision')} of {counted(articles, 'article')}."
    )
    if counts:
        found.charts.append(_chart(counts))
    headlines = [one for one in all_revisions if one.before and _differs(one.before, one.after)]
    headlines.sort(key=lambda one: one.after.fetched_at, reverse=True)
    lost = sum(not one.before and "headline" in one.after.changed_fields for one in all_revisions)
    if lost:
        found.notes.append(
            f"{counted(lost, 'changed headline')} whose earlier words are not in these dumps."
        )
    shown, note = kept(headlines, _LISTED, "changed headlines")
    found.notes += note
    found.edits = [_edit(archive, one) for one in shown]
    return found


def revisions(archive: Archive) -> Iterator[Revision]:
    """Yield all revisions but first ones, those of an article in their order."""
    for name, versions in archive.versions.items():
        for (first_seen, number), after in sorted(versions.items()):
            if number > 1:
                yield Revision(name, versions.get((first_seen, number - 1)), after)


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Return the words of both texts, each run of them marked "del", "ins" or "" as it was kept.

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
            # The same words, with the space of whichever has one.
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


def _longer(one: str, other: str) -> str:
    return max(one, other, key=len)


def _tidied(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the same without marked space at the end of words."""
    found: list[tuple[str, str]] = []
    for mark, text in pieces:
        word = text.rstrip() if mark else text
        space = text[len(word) :]
        if found and not found[-1][0] and not mark:
            found[-1] = ("", found[-1][1] + word)
        else:
            found.append((mark, word))
        if space:
            found.append(("", space))
    return found


def _differs(before: Version, after: Version) -> bool:
    return before.headline != after.headline


def _chart(counts: Counter[str]) -> Chart:
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    # A dump may name what it likes; the article has some forty fields.
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


def _edit(archive: Archive, one: Revision) -> Edit:
    assert one.before is not None
    entry = archive.entries[one.article]
    return Edit(
        Cell(entry.headline, entry.url),
        when(one.after.fetched_at, entry.zone),
        changes(one.before.headline, one.after.headline),
    )


def _removed(archive: Archive, removed: dict[str, str], notes: list[str]) -> Table:
    ordered = sorted(removed.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    rows, note = kept(ordered, _LISTED, "removed articles")
    notes += note
    return Table(
        "Articles that the site removed, the latest first",
        ["Article", "Found removed"],
        [
            [_named(archive, name), when(fetched_at, archive.zone_of(name))]
            for name, fetched_at in rows
        ],
    )


def _named(archive: Archive, name: str) -> Cell:
    entry = archive.entries.get(name)
    return Cell(entry.headline, entry.url) if entry else Cell(name, code=True)


def when(text: str, zone: tzinfo) -> str:
    """Return a moment as the page writes it."""
    found = moment(text, zone)
    return f"{found:%Y-%m-%d %H:%M}" if found else ""
