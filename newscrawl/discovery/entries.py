"""Entries of feeds, sitemaps and REST lists, and a bounded XML reader for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

from lxml import etree

from newscrawl.text import fold
from newscrawl.urls import Address, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo

    from newscrawl.urls import SiteUrls

MAX_BYTES = 16 * 1024 * 1024
"""Maximum size of a decompressed document, the same as DOWNLOAD_MAXSIZE."""
MAX_RECORDS = 50_000
"""Entries of one document, as the sitemap protocol allows; further ones are not read."""
MAX_ELEMENTS = 1_000_000
"""XML elements of one document; 50,000 entries with pictures have fewer."""
MAX_ADDRESS = 2_000
"""Characters of an address; the sitemap protocol allows 2,048."""
_MAX_DATE = 60
_MAX_REASON = 200
_FIRST_YEAR = 1990
_BLANK = b"\xef\xbb\xbf \t\r\n"
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One article in a feed, a sitemap or a REST list."""

    address: Address
    """Canonical, of kind ARTICLE."""
    change_marker: int | None
    """Signed 64 bits that change when the source's entry for the article changes.

    For a feed a fingerprint of the text; for REST and sitemaps the time of the last change
    in seconds since 1970. Compare it only with that of the same source, and for equality: a
    time without an offset is taken as UTC here.
    """
    published: datetime | None = None
    """In UTC; None if the source states no offset."""
    modified: datetime | None = None
    """In UTC; None if the source states no offset."""
    post_id: int | None = None
    """WordPress post id, from REST."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The elements to read in one kind of XML document; names as `{namespace}name`."""

    root: str
    record: str
    fields: Mapping[tuple[str, ...], str]
    """Path of an element within the record to the key of its text."""
    repeated: frozenset[str] = frozenset()
    """Keys of which all texts are kept, one a line; of others the first one."""


