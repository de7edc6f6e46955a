"""What a page and its response state on rights; only what a page has is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Rights
from newscrawl.rights import content_usage, licences, robots_directives, rsl, tdmrep
from newscrawl.rights.signals import PAGE, RSL_HTML, TDMREP_HEADER, TDMREP_HTML, Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    Values = Mapping[str, Sequence[str]]

X_ROBOTS = "x-robots-tag"
HEADERS = (X_ROBOTS, tdmrep.RESERVATION, tdmrep.POLICY, content_usage.NAME, "link")
"""The headers that state something, in lower case."""


def read_headers(headers: Values, url: str, statements: Statements) -> None:
    """Add what a response's headers state; `headers` maps names in lower case to field lines."""
    if not headers:
        return
    robots_directives.read_headers(headers.get(X_ROBOTS, ()), statements)
    tdmrep.read(
        TDMREP_HEADER,
        headers.get(tdmrep.RESERVATION, ()),
        headers.get(tdmrep.POLICY, ()),
        url,
        statements,
    )
    content_usage.read_header(headers.get(content_usage.NAME, ()), statements)
    licences.read_header(headers.get("link", ()), url, statements)


def read_metas(metas: Values, url: str, statements: Statements) -> None:
    """Add what a page's meta tags state; `metas` maps names in lower case to contents."""
    for name in filter(robots_directives.is_crawler, metas):
        robots_directives.read_meta(name, metas[name], statements)
    if tdmrep.RESERVATION in metas or tdmrep.POLICY in metas:
        reservations, policies = metas.get(tdmrep.RESERVATION, ()), metas.get(tdmrep.POLICY, ())
        tdmrep.read(TDMREP_HTML, reservations, policies, url, statements)


def read_page(  # noqa: PLR0913 - the places of a page where something may stand
    url: str,
    *,
    headers: Values,
    metas: Values,
    links: Iterable[tuple[str, str]] = (),
    scripts: Iterable[str] = (),
    articles: Iterable[dict[str, Any]] = (),
    find: Callable[[str], Mapping[str, Any] | None] = lambda _: None,
) -> Statements:
    """Return all that a page and its response state.

    Args:
        url: address of the page, to which relative ones belong.
        headers: of the response, names in lower case, each with its field lines.
        metas: contents of the meta tags by name in lower case.
        links: `href` and `type` of the elements with rel="license".
        scripts: texts of the scripts with RSL's media type.
        articles: the article's own nodes of JSON-LD.
        find: returns the node of JSON-LD with an `@id`.
    """
    statements = Statements()
    read_metas(metas, url, statements)
    read_headers(headers, url, statements)
    licences.read_links(links, url, statements)
    for script in scripts:
        try:
            contents = rsl.parse(script.encode("utf-8", "replace"))
        except ValueError:
            statements.ignore(RSL_HTML)
        else:
            rsl.read(contents, RSL_HTML, PAGE, [url], statements)
            statements.ignored += [RSL_HTML] * sum(content.ignored for content in contents)
    licences.read_jsonld(articles, find, url, statements)
    return statements


def rights_of(statements: Statements) -> Rights:
    """Return statements as a part of an article."""
    reserved, policy = tdmrep.outcome(statements.signals)
    return Rights(reserved, policy, ", ".join(statements.robots) or None, statements.signals)
