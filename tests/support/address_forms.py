"""A server before a twin that gives its addresses another form, as other permalinks have.

The twin has all addresses with a slash at the end. In its answers they are written in the other
form, requests in that form are passed on, and those in the twin's own form are redirected.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from twin import addresses
from twin.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from twin.model import Switches
    from twin.process import TwinProcess

_PAGE = re.compile(r"page/(\d+)/\Z")
_PART = re.compile(r"(?<=/)\d+/\Z")
_FILE = re.compile(r"\.\w{2,5}\Z")
_SITEMAP = re.compile(r"/wp-sitemap-(\w+)-(?:(\w+)-)?(\d+)\.xml")


_OF_HOST = {"/robots.txt", "/.well-known/tdmrep.json"}
_NOT_FOUND = b"<html><head><title>Pagina non trovata</title></head><body>404</body></html>"


class Form:
    """One form of addresses; a path is that of the twin, an address what a site has instead."""

    def __init__(self, twin: TwinProcess, switches: Switches) -> None:
        content = twin.content()
        cards = [content.card(position) for position in range(len(content))]
        self.posts = {addresses.path(card, switches): card.id for card in cards}
        self._categories = {
            addresses.category_path(category.slug, switches): category.id for category in SECTIONS
        }
        self._paths: dict[str, str] = {}

    def address(self, path: str) -> str:
        """Return the address that a path has on the site."""
        target = path if _FILE.search(path) or path.startswith("/wp-") else self.changed(path)
        self._paths[target] = path
        return target

    def path(self, address: str) -> str | None:
        """Return the twin's path of an address; None if the site has not shown it."""
        return self._paths.get(address)

    def changed(self, path: str) -> str:
        """Return the address of a page."""
        raise AssertionError(path)


class NoSlash(Form):
    """`/%category%/%postname%`: no address ends in a slash."""

    def changed(self, path: str) -> str:
        return path.rstrip("/") or "/"


class Cased(Form):
    """Articles with capitals and no slash at the end, `/Sport/Un-Titolo`; no other form exists."""

    def changed(self, path: str) -> str:
        if _PART.sub("", path) not in self.posts:
            return path
        return re.sub(r"(?<=[/-])[a-z]", lambda match: match[0].upper(), path.rstrip("/"))


class Html(Form):
    """`/%postname%.html` and the like: as WordPress does, no other address has a slash either."""

    def changed(self, path: str) -> str:
        bare = path.rstrip("/") or "/"
        head, _, part = bare.rpartition("/")
        if f"{head}/" in self.posts and part.isdecimal():
            return f"{head}.html/{part}"
        return f"{bare}.html" if path in self.posts else bare


class Translated(Form):
    """`/pagina/2/` in place of `/page/2/`."""

    def changed(self, path: str) -> str:
        return _PAGE.sub(r"pagina/\1/", path)


class Plain(Form):
    """No permalinks: addresses are parameters."""

    def address(self, path: str) -> str:
        target = path if _FILE.search(path) and not path.endswith(".xml") else self.changed(path)
        self._paths[target] = path
        return target

    def changed(self, path: str) -> str:
        if path.startswith("/wp-json/"):
            return f"/index.php?rest_route={path.removeprefix('/wp-json')}"
        if path == "/wp-sitemap.xml":
            return "/?sitemap=index"
        if match := _SITEMAP.fullmatch(path):
            kind = {"sitemap": match[1], "sitemap-subtype": match[2], "paged": match[3]}
            return "/?" + urlencode({name: value for name, value in kind.items() if value})
        number = _PAGE.search(path)
        first = _PAGE.sub("", path)
        is_feed = first.endswith("/feed/")
        first = first.removesuffix("feed/") if is_feed else first
        parameters = self._parameters(first)
        parameters += [("feed", "rss2")] if is_feed else []
        parameters += [("paged", number[1])] if number else []
        return "/?" + urlencode(parameters) if parameters else "/"

    def _parameters(self, path: str) -> list[tuple[str, str]]:
        if path in self.posts:
            return [("p", str(self.posts[path]))]
        if path in self._categories:
            return [("cat", str(self._categories[path]))]
        parts = path.strip("/").split("/")
        if parts[0] in {"tag", "author"}:
            name = parts[1] if parts[0] == "tag" else str(900 + len(self._paths))
            return [(parts[0], name)]
        if re.fullmatch(r"/\d{4}(/\d\d){0,2}/", path):
            return [("m", "".join(parts))]
        return [("page_id", str(500_000 + sum(path.encode())))] if parts != [""] else []


class Script(Form):
    """Articles of a program: `/articolo.php?id=5`, linked with parameters that track readers."""

    def changed(self, path: str) -> str:
        first = _PART.sub("", path)
        if first not in self.posts:
            return path
        part = path.removeprefix(first).strip("/")
        return f"/articolo.php?id={self.posts[first]}" + (f"&page={part}" if part else "")


