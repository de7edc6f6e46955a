"""What a page states on rights: in meta tags, links, scripts and JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.structured import Meta
from newscrawl.pages.tag_index import TagIndex
from newscrawl.rights.page_rights import read_page, rights_of
from newscrawl.rights.rsl import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newscrawl.items.draft import Draft
    from newscrawl.pages.structured import JsonLd
    from newscrawl.rights.signals import Statements

_TAGS = ("link", "a", "area")
# Hardly a page has a licence: these strings are read in a fraction of the time of the elements.
_RELATIONS = etree.XPath("descendant::a/@rel", smart_strings=False)
_RELATION = "license"


def stated_rights(
    tags: TagIndex,
    url: str,
    headers: Mapping[str, Sequence[str]],
    meta: Meta,
    jsonld: JsonLd,
) -> Statements:
    """Return all that a page and its response state.

    Args:
        tags: elements of the page.
        url: its address.
        headers: field lines of the response's headers by name in lower case.
        meta: the page's meta tags.
        jsonld: its JSON-LD.
    """
    return read_page(
        url,
        headers=headers,
        metas=meta.contents,
        links=_links(tags),
        scripts=_licences(tags),
        articles=jsonld.articles,
        find=jsonld.node,
    )


def of_further_page(
    root: etree._Element, url: str, headers: Mapping[str, Sequence[str]]
) -> Statements:
    """Return what a further page of an article and its response state, all but its JSON-LD.

    Args:
        root: of the page.
        url: its address.
        headers: as for `stated_rights`.
    """
    tags = TagIndex(root)
    return read_page(
        url,
        headers=headers,
        metas=Meta(root).contents,
        links=_links(tags),
        scripts=_licences(tags),
    )


def with_statements(draft: Draft, statements: Statements) -> Draft:
    """Return a draft with what its page states, and with what is not recorded of it."""
    draft.article.rights = rights_of(statements)
    draft.ignored_statements = statements.ignored
    draft.licence_documents = statements.documents
    return draft


def _links(tags: TagIndex) -> list[tuple[str, str]]:
    """Return `href` and `type` of the links to licences."""
    relations = [*_RELATIONS(tags.root), *[link.get("rel", "") for link in tags.links]]
    if _RELATION not in " ".join(relations).lower():
        return []
    return [
        (address, element.get("type") or "")
        for element in tags.root.iter(*_TAGS)
        if _RELATION in (element.get("rel") or "").lower().split()
        and (address := element.get("href"))
    ]


def _licences(tags: TagIndex) -> list[str]:
    """Return the texts of the scripts that are RSL documents."""
    return [
        script.text
        for script in tags.scripts
        if MEDIA_TYPE in (script.get("type") or "").lower() and script.text
    ]
