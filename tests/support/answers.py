"""One request of a twin, with the bytes of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import lxml.html

from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """What the twin answered, redirects not followed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    links: tuple[str, ...] = ()

    @property
    def page(self) -> Any:
        """The body as a tree of HTML."""
        return lxml.html.document_fromstring(self.body)

    @property
    def text(self) -> str:
        """The body as text in UTF-8."""
        return self.body.decode()


def ask(url: str, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
    """Return the answer to one request of the twin at `url`."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=HANG)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    body = urlencode(form) if form is not None else None
    try:
        connection.request("GET" if form is None else "POST", path, body, names)
        answer = connection.getresponse()
        links = tuple(answer.headers.get_all("Link") or ())
        return Answer(answer.status, dict(answer.headers.items()), answer.read(), links)
    finally:
        connection.close()
