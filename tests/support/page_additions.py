"""What sites put around an article, and where: none of it belongs to the article."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree
from lxml import html as lxml_html

from newscrawl.text import fold
from tests.support.seed_pages import article_of, seed_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_MARK = "the place"
_SURE = 100
"""Characters that no two texts of a page share."""
# What HTML's parser moves elsewhere, or what it takes for the end of the element.
_STRICT = frozenset({"table", "tbody", "thead", "tr", "ul", "ol", "dl", "p", "html", "figure"})
_CARD = (
    "<h3><a href='/esteri/vertice-rinviato-a-maggio/'>Vertice rinviato a maggio, protestano "
    "i sindaci</a></h3>"
)
_POST = (
    "<article class='post-99 post type-post hentry'><header class='entry-header'><h2 class="
    "'entry-title'><a href='/esteri/vertice-rinviato/' rel='bookmark'>Vertice rinviato</a></h2>"
    "<span class='posted-on'><time class='entry-date published' datetime='2024-02-03T10:00:00Z'>"
    "3 Febbraio 2024</time></span><span class='byline'><span class='author vcard'><a rel='author' "
    "class='url fn n' href='/author/ugo-lari/'>Ugo Lari</a></span></span></header><div class="
    "'entry-summary'><p>I sindaci protestano: la riunione era attesa da mesi.</p></div></article>"
)
_LINKS = "".join(
    f"<li><a href='/esteri/{slug}/'>{slug.replace('-', ' ').capitalize()}</a></li>"
    for slug in ("vertice-rinviato-a-maggio", "strada-chiusa-per-frana", "mercato-in-centro")
)

ADVERTS = {
    "slot": "<div class='banner'><div class='gptslot' id='div-gpt-ad-1'></div></div>",
    "ins": "<div class='jeg_ad jeg_ad_article'><div class='ads-wrapper'><ins class='adsbygoogle' "
    "data-ad-client='ca-pub-1' data-ad-slot='2'></ins></div></div>",
    "picture": "<div class='adv'><span>Pubblicità</span><a href='https://ads.example/x'><img src="
    "'https://ads.example/b.jpg' width='300' height='250' alt='Offerta'></a></div>",
    "frame": "<iframe src='https://ads.example/frame' width='300' height='250'></iframe>",
    "label": "<div class='advertisement'>Pubblicità</div>",
}
RELATED = {
    "aside": f"<aside><h3>Potrebbe interessarti</h3><ul>{_LINKS}</ul></aside>",
    "cards": f"<div class='related-posts'><h3>Articoli correlati</h3><div>{_CARD}</div></div>",
    "posts": f"<section class='related-articles'><h2>Leggi anche</h2>{_POST}</section>",
    "list": f"<div class='related'><h4>Correlati</h4><ul>{_LINKS}</ul></div>",
    "read also": "<p>Leggi anche: <a href='/esteri/vertice/'>Vertice rinviato a maggio</a></p>",
    "read also, strong": "<p><strong>LEGGI ANCHE &gt; <a href='/esteri/vertice/'>Vertice rinviato"
    "</a></strong></p>",
    "label and list": f"<p>Leggi anche:</p><ul>{_LINKS}</ul>",
    "heading and list": f"<h3>Articoli correlati</h3><ul>{_LINKS}</ul>",
    "yarpp": f"<div class='yarpp yarpp-related'><h3>Related posts:</h3><ol>{_LINKS}</ol></div>",
    "widget": f"<div class='widget widget_recent_entries'><h4>Ultime</h4><ul>{_LINKS}</ul></div>",
}
SCRIPTS = {
    "inline": "<script>var text = '<p>Il testo <b>di uno script</b>.</p>'; push([text]);</script>",
    "file": "<script async src='https://cdn.example/a.js' data-id='9'></script>",
    "json": '<script type=\'application/json\'>{"headline": "Altro", "id": 5}</script>',
    "style": "<style>.content-inner p{margin:0} h1{color:red}</style>",
    "pixel": "<noscript><img height='1' width='1' style='display:none' src='https://t.example/p'>"
    "</noscript>",
}
COMMENTS = {
    "words": "<!-- Fine articolo / inizio banner -->",
    "markup": "<!-- <h1>Altro titolo</h1><div class='content-inner entry-content'><p>Un testo "
    "vecchio.</p></div> -->",
    "condition": "<!--[if lt IE 9]><script src='/html5.js'></script><![endif]-->",
}
SPACE = {"lines": "\n\n \t\r\n", "long": " " * 3_000}
# A parser ends the head where it begins.
_NO_BREAK = {"no-break": "\u00a0&nbsp;\n"}
_OF_READERS = {
    "of readers": "<div id='comments' class='comments-area'><h3>Un commento</h3><ol><li class="
    "'comment'><b class='fn'>lettore</b><p>Grazie della notizia, la aspettavo da giorni.</p></li>"
    "</ol></div>",
}

UNSEEN = {
    f"{kind}, {name}": html
    for kind, entries in (("script", SCRIPTS), ("comment", COMMENTS), ("space", SPACE))
    for name, html in entries.items()
}
"""May stand anywhere, in the head too."""
SHOWN = {
    f"{kind}, {name}": html
    for kind, entries in (
        ("advert", ADVERTS),
        ("related", RELATED),
        ("comments", _OF_READERS),
        ("space", _NO_BREAK),
    )
    for name, html in entries.items()
}
ADDITIONS = UNSEEN | SHOWN


@dataclass(frozen=True)
class _Text:
    """Where the text is on a page: the smallest element around it, and whether it is that alone."""

    element: Element
    is_alone: bool


def places(name: str) -> list[str]:
    """Return the places around the article of a page, in the order of the page."""
    return [*_pages(name)]


def wrappings(name: str) -> list[str]:
    """Return what may be wrapped: the text's container, its content, an element around it."""
    return [*_wrappable(name)]


