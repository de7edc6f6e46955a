"""The address against which a page's relative addresses count."""

from __future__ import annotations

import pytest
from lxml import html

from newscrawl.pages.base_url import document_base

PAGE = "https://www.example.it/sport/un-titolo-qui/"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ('<base href="/esteri/">', "https://www.example.it/esteri/"),
        (
            '<base target="_blank"><base href=" ../ "><base href="/x/">',
            "https://www.example.it/sport/",
        ),
        (r'<base href="http:\\cdn.example.it\a\b">', "http://cdn.example.it/a/b"),
        (r'<base href="\\cdn.example.it/a/">', "https://cdn.example.it/a/"),
        ('<base href="https:///cdn.example.it/">', "https://cdn.example.it/"),
        ('<base href="data:text/html,x">', PAGE),
        ('<base href="javascript:alert(1)">', PAGE),
        ('<base href="file:///etc/">', PAGE),
        ("", PAGE),
    ],
)
def test_d6_the_base_is_read_as_browsers_read_it(base: str, expected: str) -> None:
    root = html.document_fromstring(f"<html><head>{base}</head><body><p>x</p></body></html>")
    assert document_base(root, PAGE) == expected
