"""A site that answers with WordPress's REST lists alone, as a test makes them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIMITS = {
    "after": ("date", 1), "before": ("date", -1),
    "modified_after": ("modified", 1), "modified_before": ("modified", -1),
}  # fmt: skip


def post(number: int, published: str, modified: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a record; times are local, an hour ahead of UTC."""
    modified = modified or published
    in_utc = [
        (datetime.fromisoformat(time) - timedelta(hours=1)).isoformat()
        for time in (published, modified)
    ]
    return {
        "id": number,
        "date": published,
        "date_gmt": in_utc[0],
        "modified": modified,
        "modified_gmt": in_utc[1],
        "status": "publish",
        "type": "post",
        "link": f"https://www.alanews.it/2026/11/03/esteri/un-titolo-di-prova-{number}/",
        "title": {"rendered": f"Titolo numero {number}"},
        "content": {
            "rendered": f"<p>Testo del pezzo numero {number}, con parole sue.</p>",
            "protected": False,
        },
        "author": 2,
        "featured_media": 0,
        "format": "standard",
        "categories": [5],
        "tags": [],
        "meta": [],
        **more,
    }


@dataclass
class RestSite:
    """The posts of a site, and how its REST interface differs from WordPress's."""

    posts: list[dict[str, Any]]
    cap: int = 100
    """Most posts of an answer."""
    prefix: bytes = b""
    """What precedes each list of posts."""
    ignores: frozenset[str] = frozenset()
    """Parameters without effect."""
    total: int | None = None
    """X-WP-Total, if it is not the number of posts."""
    largest: int | None = None
    """An answer with more posts fails with 500."""
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append(self.path)
                status, headers, body = site.answer(self.path)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Write nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of an answer."""
        parts = urlsplit(path)
        query = {k: v for k, v in parse_qsl(parts.query) if k not in self.ignores}
        kind = parts.path.rpartition("/")[2]
        if not parts.path.startswith("/wp-json/wp/v2/"):
            return 404, {}, b"not found"
        if kind == "posts":
            return self._list(self._chosen(query), query, self.prefix)
        records = {
            "users": [{"id": 2, "name": "Anna Rossi", "link": "https://www.alanews.it/author/a/"}],
            "categories": [
                {
                    "id": 5,
                    "name": "Esteri",
                    "slug": "esteri",
                    "parent": 0,
                    "count": 1,
                    "link": "https://www.alanews.it/category/esteri/",
                }
            ],
        }.get(kind, [])
        return self._list(records, query, b"")

    def _chosen(self, query: dict[str, str]) -> list[dict[str, Any]]:
        chosen = self.posts
        for name, (key, sign) in _LIMITS.items():
            if name in query:
                limit = datetime.fromisoformat(query[name])
                chosen = [
                    record
                    for record in chosen
                    if (datetime.fromisoformat(record[key]) - limit).total_seconds() * sign > 0
                ]
        order = query.get("orderby", "date")
        chosen = sorted(chosen, key=lambda record: (record[order], record["id"]))
        return chosen if query.get("order") == "asc" else chosen[::-1]

    def _list(
        self, records: Iterable[dict[str, Any]], query: dict[str, str], prefix: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        every = [*records]
        size, page = min(int(query.get("per_page", 10)), self.cap), int(query.get("page", 1))
        if page > 1 and (page - 1) * size >= len(every):
            return 400, {}, b'{"code": "rest_post_invalid_page_number", "message": "No."}'
        shown = every[(page - 1) * size : page * size]
        if self.largest is not None and len(shown) > self.largest:
            return 500, {}, b"out of memory"
        total = len(every) if self.total is None else self.total
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "X-WP-Total": str(total),
            "X-WP-TotalPages": str(-(-total // size)),
        }
        return 200, headers, prefix + json.dumps(shown).encode()