@dataclass(slots=True)
class Records:
    """An lxml parser target that collects records.

    No tree is built: 16 MiB of small elements would need a gigabyte.
    """

    shapes: Mapping[str, Shape]
    shape: Shape | None = None
    records: list[dict[str, str]] = field(default_factory=list)
    """Key to text; the first non-empty element of each name, or all of a repeated one."""
    truncated: bool = False
    """Whether records were left out."""
    _elements: int = 0
    _record: dict[str, str] | None = None
    _path: list[str] = field(default_factory=list)
    _name: str | None = None
    _depth: int = 0
    _texts: list[str] = field(default_factory=list)

    def doctype(self, name: str | None, _public: str | None, _system: str | None) -> None:
        """Reject a document type declaration: it could declare entities, and no source needs it."""
        is_page = name is not None and name.lower() == "html"
        raise ValueError("it is a web page" if is_page else "it declares a document type")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Handle a start tag."""
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise ValueError(f"it has more than {MAX_ELEMENTS:,} elements")
        if self.shape is None:
            self.shape = self.shapes.get(tag)
            if self.shape is None:
                is_page = tag.rpartition("}")[2].lower() == "html"
                raise ValueError("it is a web page" if is_page else f"its root is <{tag[:80]}>")
        elif self._record is not None:
            self._path.append(tag)
            # Paths are short; a thousand nested elements must not be copied each time.
            if self._name is None and len(self._path) <= 2:
                self._begin(self.shape.fields.get(tuple(self._path)), attributes)
        elif tag == self.shape.record:
            self.truncated = len(self.records) >= MAX_RECORDS
            self._record = {}

    def _begin(self, name: str | None, attributes: Mapping[str, str]) -> None:
        # Atom: <link rel="alternate" type="text/html" href="…" />
        target = attributes.get("href")
        if name is None:
            return
        if target is None:
            self._name, self._depth, self._texts = name, len(self._path), []
        elif attributes.get("rel", "alternate") == "alternate":
            self._add_text(name, target)

    def _add_text(self, name: str, text: str) -> None:
        if self._record is None or self.shape is None or not text.strip():
            return
        known = self._record.get(name)
        if known is None:
            self._record[name] = text.strip()
        elif name in self.shape.repeated:
            self._record[name] = f"{known}\n{fold(text)}"

    def data(self, text: str) -> None:
        """Handle text."""
        if self._name is not None:
            self._texts.append(text)

    def end(self, _tag: str) -> None:
        """Handle an end tag."""
        if self._record is None:
            return
        if not self._path:
            if not self.truncated:
                self.records.append(self._record)
            self._record = None
            return
        if self._name is not None and len(self._path) == self._depth:
            self._add_text(self._name, "".join(self._texts))
            self._name = None
        self._path.pop()

    def close(self) -> Records:
        """Return the target itself, as lxml requires."""
        return self


def read_xml(
    body: bytes, url: str, noun: str, shapes: Iterable[Shape], limit: int = MAX_BYTES
) -> Records:
    """Return the records of an XML document.

    Control characters, invalid UTF-8 and white space before the declaration, which plugins
    leave behind, are repaired. Any other invalid XML is rejected, a truncated document as
    well, because its missing entries would count as known.

    Args:
        body: the document.
        url: its address, for the message.
        noun: what it should be, for the message.
        shapes: the kinds of document to accept.
        limit: its maximum size in bytes.

    Raises:
        ValueError: it is not one of `shapes`; the message is one line with `url`.
    """
    if len(body) > limit:
        raise refusal(url, noun, f"it is larger than {limit:,} bytes")
    target = Records({shape.root: shape for shape in shapes})
    parser = etree.XMLParser(
        # The type stubs of lxml require every method of a target, lxml itself none.
        target=cast("Any", target),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        etree.XML(_repaired(body), parser)
    except (etree.LxmlError, ValueError) as error:
        raise refusal(url, noun, str(error)) from None
    return target


def _repaired(body: bytes) -> bytes:
    body = body.translate(None, _CONTROLS).lstrip(_BLANK)
    encoding = body[:100].partition(b"?>")[0].lower()
    if b"encoding" in encoding and b"utf-8" not in encoding:
        return body
    return body.decode("utf-8", "replace").encode()


def refusal(url: str, noun: str, reason: str) -> ValueError:
    """Return the error for a source that cannot be read; its message is one line.

    >>> refusal("https://www.example.it/feed/", "feed", "it is a web page")
    ValueError('https://www.example.it/feed/ is not a feed: it is a web page')
    """
    return ValueError(f"{fold(url)[:MAX_ADDRESS]} is not a {noun}: {fold(reason)[:_MAX_REASON]}")


def address_of(link: str | None, base: str | None, urls: SiteUrls) -> Address | None:
    """Return the address that a link states; None for a link that is too long or not a URL."""
    if not link or len(link) > MAX_ADDRESS:
        return None
    try:
        return urls.understand(link, base)
    except ValueError:
        return None


def article(link: str | None, base: str | None, urls: SiteUrls) -> Address | None:
    """Return the address of an article of the site; None for any other link."""
    address = address_of(link, base, urls)
    return address if address is not None and address.kind is Kind.ARTICLE else None


def unique(entries: Iterable[Entry]) -> list[Entry]:
    """Return the first entry of each article."""
    by_url: dict[str, Entry] = {}
    for entry in entries:
        by_url.setdefault(entry.address.url, entry)
    return [*by_url.values()]


def moment(text: object, naive: tzinfo | None = None) -> datetime | None:
    """Return an ISO 8601 time in UTC; None if it is invalid or before 1990.

    Args:
        text: the time.
        naive: the time zone of a time without an offset; without it, the result is None.

    >>> moment("2026-09-12T00:30:00+02:00")
    datetime.datetime(2026, 9, 11, 22, 30, tzinfo=datetime.timezone.utc)
    >>> moment("2026-09-12") is moment("2026-09-12 00:30:00") is moment("ieri") is None
    True
    """
    if not isinstance(text, str) or len(text) > _MAX_DATE:
        return None
    try:
        value = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return in_utc(value.replace(tzinfo=naive) if value.tzinfo is None else value)


def in_utc(value: datetime) -> datetime | None:
    """Return `value` in UTC; None if it is naive, before 1990 or after the year 9999."""
    if value.tzinfo is None:
        return None
    try:
        value = value.astimezone(UTC)
    except OverflowError:
        return None
    return value if value.year >= _FIRST_YEAR else None


def seconds(value: datetime | None) -> int | None:
    """Return whole seconds since 1970.

    >>> seconds(moment("2026-09-12T00:30:00Z"))
    1789173000
    """
    return None if value is None else int(value.timestamp())


def fingerprint(*texts: str) -> int | None:
    """Return a hash of `texts` as a signed 64-bit integer; None if all are empty.

    >>> fingerprint("a", "b") != fingerprint("ab", ""), fingerprint("", "")
    (True, None)
    """
    if not any(texts):
        return None
    data = "\n".join(texts).encode("utf-8", "replace")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)
