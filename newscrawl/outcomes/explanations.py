"""Outcomes in plain words, for `scrapy ledger why`."""

from __future__ import annotations

from newscrawl.outcomes.outcome import (
    ALIAS,
    FEED_NOT_READ,
    OTHER,
    OUTSIDE,
    RIGHTS,
    ROBOTS,
    SECTION,
    WITHHELD,
    Kind,
)

_NOT_ARTICLE, _REJECTED = "not_article: ", "rejected: "
_PAGES = {
    "archive": "an archive",
    "attachment": "a page of a picture or a file",
    "embed": "an embedded post without text of its own",
    "home_page": "the home page",
    "needs_browser": "only a script fills the page, and there was no browser",
    "no_article": "nothing marks it as an article",
    "not_filled": "the browser ran the script, and the page stayed empty",
    "not_found": "the site's page for addresses that do not exist",
    "not_html": "not an HTML page",
    "password_protected": "it asks for a password",
    "preview": "a preview",
    "static_page": "a static page",
}
_LACKS = {"no_headline": "no headline", "no_url": "no address", "no_body": "no text"}
_UNCHANGED = {
    "another_worker": "another worker writes it",
    "same_article": "the same article as another address of the run",
    "truncated": "the page broke off; an earlier line is in the dumps",
}
_KINDS = {
    Kind.WRITTEN: "written",
    Kind.NOT_IN_DUMP: "read, but the run's FEEDS leave the dump out",
    Kind.TRUNCATED: "read, but the page broke off",
    Kind.READ: "read",
}


def explain(reason: str, kind: str | None = None) -> str:
    """Return an outcome in plain words.

    Args:
        reason: its reason, as the ledger stores it.
        kind: its kind; None where only the result is known, as in a migrated ledger.

    >>> explain("not_article: home_page")
    'not an article: home_page (the home page)'
    >>> explain("dates:2026-11-18", "excluded")
    "excluded: published 2026-11-18, outside the run's days"
    >>> explain("HTTP 503", "failed")
    'failed: HTTP 503'
    """
    if reason == ROBOTS:
        return "excluded: robots.txt forbids it"
    if reason == RIGHTS:
        return "excluded: its publisher reserves it, and RIGHTS_POLICY is respect"
    if reason == FEED_NOT_READ:
        return "not read: a feed that may state its rights was not, and RIGHTS_POLICY is respect"
    if reason.startswith(WITHHELD):
        use = reason.removeprefix(WITHHELD)
        return f"withheld: its page reserves {use}, and RIGHTS_POLICY is respect"
    if reason == SECTION:
        return "excluded: its page names other sections, and the archive does not list it"
    if reason.startswith(OUTSIDE):
        day = reason.removeprefix(OUTSIDE)
        published = f"published {day}" if day else "without a date"
        return f"excluded: {published}, outside the run's days"
    if reason.startswith(OTHER):
        return f"another article answered: {reason.removeprefix(OTHER)}"
    if reason.startswith(_NOT_ARTICLE):
        name = reason.removeprefix(_NOT_ARTICLE)
        return f"not an article: {name}{f' ({_PAGES[name]})' if name in _PAGES else ''}"
    if reason.startswith(_REJECTED):
        names = reason.removeprefix(_REJECTED)
        lacks = ", ".join(_LACKS.get(name, name) for name in names.split(", "))
        return f"rejected: {names} (read as an article with {lacks})"
    return _by_kind(reason, kind)


def group_of(reason: str) -> str:
    """Return a reason without the article that it names, to count addresses by reason.

    >>> group_of("other_article: example.it:2489"), group_of("HTTP 503")
    ('other_article', 'HTTP 503')
    """
    return OTHER.rstrip(": ") if reason.startswith(OTHER) else reason


def _by_kind(reason: str, kind: str | None) -> str:
    if reason.startswith(ALIAS):
        outcome = "unchanged" if kind == Kind.UNCHANGED else "written"
        return f"{outcome}: {reason.removeprefix(ALIAS)}, whose page names another address"
    if kind in _KINDS:
        return _KINDS[Kind(kind)]
    if kind == Kind.UNCHANGED:
        return f"unchanged: {_UNCHANGED.get(reason, 'the dumps have this revision')}"
    if kind == Kind.EXCLUDED:
        return "its page names other sections, but the archive lists it: requested again"
    if kind == Kind.MISSING:
        return f"missing: {reason}"
    if kind == Kind.GONE:
        return f"gone: {reason}, the line that says so was written"
    if kind == Kind.FAILED:
        return f"failed: {reason or 'no reason is recorded'}"
    return reason or "written"