def unchanged(name: str) -> str:
    """Return a page as the parser writes it, to which `with_addition` and `wrapped` add."""
    return _print(_parse(name))


def with_addition(name: str, place: str, addition: str) -> str:
    """Return a page with something of `ADDITIONS` at one of `places`."""
    return _pages(name)[place].replace(f"<!--{_MARK}-->", ADDITIONS[addition], 1)


def wrapped(name: str, what: str, attributes: str) -> str:
    """Return a page with a `div` around one of `wrappings`."""
    return _wrappable(name)[what].replace("<div the-wrapper", f"<div {attributes}", 1)


def _parse(name: str) -> Element:
    return lxml_html.document_fromstring(seed_page(name).html)


def _print(root: Element) -> str:
    return etree.tostring(root, encoding="unicode", method="html", doctype="<!doctype html>")


def _text_of(root: Element, name: str) -> _Text:
    """Return where the article's first and last paragraphs are."""
    article = article_of(name)
    assert article is not None
    texts = [fold(block.text) for block in article.blocks if block.type == "paragraph"]
    body = root.find("body")
    assert body is not None
    first, last = (_smallest(body, text) for text in (texts[0], texts[-1]))
    around = {*first.iterancestors(), first}
    element = next(node for node in (last, *last.iterancestors()) if node in around)
    if element.tag in _STRICT:
        element = next(node for node in element.iterancestors() if node.tag not in _STRICT)
    return _Text(element, next(element.iter("h1"), None) is None)


def _smallest(body: Element, text: str) -> Element:
    """Return the innermost of the first elements that hold a text's beginning."""
    start, inner = text[:_SURE], body
    while True:
        holding = (
            node
            for node in inner.iterchildren("*")
            if node.tag not in {"script", "style"} and start in fold("".join(node.itertext()))
        )
        child = next(holding, None)
        if child is None:
            return inner
        inner = child


@cache
def _pages(name: str) -> dict[str, str]:
    return dict(_marked(name))


def _marked(name: str) -> Iterator[tuple[str, str]]:
    """Yield the places of a page, each with the page that has the mark there."""
    root = _parse(name)
    text = _text_of(root, name)
    gaps: list[tuple[str, Element, int]] = []
    head = root.find("head")
    if head is not None:
        gaps += [(f"head {n}", head, n) for n in (0, len(head) // 2, len(head))]
    inner = text.element
    for level, outer in enumerate(text.element.iterancestors()):
        if outer.tag not in _STRICT:
            index = outer.index(inner)
            before, behind = {0, index // 2, index}, {index + 1, len(outer)}
            gaps += [(f"before {level} {n}", outer, n) for n in sorted(before)]
            gaps += [(f"behind {level} {n}", outer, n) for n in sorted(behind)]
        inner = outer
    for place, parent, index in gaps:
        mark = etree.Comment(_MARK)
        parent.insert(index, mark)
        yield place, _print(root)
        parent.remove(mark)


@cache
def _wrappable(name: str) -> dict[str, str]:
    root = _parse(name)
    text = _text_of(root, name)
    pages = {}
    around = [text.element, *(node for node in text.element.iterancestors())]
    for level, node in enumerate(around):
        for what, parts in (("element", [node]), ("content", None)):
            outer = node.getparent()
            is_strict = parts is not None and (outer is None or outer.tag in _STRICT)
            if node.tag in _STRICT or is_strict:
                continue
            copy = _parse(name)
            same = copy.getroottree().xpath(root.getroottree().getpath(node))[0]
            _wrap(same, is_content=parts is None)
            pages[f"{what} {level}"] = _print(copy)
    return pages


def _wrap(node: Element, *, is_content: bool) -> None:
    wrapper = node.makeelement("div", {"the-wrapper": ""})
    if is_content:
        wrapper.text, node.text = node.text, None
        wrapper.extend([*node])
        node.append(wrapper)
        return
    parent = node.getparent()
    assert parent is not None
    wrapper.tail, node.tail = node.tail, None
    parent.replace(node, wrapper)
    wrapper.append(node)
