"""The words that articles are made of: names, sentence patterns and each section's vocabulary."""

from __future__ import annotations

from functools import cache

from twin.toml_files import FOLDER, Table, read

GENERAL = "general"
"""Name of the vocabulary of sections that have none of their own."""


class Names(Table, frozen=True):
    """Names that every section shares: twin/data/names.toml."""

    men: tuple[str, ...]
    women: tuple[str, ...]
    surnames: tuple[str, ...]
    foreign: tuple[str, ...]
    """Whole names, as `italian.noun` reads them."""
    cities: tuple[str, ...]
    abroad: tuple[str, ...]
    """Cities outside Italy."""
    credits: tuple[str, ...]
    """Who made a picture."""


class Phrases(Table, frozen=True):
    """Sentence patterns that fit any section: twin/data/phrases.toml."""

    leads: tuple[str, ...]
    context: tuple[str, ...]
    numbers: tuple[str, ...]
    reactions: tuple[str, ...]
    outlook: tuple[str, ...]
    frames: tuple[str, ...]
    """Sentences around a quotation."""
    quotes: tuple[str, ...]
    heads: tuple[str, ...]
    titles: tuple[str, ...]
    subtitles: tuple[str, ...]
    lists: tuple[str, ...]
    list_intros: tuple[str, ...]
    captions: tuple[str, ...]
    tweets: tuple[str, ...]
    read_also: tuple[str, ...]
    linking: tuple[str, ...]
    """Inner HTML with LINK and ANCHOR."""
    dates: tuple[str, ...]


class Vocabulary(Table, frozen=True):
    """What one section writes about: twin/vocabulary/SLUG.toml; nouns as `italian.noun` reads."""

    events: tuple[str, ...]
    """What the news is: "m:accordo sulla pesca". Singular."""
    bodies: tuple[str, ...]
    """Who acts, besides people. Singular."""
    roles: tuple[tuple[str, str], ...]
    """Offices, for a man and for a woman."""
    aspects: tuple[str, ...]
    """What the news touches: "m:costo dell’energia". Singular."""
    tags: tuple[str, ...]
    facts: tuple[str, ...]
    """Sentences, as `grammar` expands them."""
    quotes: tuple[str, ...]
    """What people say; a whole sentence without quotation marks or full stop."""
    heads: tuple[str, ...]
    titles: tuple[str, ...]
    abroad: bool = False
    """Whether the news comes from foreign cities and people."""


@cache
def names() -> Names:
    """Return the names."""
    return read("data/names.toml", Names)


@cache
def phrases() -> Phrases:
    """Return the patterns."""
    return read("data/phrases.toml", Phrases)


@cache
def vocabulary(section: str) -> Vocabulary:
    """Return the vocabulary of a section, the general one if it has none of its own."""
    own = FOLDER / "vocabulary" / f"{section}.toml"
    return read(f"vocabulary/{section if own.exists() else GENERAL}.toml", Vocabulary)