class Folder(Form):
    """A site in a folder of its host, `/blog/`."""

    def address(self, path: str) -> str:
        return path if path in _OF_HOST else f"/blog{path}"

    def path(self, address: str) -> str | None:
        if address in _OF_HOST:
            return address
        return address.removeprefix("/blog") if address.startswith("/blog/") else None


FORMS = {
    "folder": Folder,
    "no-slash": NoSlash,
    "cased": Cased,
    "html": Html,
    "pagina": Translated,
    "plain": Plain,
    "script": Script,
}


class Served:
    """The running server: its address, and what was requested of it."""

    def __init__(self, twin: TwinProcess, form: Form) -> None:
        self.url = ""
        self.requests: list[tuple[str, int]] = []
        """Address and status of each request."""
        self._twin = twin
        self._form = form

    def public(self, text: str, encoded: Callable[[str], str] = str) -> str:
        """Return a text with the site's addresses in place of the twin's."""
        pattern = re.compile(re.escape(self.url) + r"(/[^\s\"'<>?#&;\\]*)")
        return pattern.sub(lambda match: self.url + encoded(self._form.address(match[1])), text)

    def item(self, value: Any) -> Any:
        """Return an expected item with the site's addresses."""
        if isinstance(value, str):
            return self.public(value)
        if isinstance(value, list):
            return [self.item(entry) for entry in value]
        if isinstance(value, dict):
            return {name: self.item(entry) for name, entry in value.items()}
        return value

    def answer(self, target: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Return what the site answers at an address."""
        path, query = self._path(target)
        if path is None:
            return 404, {"Content-Type": "text/html"}, _NOT_FOUND
        own = self._form.address(path)
        is_other = own != target.partition("?")[0] and not isinstance(self._form, (Plain, Script))
        if (isinstance(self._form, Translated) and _PAGE.search(target)) or (
            is_other and isinstance(self._form, Cased)
        ):
            return 404, {"Content-Type": "text/html"}, _NOT_FOUND
        if is_other:
            return 301, {"Location": self.url + own}, b""
        connection = HTTPConnection(self._twin.url.partition("//")[2], timeout=60)
        try:
            host = {"Host": self.url.partition("//")[2], "Accept-Encoding": "identity"}
            connection.request("GET", path + (f"?{query}" if query else ""), headers=headers | host)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        kind = response.headers.get("Content-Type", "")
        kept = {"Content-Type": kind}
        if location := response.headers.get("Location"):
            kept["Location"] = self.public(location)
        return response.status, kept, self._rewritten(body, kind)

    def _path(self, target: str) -> tuple[str | None, str]:
        address, _, query = target.partition("?")
        if isinstance(self._form, Script) and address == "/articolo.php":
            return self._form.path(target), ""
        if isinstance(self._form, Folder):
            return self._form.path(address), query
        if not isinstance(self._form, Plain):
            known = self._form.path(address) or address
            is_page = not _FILE.search(known) and not known.startswith("/wp-")
            return (f"{known.rstrip('/')}/" if is_page else known), query
        parameters = dict(parse_qsl(query))
        if (route := parameters.pop("rest_route", None)) is not None:
            return f"/wp-json{route}", urlencode(parameters)
        if not query:
            # Nothing else is rewritten to WordPress.
            return (address if address == "/" or _FILE.search(address) else None), ""
        known_path = self._form.path(target)
        return (known_path if known_path is not None else self._guessed(parameters)), ""

    def _guessed(self, parameters: dict[str, str]) -> str | None:
        """Return the path of a page that nothing has linked."""
        paged = parameters.pop("paged", "")
        feed = "feed/" if parameters.pop("feed", "") else ""
        page = f"page/{paged}/" if paged else ""
        if not parameters:
            return f"/{feed}{page}"
        first = self._form.path("/?" + urlencode(parameters))
        month = parameters.get("m", "")
        if month.isdecimal() and len(month) == 6:
            first = f"/{month[:4]}/{month[4:]}/"
        return None if first is None else f"{first}{feed}{page}"

    def _rewritten(self, body: bytes, kind: str) -> bytes:
        if "json" in kind:
            return json.dumps(self.item(json.loads(body))).encode()
        if "xml" in kind:
            return self.public(body.decode(), lambda text: text.replace("&", "&amp;")).encode()
        if "html" in kind:
            text = self.public(body.decode(), lambda text: text.replace("&", "&#038;"))
            return text.encode()
        return self.public(body.decode()).encode() if "text/plain" in kind else body


@contextmanager
def other_addresses(twin: TwinProcess, switches: Switches, form: str) -> Iterator[Served]:
    """Serve a twin with addresses of another form; see `FORMS`."""
    served = Served(twin, FORMS[form](twin, switches))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = {
                name: value for name, value in self.headers.items()
                if name not in {"Host", "Accept-Encoding", "Connection"}
            }  # fmt: skip
            status, headers, body = served.answer(self.path, sent)
            served.requests.append((self.path, status))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        served.url = f"http://127.0.0.1:{running.server_address[1]}"
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield served
        running.shutdown()
        thread.join()
