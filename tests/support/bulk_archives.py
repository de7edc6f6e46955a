"""WARC files of many articles of a twin, some of them copied by another site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.warc_files import Archive
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN, COPIES = "http://127.0.0.1:8000", "http://127.0.0.1:9000"


def archives(folder: Path, files: int, each: int) -> list[Path]:
    """Write files with so many articles each; the last file has copies of the first one's."""
    content, switches = Content(size=max((files - 1) * each, 50)), Switches()
    site = Site(content, switches, ORIGIN, Index(content))
    pages: list[tuple[str, bytes]] = []
    for post in content.posts[: (files - 1) * each]:
        path = addresses.path(post, switches)
        pages.append((path, answer(site, Asked(path)).encoded()))
    paths = []
    for number in range(files):
        archive = Archive()
        is_copy = number == files - 1
        first = 0 if is_copy else number * each
        for path, body in pages[first : first + each]:
            origin = COPIES if is_copy else ORIGIN
            archive.response(origin + path, body.replace(ORIGIN.encode(), origin.encode()))
        paths.append(archive.save(folder / f"{number:02d}.warc.gz"))
    return paths
