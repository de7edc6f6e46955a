"""Rules of all lines together: each revision once, each based on the one before.

A series is the dumps of one folder, those of a spider, and numbers its revisions on its own.
An article's life begins again, at revision 1, with another `first_seen_at`,
after `scrapy ledger forget`. See decision 57 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newscrawl.items import FROM_REST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.dumps import Line
    from newscrawl.items import Article

AGAIN = "is already in {place}; after -a known=write add --editions"


class _Seen(NamedTuple):
    """What is kept of a line: about 0.3 kB, however long the article is."""

    file: int
    number: int
    life: str | None
    revision: int
    content: int
    previous: int
    is_gone: bool
    changed_status: bool
    is_from_rest: bool


class Series:
    """Checks lines in the order in which they are read.

    Args:
        editions: a series may have a revision several times, in different files, as after a run
            with `-a known=write`.
    """

    def __init__(self, *, editions: bool = False) -> None:
        self._editions = editions
        self._files: list[Path] = []
        self._seen: dict[str, list[_Seen]] = {}

    def faults_of(self, line: Line, article: Article) -> Iterator[tuple[str, str]]:
        """Return the faults of a line, given those before it."""
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
            FROM_REST in article.flags,
        )
        lines = self._seen.setdefault(article.id, [])
        yield from self._repeated(new, lines)
        folder = self._folder(new)
        same_life = [old for old in lines if old.life == new.life and self._folder(old) == folder]
        yield from self._order(new, same_life)
        yield from self._chain(new, same_life)
        lines.append(new)

    def gaps(self) -> Iterator[tuple[Path, int, str, str]]:
        """Return the lines before which revisions of a series are missing: file, line, fault.

        Only between lines that were given: what is before the first one may be elsewhere.
        """
        for lines in self._seen.values():
            last: dict[tuple[Path, str | None], int] = {}
            for seen in sorted(lines, key=lambda seen: seen.revision):
                key = self._folder(seen), seen.life
                before = last.get(key, seen.revision)
                if seen.revision > before + 1:
                    message = f"{seen.revision} follows {before}: a revision between is missing"
                    yield self._files[seen.file], seen.number, "revision", message
                last[key] = seen.revision

    def _folder(self, seen: _Seen) -> Path:
        return self._files[seen.file].parent

    def _repeated(self, new: _Seen, lines: list[_Seen]) -> Iterator[tuple[str, str]]:
        for old in lines:
            if old.revision != new.revision:
                continue
            same_file = old.file == new.file
            same_series = self._files[old.file].parent == self._files[new.file].parent
            if same_file or (same_series and old.life == new.life and not self._editions):
                again = AGAIN if not same_file else "is already in {place}"
                yield "id", f"revision {new.revision} {again.format(place=self._place(old))}"
                return

    def _order(self, new: _Seen, lines: list[_Seen]) -> Iterator[tuple[str, str]]:
        for old in lines:
            if old.file == new.file and old.revision > new.revision:
                message = f"{new.revision} comes after {old.revision}, {self._place(old)}"
                yield "revision", message
                return

    def _chain(self, new: _Seen, lines: list[_Seen]) -> Iterator[tuple[str, str]]:
        for old in lines:
            # A page states more of a text than a REST record, and so has another hash.
            is_comparable = old.is_from_rest == new.is_from_rest
            if old.revision == new.revision and is_comparable and old.content != new.content:
                yield "content_hash", f"differs from {self._place(old)}, the same revision"
                return
            previous = {old.previous, new.previous}
            if old.revision == new.revision and len(previous) > 1:
                before = {seen.content for seen in lines if seen.revision == new.revision - 1}
                if not previous <= before:
                    yield "previous_hash", f"differs from {self._place(old)}, the same revision"
                    return
            first, second = sorted((old, new), key=lambda seen: seen.revision)
            if second.revision != first.revision + 1:
                continue
            same = [seen.content for seen in (*lines, new) if seen.revision == first.revision]
            if second.previous not in same:
                name = "previous_hash" if second is new else "content_hash"
                yield name, f"does not fit revision {old.revision}, {self._place(old)}"
                return
            if second.changed_status != (first.is_gone or second.is_gone):
                place = self._place(old)
                message = f"does not fit the status of revision {old.revision}, {place}"
                yield "changed_fields", message
                return

    def _place(self, seen: _Seen) -> str:
        return f"{self._files[seen.file]}:{seen.number}"


def _short(hashed: str | None) -> int:
    """Return 64 bits of a hash; 0 for none."""
    return int(hashed[:16], 16) if hashed else 0
