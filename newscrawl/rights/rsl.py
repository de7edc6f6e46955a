"""Reads licences of RSL 1.0 (RSL Technical Steering Committee, 10 December 2025).

Source: rslstandard.org/rsl, 3 (elements) and 4 (association); go by the namespace, as documents
are often served with another media type than `application/rsl+xml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from newscrawl.rights.path_patterns import PathPattern, path_of
from newscrawl.rights.signals import ALLOW, DENY, PAGE, RSL_ROBOTS, absolute
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from xml.etree.ElementTree import Element

    from newscrawl.items import Signal
    from newscrawl.rights.signals import Statements

NAME = "license"
"""Of the line of robots.txt, in lower case."""
NAMESPACE = "https://rslstandard.org/rsl"
MEDIA_TYPE = "application/rsl+xml"
MAX_BYTES = 1 << 20
_MAX_CONTENTS = 1_000
_MAX_DEPTH = 4
_MAX_URL = 2_000
_USES = {
    "all": "all",
    "ai-all": "ai",
    "ai-train": "train",
    "ai-input": "ai-input",
    "ai-index": "ai-index",
    "search": "search",
}
_PAYMENTS = frozenset(
    {
        "purchase", "subscription", "training", "crawl", "use", "contribution", "attribution",
        "free",
    }
)  # fmt: skip
_PERMISSIONS = {"permits": ALLOW, "prohibits": DENY}


@dataclass(frozen=True, slots=True)
class Term:
    """One statement of a licence."""

    use: str
    value: str
    raw: str


@dataclass(slots=True)
class Content:
    """The terms of some content of a site."""

    url: str
    """A pattern of paths or a full address as written; empty for where it is attached."""
    terms: list[Term] = field(default_factory=list)
    ignored: int = 0
    """How many terms are unknown or malformed."""

    def matches(self, urls: Sequence[str]) -> bool:
        """Return whether it is about the page with these addresses."""
        if not self.url:
            return True
        try:
            parts = urlsplit(self.url)
            if parts.netloc:
                host, rest = parts.netloc.lower(), self.url.split(parts.netloc, 1)[1]
                urls = [url for url in urls if urlsplit(url).netloc.lower() == host]
            else:
                rest = self.url
        except ValueError:
            return False
        pattern = PathPattern.parse(rest or "/")
        return any(pattern.matches(path_of(url)) for url in urls)


def parse(body: bytes) -> list[Content]:
    """Return the contents of a document, each with its terms.

    Raises:
        ValueError: it is not an RSL document, is larger than 1 MiB, or declares a document type
            or entities.
    """
    root = _root(body, MAX_BYTES)
    contents = [_content(element) for element in _several(root.iter(_name("content")))]
    if not contents and root.tag != _name("rsl"):
        raise ValueError("it is not an RSL document")
    return contents


def parse_feed(body: bytes, limit: int) -> Iterator[tuple[str, list[Content]]]:
    """Yield the links of a feed's items that have contents, with these.

    Raises:
        ValueError: as for `parse`.
    """
    for item in _root(body, limit).iter("item"):
        contents = [_content(element) for element in _several(item.iterfind(_name("content")))]
        if contents:
            yield (item.findtext("link") or "").strip(), contents


def read(
    contents: Iterable[Content],
    source: str,
    attached: str,
    urls: Sequence[str],
    statements: Statements,
) -> None:
    """Add the terms of every content that is about a page.

    Args:
        contents: of one document.
        source: how the document was found: `rsl/robots.txt` ...
        attached: scope of a content without an address, `site` or `page`.
        urls: addresses of the page.
        statements: is added to.
    """
    for content in contents:
        if content.matches(urls):
            for term in content.terms:
                statements.add(source, content.url or attached, term.use, term.value, term.raw)


def refusing_use(signals: Iterable[Signal]) -> str | None:
    """Return the use by which a licence keeps crawlers out: `all`, `payment`, `license-server`.

    They are a prohibition of `all`, payment for each crawl, and a server that wants a token
    first. A page's own terms replace the site's; of several the narrowest counts, and of two in
    one scope a refusal.

    >>> from newscrawl.items import Signal
    >>> site = [Signal("rsl/robots.txt", "/", "all", "deny", "")]
    >>> refusing_use(site)
    'all'
    >>> refusing_use([*site, Signal("rsl/robots.txt", "/free/", "all", "allow", "")])
    """
    terms = [s for s in signals if s.source.startswith("rsl/") and s.use != NAME]
    own = [signal for signal in terms if signal.source != RSL_ROBOTS]
    for use, refusal in (("all", DENY), ("payment", "crawl"), ("license-server", None)):
        stated = [signal for signal in own or terms if signal.use == use]
        narrowest = max(map(_width, stated), default=0)
        values = [signal.value for signal in stated if _width(signal) == narrowest]
        if values and (refusal is None or refusal in values):
            return use
    return None


def _width(signal: Signal) -> int:
    """Return a number that is greater for narrower scopes."""
    if signal.scope == PAGE:
        return _MAX_URL
    parts = urlsplit(signal.scope)
    if "/" not in signal.scope:
        return 0
    return PathPattern.parse(parts.path if parts.netloc else signal.scope).length


def _root(body: bytes, limit: int) -> Element:
    if len(body) > limit:
        raise ValueError(f"it is larger than {limit:,} bytes")
    try:
        root: Element = fromstring(body.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise ValueError(fold(str(error))[:200]) from None
    return root


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _several(elements: Iterable[Element]) -> Iterator[Element]:
    for _, element in zip(range(_MAX_CONTENTS), elements, strict=False):
        yield element


def _content(element: Element) -> Content:
    content = Content(fold(element.get("url", ""))[:_MAX_URL])
    server = element.get("server")
    if server is not None:
        # RSL Collective's own documents have a bare host there.
        address = absolute(server if "//" in server else f"https://{server.strip()}")
        if address is None:
            content.ignored += 1
        else:
            content.terms.append(Term("license-server", address, _start_tag(element)))
    for license_element in _several(element.iterfind(_name("license"))):
        for statement in license_element:
            _add_terms(statement, content)
    return content


def _add_terms(element: Element, content: Content) -> None:
    name, kind = _local(element), fold(element.get("type", "")).lower()
    if name == "payment":
        if kind in _PAYMENTS:
            content.terms.append(Term("payment", kind, _as_text(element)))
        else:
            content.ignored += 1
    elif name in _PERMISSIONS and kind == "usage":
        # Drafts before 1.0 separated them by commas.
        for word in (element.text or "").lower().replace(",", " ").split():
            use = _USES.get(word)
            if use is None:
                content.ignored += 1
            else:
                content.terms.append(Term(use, _PERMISSIONS[name], _as_text(element)))


def _local(element: Element) -> str:
    space, _, name = element.tag.rpartition("}")
    return name if space.removeprefix("{") == NAMESPACE else ""


def _start_tag(element: Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in element.attrib.items())
    return f"<{element.tag.rpartition('}')[2]}{attributes}>"


def _as_text(element: Element, depth: int = 0) -> str:
    """Return an element as XML without namespaces."""
    parts = [_start_tag(element), element.text or ""]
    if depth < _MAX_DEPTH:
        parts += [f"{_as_text(child, depth + 1)}{child.tail or ''}" for child in element]
    return f"{''.join(parts)}</{element.tag.rpartition('}')[2]}>"
