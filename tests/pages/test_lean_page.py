"""Pages without their menus and code, as trafilatura gets them."""

from __future__ import annotations

from parsel import Selector

from newscrawl.pages.lean_page import LeanPage

LINKS = "".join(f"<li><a href='/sezione-{n}/'>Sezione {n}</a></li>" for n in range(4))
TEXT = "<p>Il ponte riapre <b>domani</b> dopo due anni di lavori.</p>"


def lean(body: str) -> tuple[str, int]:
    """Return the text of the lean copy of a page, and how many lists of links it has."""
    root = Selector(text=f"<html><body>{body}</body></html>", type="html").root
    before = "".join(root.itertext())
    page = LeanPage(root)
    text = " ".join("".join(page.copy().itertext()).split())
    assert "".join(root.itertext()) == before
    return text, len(page.link_lists)


def test_menus_are_left_out_and_the_text_behind_them_is_kept() -> None:
    """Only the list goes; the page itself is not changed."""
    text, lists = lean(f"<ul>{LINKS}</ul> Roma {TEXT}<ol>{LINKS}</ol>")
    assert (text, lists) == ("Roma Il ponte riapre domani dopo due anni di lavori.", 2)


def test_lists_of_text_are_kept() -> None:
    """Words outside links, links within the page, and few links do not make a menu."""
    entries = f"<li>Primo punto del piano</li>{LINKS}<li>Secondo punto del piano comunale</li>"
    anchors = "".join(f"<li><a href='#p{n}'>Punto {n}</a></li>" for n in range(4))
    few = "<li><a href='/a/'>Uno</a></li><li><a href='/b/'>Due</a></li>"
    text, lists = lean(f"<ul>{entries}</ul><ul>{anchors}</ul><ul>{few}</ul>")
    assert lists == 0
    assert "Primo punto del piano" in text
    assert "Punto 3" in text
    assert "Due" in text


def test_lists_of_sentences_that_are_links_are_kept() -> None:
    """A review of the press is text though all of it is links."""
    sentence = (
        "Il consiglio comunale ha approvato il bilancio di previsione con i voti della giunta"
    )
    entries = "".join(f"<li><a href='/{n}/'>{sentence} e {sentence}</a></li>" for n in range(4))
    text, lists = lean(f"<ul>{entries}</ul>")
    assert lists == 0
    assert text.count("bilancio") == 8


def test_code_is_left_out_but_for_data() -> None:
    """JSON-LD may hold the text; control characters behind code do no harm."""
    text, _ = lean(
        "<script>var a = 1;</script>\x0bRoma<!-- nota --><style>p {}</style>"
        "<script type='application/ld+json'>{}</script>"
    )
    assert text.replace("\x0b", "") == "Roma{}"
