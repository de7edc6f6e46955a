"""What must be true of all lines together: each revision once, each on top of the last.

A series is the dumps of one folder, those of a spider. An article's id, revisions and hashes
are shared by all series; its life begins anew, at revision 1, with another `first_seen_at`,
when the ledger was told to forget it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.dumps import Line
    from newscrawl.items import Article

AGAIN = "stands already in {place}; after -a known=write add --editions"


class _Seen(NamedTuple):
    """What is kept of a line: some 0.3 kB, however long the article is."""

    file: int
    number: int
    life: str | None
    revision: int
    content: int
    previous: int
    is_gone: bool
    says_status: bool


class Series:
    """Judges lines in the order in which they are read.

    Args:
        editions: a series may hold a revision several times, in different files, as it does
            after a run with `-a known=write`.
    """

    def __init__(self, *, editions: bool = False) -> None:
        self._editions = editions
        self._files: list[Path] = []
        self._seen: dict[str, list[_Seen]] = {}

    def faults_of(self, line: Line, article: Article) -> Iterator[tuple[str, str]]:
        """Return what is wrong with a line beside those before it."""
        if not self._files or self._files[-1] != line.path:
            self._files.append(line.path)
        new = _Seen(
            len(self._files) - 1,
            line.number,
            article.first_seen_at,
            article.revision,
            _short(article.content_hash),
            _short(article.previous_hash),
            article.status == "gone",
            "status" in article.changed_fields,
        )
        lines = self._seen.setdefault(article.id, [])
        yield from self._repeated(new, lines)
        same_life = [old for old in lines if old.life == new.life]
        yield from self._order(new, same_life)
        yield from self._chain(new, same_life)
        lines.append(new)

    def _repeated(self, new: _Seen, lines: list[_Seen]) -> Iterator[tuple[str, str]]:
        for old in lines:
            if old.revision != new.revision:
                continue
            same_file = old.file == new.file
            same_series = self._files[old.file].parent == self._files[new.file].parent
            if same_file or (same_series and old.life == new.life and not self._editions):
                again = AGAIN if not same_file else "stands already in {place}"
                yield "id", f"revision {new.revision} {again.format(place=self._place(old))}"
                return

    def _order(self, new: _Seen, lines: list[_Seen]) -> Iterator[tuple[str, str]]:
        for old in lines:
            if old.file == new.file and old.revision > new.revision:
                what = f"{new.revision} comes after {old.revision}, {self._place(old)}"
                yield "revision", what
                return

    def _chain(self, new: _Seen, lines: list[_Seen]) -> Iterator[tuple[str, str]]:
        for old in lines:
            if old.revision == new.revision and old.content != new.content:
                yield "content_hash", f"is another than in {self._place(old)}, the same revision"
                return
            if old.revision == new.revision and old.previous != new.previous:
                yield "previous_hash", f"is another than in {self._place(old)}, the same revision"
                return
            first, second = sorted((old, new), key=lambda seen: seen.revision)
            if second.revision != first.revision + 1:
                continue
            if second.previous != first.content:
                name = "previous_hash" if second is new else "content_hash"
                yield name, f"does not fit revision {old.revision}, {self._place(old)}"
                return
            if second.says_status != (first.is_gone or second.is_gone):
                what = f"does not fit the status of revision {old.revision}, {self._place(old)}"
                yield "changed_fields", what
                return

    def _place(self, seen: _Seen) -> str:
        return f"{self._files[seen.file]}:{seen.number}"


def _short(hashed: str | None) -> int:
    """Return 64 bits of a hash; 0 for none."""
    return int(hashed[:16], 16) if hashed else 0
