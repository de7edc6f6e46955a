"""Characters of pages."""

from __future__ import annotations

import pytest

from newscrawl import extract
from newscrawl.pages.charset import to_utf8

TEXT = "Perché l’Italia è «così», più 5 € in città: «PERCHÉ»"
PAGE = f"<html><head><meta charset='%s'></head><body><p>{TEXT}</p></body></html>"
LABELS = ("utf-8", "iso-8859-1", "windows-1252", "iso-8859-15", "utf-16", "gb2312", "no-such")


@pytest.mark.parametrize("header", ["", *LABELS])
@pytest.mark.parametrize("meta", LABELS)
@pytest.mark.parametrize("sent_in", ["utf-8", "cp1252", "utf-16", "utf-8-sig"])
def test_whatever_a_page_says_its_text_is_the_same(sent_in: str, meta: str, header: str) -> None:
    content_type = f"text/html; charset={header}" if header else None
    body, is_repaired = to_utf8((PAGE % meta).encode(sent_in), content_type)
    assert TEXT in body.decode()
    if sent_in == "utf-8" and {meta, header or meta} <= {"utf-8"}:
        assert not is_repaired


def test_a_page_in_utf8_is_returned_as_it_is() -> None:
    page = (PAGE % "utf-8").encode()
    body, is_repaired = to_utf8(page, "text/html; charset=UTF-8")
    assert body is page
    assert not is_repaired


KEPT = (
    "SÃO PAULO, NÃO, IRMÃ",
    "«MANHû e «MAÇû",
    "AMANHÃ\xa0É",
    "Â«così»",
    "Château d’If, âge, bâtiment",
    "ÃO Â ð â€",
)


@pytest.mark.parametrize("text", KEPT)
def test_real_texts_with_such_letters_stay(text: str) -> None:
    page = f"<p>{text}</p>".encode()
    assert to_utf8(page, "text/html; charset=utf-8") == (page, False)


def test_mojibake_beside_right_text_is_repaired() -> None:
    page = "<h1>Perché no</h1><p>perchÃ© “sì”, lâ€™una Ã¨ cittÃ\xa0</p><p>SÃO</p>".encode()
    body, is_repaired = to_utf8(page)
    assert body.decode() == "<h1>Perché no</h1><p>perché “sì”, l’una è città</p><p>SÃO</p>"
    assert is_repaired


def test_what_cannot_be_read_is_flagged() -> None:
    for page in (b"<p>\xe9\xe9 \x81</p>", "<p>è\ufffd</p>".encode(), "<p>è è".encode() + b"\x81"):
        body, is_repaired = to_utf8(page, "text/html; charset=utf-8")
        assert "\ufffd" in body.decode()
        assert is_repaired


def test_another_language_is_recognized_by_statistics() -> None:
    text = "Россия и мир: новости дня, политика и общество. " * 20
    body, is_repaired = to_utf8(f"<p>{text}</p>".encode("cp1251"), "text/html; charset=utf-8")
    assert text in body.decode()
    assert is_repaired


def test_extract_repairs_bytes_too() -> None:
    html = (
        "<html><head><meta charset='utf-8'></head><body class='single postid-7'>"
        "<h1 class='jeg_post_title'>Perché</h1><div class='entry-content content-inner'>"
        f"<p>{TEXT} {'parola ' * 40}</p></div></body></html>"
    )
    url = "https://www.alanews.it/2026/10/01/esteri/perche/"
    right, repaired = extract(html, url), extract(html.encode("cp1252"), url)
    assert right is not None
    assert repaired is not None
    assert (repaired.body, repaired.content_hash) == (right.body, right.content_hash)
    assert "charset_repaired" in repaired.flags
    assert "charset_repaired" not in right.flags
