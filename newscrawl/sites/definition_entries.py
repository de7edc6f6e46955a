"""The entries of a site's file: their names and types, and what is written about each."""

from __future__ import annotations

import difflib
import re
import tomllib
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

Place: TypeAlias = tuple[str | int, ...]
"""Where an entry is: `("sections", 2, "label")`."""


class EntryError(ValueError):
    """A file is wrong at a place, or at a line."""

    def __init__(self, text: str, place: Place = (), line: int | None = None) -> None:
        super().__init__(text)
        self.text = text
        """What is wrong and what to do, as the end of a sentence that names the place."""
        self.place = place
        """Empty where the text is not TOML."""
        self.line = line
        """From 1; None where only the place is known."""


class SectionEntries(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The entries of a section, unchecked."""

    slug: str
    label: str
    parent: str | None = None
    url: str | None = None


class SiteEntries(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The entries of a site, unchecked; None for those that have their default."""

    name: str
    origin: str
    key: str | None = None
    hosts: tuple[str, ...] | None = None
    timezone: str
    language: str
    archive_paths: tuple[str, ...] | None = None
    permalinks: tuple[str, ...] = ()
    trailing_slash: bool = True
    query_names_page: bool = False
    exact_paths: bool = False
    shown_date: str = ""
    boilerplate: tuple[str, ...] = ()
    agencies: tuple[str, ...] | None = None
    article_page: str | None = None
    wordpress_page: str | None = None
    generic_page: str | None = None
    listing_page: str | None = None
    more_page: str | None = None
    menu_page: str | None = None
    sections: tuple[SectionEntries, ...] = ()


COMMENTS: dict[str, str] = {
    "name": "Name of the publication.",
    "origin": "Scheme and host of the site, without a path.",
    "key": "Begins the id of every article. Never change it once articles are in dumps.",
    "hosts": "Host names under which the same pages are served; all others are refused.",
    "timezone": "Time zone (IANA) in which the newsroom's days begin and end.",
    "language": "Language (BCP 47, such as it) of pages that state none.",
    "archive_paths": "Usual addresses of a section's archive; {path} is its slug.",
    "permalinks": (
        "Addresses of articles that end in a number, /archives/%post_id%, or in .html,\n"
        "/%category%/%postname%.html, are a title alone, /%postname%, or a parameter,\n"
        "/?p=%post_id%; all others need no entry."
    ),
    "shown_date": (
        "Which date an article shows: published or modified. A date of modification is then never\n"
        "that of publication; empty: metadata and the address decide."
    ),
    "trailing_slash": "Whether addresses end in a slash; false: /sport/un-titolo.",
    "query_names_page": (
        "Whether a query may be all that tells one article from another: /articolo.php?id=5.\n"
        "WordPress with permalinks ignores it: false."
    ),
    "exact_paths": (
        "Whether upper and lower case, and a slash at the end, may tell one article from another:\n"
        "/Sport/Un-Titolo. WordPress redirects to lower case and its own end: false."
    ),
    "boilerplate": (
        "Whole paragraphs that the publisher adds to articles; upper and lower case are the same.\n"
        "Text between slashes is a regular expression (Python's): '/riproduzione .* riservata/'."
    ),
    "agencies": "Names that are a picture's credit when they are alone.",
    "article_page": (
        "Page class that reads articles: jnews, wordpress, generic, or the dotted name of a class."
    ),
    "wordpress_page": "Page class for articles without the markup that article_page needs.",
    "generic_page": "Page class for articles without the markup that the classes before need.",
    "listing_page": "Page class for the archive of a section.",
    "more_page": "Page class for what an archive's button for more articles loads.",
    "menu_page": "Page class for the menu.",
    "sections": (
        "Sections in the order of the menu, parents before children; slug as in addresses, label\n"
        "as in the menu. parent: slug of the section above it. url: address of the archive, where\n"
        "the menu and archive_paths do not have it. Entries of the site come before the sections."
    ),
}
"""What is written above each entry, in this order."""

_EXAMPLES = {
    "name": "Notizie Nord",
    "origin": "https://www.example.it",
    "timezone": "Europe/Lisbon",
    "language": "it",
    "slug": "sport",
    "label": "Sport",
}
_EXPECTED = {"str": "text in quotes", "array": "a list in square brackets", "object": "a table"}
_WRITTEN = {
    "str": "text", "int": "a number", "float": "a number", "bool": "true or false",
    "array": "a list", "object": "a table", "date": "a date",
    "datetime": "a date", "time": "a time",
}  # fmt: skip
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")
_AT_PLACE = re.compile(r" - at `\$(.*)`\Z", re.S)
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_WRONG_TYPE = re.compile(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`\Z")
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`\Z", re.S)
_MISSING = re.compile(r"Object missing required field `(\w+)`\Z")


def read(text: str) -> SiteEntries:
    """Return the entries of a site's file.

    Raises:
        EntryError: the text is not TOML, an entry is unknown or missing or has another type.
    """
    try:
        document = tomllib.loads(text)
    except ValueError as error:
        _not_toml(str(error), text)
    except RecursionError:
        raise EntryError("lists or tables are nested too deeply") from None
    try:
        return msgspec.convert(document, SiteEntries, strict=True)
    except msgspec.ValidationError as error:
        _wrong_entry(str(error))


def _not_toml(message: str, text: str) -> NoReturn:
    at = _AT_LINE.search(message)
    message = _AT_LINE.sub("", message)
    line = None
    if at:
        line = int(at[1]) if at[1] else text.rstrip().count("\n") + 1
    if message.startswith("Invalid value"):
        message = "the value is invalid; text is written in quotes"
    elif "Cannot overwrite" in message:
        message = "the entry is already in the file above"
    raise EntryError(f"this is not valid TOML: {message}", line=line) from None


def _wrong_entry(message: str) -> NoReturn:
    at = _AT_PLACE.search(message)
    message = _AT_PLACE.sub("", message)
    steps = _STEP.finditer(at[1]) if at else ()
    place: Place = tuple(step[1] or int(step[2]) for step in steps)
    if wrong := _WRONG_TYPE.match(message):
        expected, written = _EXPECTED.get(wrong[1], wrong[1]), _WRITTEN.get(wrong[2], wrong[2])
        if place[0] == "sections" and len(place) < 3:
            expected = "written as [[sections]], once for each section"
        text = f"is {written}, it must be {expected}"
    elif unknown := _UNKNOWN.match(message):
        text = _unknown(unknown[1], place)
        place = (*place, unknown[1])
    elif missing := _MISSING.match(message):
        place = (*place, missing[1])
        text = f'is missing: write, for example, {missing[1]} = "{_EXAMPLES[missing[1]]}"'
    else:
        text = f"is wrong: {message}"
    raise EntryError(text, place) from None


def _unknown(name: str, place: Place) -> str:
    """Return what to do about an entry that a table does not have."""
    of_site = SiteEntries.__struct_fields__
    if not place:
        return f"is not an entry of a site: {closest(name, of_site, 'the entries are')}"
    if name in of_site:
        return "is an entry of the site: write it above the first [[sections]]"
    of_section = SectionEntries.__struct_fields__
    return f"is not an entry of a section: {closest(name, of_section, 'the entries are')}"


def closest(word: str, choices: Iterable[str], otherwise: str) -> str:
    """Return a hint: the choice that a word may mean, else all of them after `otherwise`."""
    choices = list(choices)
    close = difflib.get_close_matches(word, choices, n=1)
    return f"did you mean {close[0]}?" if close else f"{otherwise} {', '.join(choices)}"


def in_words(place: Place) -> str:
    """Return a place as text.

    >>> in_words(("sections", 2, "label"))
    'sections[2].label'
    """
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "".join(steps).removeprefix(".")
