"""What a page states on rights: in meta tags, links, scripts and JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.pages.structured import Meta
from newscrawl.rights.page_rights import read_page, rights_of
from newscrawl.rights.rsl import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

    from newscrawl.items.draft import Draft
    from newscrawl.pages.structured import JsonLd
    from newscrawl.rights.signals import Statements

_TAGS = ("link", "a", "area", "script")
_RELATION = "license"


def stated_rights(
    root: etree._Element,
    url: str,
    headers: Mapping[str, Sequence[str]],
    meta: Meta,
    jsonld: JsonLd,
) -> Statements:
    """Return all that a page and its response state.

    Args:
        root: of the page.
        url: its address.
        headers: field lines of the response's headers by name in lower case.
        meta: the page's meta tags.
        jsonld: its JSON-LD.
    """
    links, scripts = _elements(root)
    return read_page(
        url,
        headers=headers,
        metas=meta.contents,
        links=links,
        scripts=scripts,
        articles=jsonld.articles,
        find=jsonld.node,
    )


def of_further_page(
    root: etree._Element, url: str, headers: Mapping[str, Sequence[str]]
) -> Statements:
    """Return what a further page of an article and its response state, all but its JSON-LD.

    The arguments are those of `stated_rights`.
    """
    links, scripts = _elements(root)
    metas = Meta(root).contents
    return read_page(url, headers=headers, metas=metas, links=links, scripts=scripts)


def with_statements(draft: Draft, statements: Statements) -> Draft:
    """Return a draft with what its page states, and with what is not recorded of it."""
    draft.article.rights = rights_of(statements)
    draft.ignored_statements = statements.ignored
    draft.licence_documents = statements.documents
    return draft


def _elements(root: etree._Element) -> tuple[list[tuple[str, str]], list[str]]:
    """Return `href` and `type` of the links to licences, and the licences in scripts."""
    links, scripts = [], []
    # An XPath of the same takes ten times as long.
    for element in root.iter(*_TAGS):
        relation, media_type = element.get("rel"), element.get("type")
        if relation and _RELATION in relation.lower().split():
            if address := element.get("href"):
                links.append((address, media_type or ""))
        elif media_type and MEDIA_TYPE in media_type.lower() and element.text:
            scripts.append(element.text)
    return links, scripts
