"""A server that hands on what a twin answers, and alters its REST list of posts."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

POSTS = "/wp-json/wp/v2/posts"


@dataclass
class Answer:
    """An answer of the list."""

    status: int
    headers: dict[str, str]
    body: bytes
    query: dict[str, str] = field(default_factory=dict)
    """Of the request."""

    @property
    def records(self) -> list[dict[str, Any]]:
        """The posts."""
        records: list[dict[str, Any]] = json.loads(self.body)
        return records

    def set_records(self, records: list[Any]) -> None:
        """Replace the posts."""
        self.body = json.dumps(records).encode()


@dataclass
class AlteredSite:
    """A running server."""

    url: str
    paths: list[str] = field(default_factory=list)
    """What was requested, in order."""


@contextmanager
def altered(
    twin_url: str,
    alter: Callable[[Answer], None],
    query: Callable[[dict[str, str]], Mapping[str, str]] = dict,
) -> Iterator[AlteredSite]:
    """Give a server in front of a twin.

    Args:
        twin_url: the twin.
        alter: changes an answer of the list of posts.
        query: returns the query that the twin gets for one of the list.
    """
    site = AlteredSite("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.paths.append(self.path)
            path, given = self.path, dict(parse_qsl(urlsplit(self.path).query))
            is_list = urlsplit(path).path == POSTS
            if is_list:
                path = f"{POSTS}?{urlencode(query(dict(given)))}"
            connection = HTTPConnection(urlsplit(twin_url).netloc, timeout=HANG)
            connection.request("GET", path, headers={"Host": self.headers["Host"]})
            response = connection.getresponse()
            kept = {"content-type", "x-wp-total", "x-wp-totalpages", "location"}
            headers = {k: v for k, v in response.headers.items() if k.lower() in kept}
            answer = Answer(response.status, headers, response.read(), given)
            connection.close()
            if is_list:
                alter(answer)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
