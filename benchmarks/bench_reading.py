"""How right pages are read: `python -m benchmarks.bench_reading`.

Three sets, all made here or kept in tests/data: the cases, one page or text per kind of input; the
articles of the twin on the theme, each field against what the twin knows; those on three stock
themes of WordPress, with and without metadata. A page that is not taken for an article is lost, and
counts as wrong. The exit status is 1 while a number is missed.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import newscrawl
from tests.support import cases, stock_themes, truth
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme import stock
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin.model import Post

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)


def wrong_cases() -> list[str]:
    """Return the names of the cases that are not read as expected."""
    return [name for name in cases.CASES if cases.wrong(cases.FOLDER / name)]


def theme_pages(content: Content) -> Iterator[tuple[Post, str, bytes]]:
    """Yield post, address and HTML of each article that the theme shows on one page."""
    switches = Switches()
    site = Site(content, switches, stock_themes.ORIGIN, Index(content))
    for post in content.posts:
        if post.locked or len(post.pages) > 1:
            continue
        path = addresses.path(post, switches)
        yield post, stock_themes.ORIGIN + path, answer(site, Asked(path)).encoded()


def wrong_fields(content: Content) -> tuple[int, list[str], list[str]]:
    """Return how many pages of the theme were read, what is wrong in them, and those lost."""
    lines, lost = [], []
    for post, url, html in theme_pages(content):
        article = newscrawl.extract(html, url, fetched_at=NOW)
        if article is not None:
            lines.append(asdict(article))
        elif not (post.film or post.gallery):
            lost.append(url)
    return len(lines), truth.differences(lines, content, Switches()), lost


def main() -> int:
    """Print the figures; return 1 while one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=300, help="articles on the twin (300)")
    given = parser.parse_args()
    content = Content(size=given.size)
    failing = wrong_cases()
    print(f"cases: {len(cases.CASES) - len(failing)} of {len(cases.CASES)} right", *failing)
    missed = len(failing)
    count, differences, lost = wrong_fields(content)
    print(f"theme: {count} articles, {len(differences)} fields wrong", *differences[:5])
    print(f"theme: {len(lost)} pages with text lost", *lost[:5])
    missed += len(differences) + len(lost)
    print(f"{'stock theme':24}{'articles':>10}{'lost':>6}{'text F1':>10}{'lowest field':>26}")
    for theme in stock.THEMES:
        for metadata in stock_themes.METADATA:
            readings = stock_themes.read(theme, metadata, content)
            shares = readings.shares()
            lowest = min(shares, key=shares.__getitem__)
            name = f"{theme}, {'no' if metadata == 'none' else 'with'} metadata"
            lost_here = readings.extractors[""]
            figures = f"{len(readings.scores):10}{lost_here:6}{readings.f1():10.4f}"
            print(f"{name:24}{figures}{lowest:>18} {shares[lowest]:7.3f}")
            missed += lost_here
            missed += shares[lowest] < stock_themes.LEAST_RIGHT
            missed += readings.f1() < stock_themes.LEAST_F1
    limits = f"F1 at least {stock_themes.LEAST_F1}, each field {stock_themes.LEAST_RIGHT:.0%}"
    print(f"{limits}: {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
