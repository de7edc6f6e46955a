"""The archives from which fuzzing starts: whole ones, and one of each kind of damage."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from itertools import count
from typing import TYPE_CHECKING

import brotli

from tests.fuzzing.archive_targets import AS_A_WHOLE, BY_RECORD, CUT_OFF, RAW, in_form
from tests.support.warc_files import DATE, Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SITE, _OTHER = "https://www.alanews.it", "https://www.example.it"
_PATH = "/2026/11/20/esteri/un-titolo-qui/"
_TEXT = "Il consiglio ha approvato la delibera dopo una lunga discussione in aula. "
_HTML = ("Content-Type", "text/html; charset=UTF-8")
_UUID = re.compile(rb"urn:uuid:[0-9a-f-]{36}")
_DATE = re.compile(rb"(?<=WARC-Date: )[^\r]+")
_LENGTH = re.compile(rb"(?<=Content-Length: )\d+")
_POST = (
    b'[{"id": 7, "link": "%s", "date_gmt": "2026-11-20T10:00:00", "title": {"rendered": "Titolo"},'
    b' "content": {"rendered": "<p>%s</p>"}, "author": 1, "categories": [2]}]'
) % (f"{_SITE}{_PATH}".encode(), (_TEXT * 3).encode())


def _page(number: int = 1, origin: str = _SITE) -> bytes:
    address = f"{origin}{_PATH}"
    return f"""<!doctype html><html lang="it"><head><title>Titolo {number}</title>
<link rel="canonical" href="{address}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-20T10:00:00+01:00"></head>
<body><article><h1>Titolo {number}</h1><p>{_TEXT * 2}</p></article></body></html>""".encode()


def _of_others() -> Archive:
    archive = Archive(is_gzip=False)
    archive.info(software="other/1.0")
    archive.response(
        f"{_OTHER}/robots.txt", b"User-agent: *\nContent-Signal: ai-train=no\n",
        (("Content-Type", "text/plain"),),
    )  # fmt: skip
    archive.request(f"{_OTHER}{_PATH}")
    archive.response(f"{_OTHER}{_PATH}", _page(origin=_OTHER))
    return archive


def _of_ours() -> Archive:
    archive = Archive(is_gzip=False)
    archive.ours(_SITE)
    url = f"{_SITE}{_PATH}"
    number = archive.response(url, _page())
    archive.request(url)
    archive.metadata(number, url, outcome="written", url=url)
    return archive


def _revisits() -> Iterator[Archive]:
    for named in (
        {"WARC-Refers-To": "<urn:uuid:00000000-0000-4000-8000-000000000000>"},
        {"WARC-Refers-To-Target-URI": f"{_OTHER}{_PATH}", "WARC-Refers-To-Date": DATE},
        {"WARC-Refers-To-Filename": "input.warc.gz", "WARC-Refers-To-File-Offset": "0"},
        {"WARC-Refers-To-Filename": "../x", "WARC-Refers-To-File-Offset": "999999999999999"},
    ):
        archive = _of_others()
        archive.response(f"{_OTHER}{_PATH}", b"", [_HTML], kind="revisit", fields=named)
        yield archive


def _encoded() -> Iterator[Archive]:
    """Yield pages in transfer and content codings, right and wrong ones."""
    page = _page(origin=_OTHER)
    chunked = b"%x\r\n%s\r\n10;a=b\r\n" % (len(page), page) + b" " * 16 + b"\r\n0\r\n\r\n"
    for coding, body in (
        ("gzip", gzip.compress(page, mtime=0)),
        ("gzip", gzip.compress(page, mtime=0)[:-40]),
        ("gzip, gzip", gzip.compress(gzip.compress(page, mtime=0), mtime=0)),
        ("deflate", zlib.compress(page)),
        ("deflate", zlib.compress(page)[2:-4]),
        ("br", brotli.compress(page)),
        ("zstd", page),
        ("unknown", page),
    ):
        archive = Archive(is_gzip=False)
        archive.response(f"{_OTHER}{_PATH}", body, [_HTML, ("Content-Encoding", coding)])
        yield archive
    for body in (chunked, page, chunked[:-60], b"ffffffffffff\r\n" + page):
        archive = Archive(is_gzip=False)
        archive.response(f"{_OTHER}{_PATH}", body, [_HTML, ("Transfer-Encoding", "chunked")])
        yield archive


def _of_other_kinds() -> Iterator[Archive]:
    ours = _of_ours()
    ours.conversion("<urn:uuid:0>", f"{_SITE}{_PATH}", _page(2))
    yield ours
    silent = Archive(is_gzip=False)
    silent.info(software="other/1.0")
    silent.request(f"{_OTHER}/")
    yield silent
    resources = Archive(is_gzip=False)
    resources.resource(f"{_OTHER}{_PATH}", _page(origin=_OTHER), "text/html")
    resources.resource("dns:www.example.it", b"127.0.0.1", "text/dns")
    yield resources
    posts = Archive(is_gzip=False)
    posts.ours(_SITE, source="rest")
    url = f"{_SITE}/wp-json/wp/v2/posts?page=1"
    number = posts.response(url, _POST, [("Content-Type", "application/json")])
    posts.metadata(number, url, article=f"{_SITE}{_PATH}")
    yield posts
    parts = _of_ours()
    url = f"{_SITE}{_PATH}2/"
    parts.metadata(parts.response(url, _page(2)), url, outcome="part", part="2", of=_SITE + _PATH)
    yield parts


def _with_length(data: bytes, change: Callable[[int], int]) -> bytes:
    """Return records of which the last states another length."""
    *_, last = _LENGTH.finditer(data)
    return data[: last.start()] + b"%d" % change(int(last[0])) + data[last.end() :]


def _damaged() -> Iterator[bytes]:
    whole = _of_others().data
    yield from (
        _with_length(whole, change)
        for change in (
            lambda length: length - 30,
            lambda length: length + 30,
            lambda _: 10 * 1024**3,
            lambda _: 10**30,
        )
    )
    yield _LENGTH.sub(b"%d" % (10 * 1024**3), whole)
    yield whole.replace(b"WARC-Payload-Digest: sha1:", b"WARC-Payload-Digest: sha1:A")
    yield whole.replace(b"WARC-Date: ", b"WARC-Data: ")
    yield whole.replace(b"WARC-Target-URI: ", b"WARC-Target-URI: <http://[")
    yield whole.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 -9 OK")
    yield whole.replace(b"WARC-Type: response", b"WARC-Type: continuation")
    yield whole[:-200]
    yield whole[:-200] + whole
    yield b"\nWARC/1.0" * 60
    yield b"filedesc://x.arc 0.0.0.0 20261128100000 text/plain 76\n1 0 x\n"


def _with_fixed_ids(data: bytes) -> bytes:
    """Return records with ids and times that are the same each time."""
    numbers = count(1)
    known: dict[bytes, bytes] = {}
    for number in _UUID.findall(data):
        known.setdefault(number, b"urn:uuid:00000000-0000-4000-8000-%012d" % next(numbers))
    data = _UUID.sub(lambda match: known[match[0]], data)
    return _DATE.sub(DATE.encode(), data)


def _records() -> Iterator[bytes]:
    archives = [_of_others(), _of_ours(), *_revisits(), *_encoded(), *_of_other_kinds()]
    yield from (_with_fixed_ids(archive.data) for archive in archives)
    yield from map(_with_fixed_ids, _damaged())


def warcs() -> Iterator[bytes]:
    """Yield inputs of the target `warc`."""
    for number, data in enumerate(_records()):
        yield bytes([BY_RECORD]) + data
        yield bytes([(RAW, AS_A_WHOLE, CUT_OFF)[number % 3]]) + data
    yield bytes([RAW]) + in_form(bytes([BY_RECORD]) + _with_fixed_ids(_of_others().data))


def _zip(
    *members: tuple[str, bytes],
    how: int = zipfile.ZIP_STORED,
    comment: bytes = b"",
    zip64: bool = False,
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as packed:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2026, 11, 28, 10, 0, 0))
            info.compress_type = how
            with packed.open(info, "w", force_zip64=zip64) as member:
                member.write(data)
        packed.comment = comment
    return buffer.getvalue()


def waczs() -> Iterator[bytes]:
    """Yield inputs of the target `wacz`."""
    ours, others = (_with_fixed_ids(archive.data) for archive in (_of_ours(), _of_others()))
    packed = in_form(bytes([BY_RECORD]) + others)
    index, pages = ("datapackage.json", b"{}"), ("pages/pages.jsonl", b"{}\n")
    plain = ("archive/a.warc", ours)
    whole = _zip(("archive/a.warc.gz", packed), plain, index, pages)
    yield whole
    yield _zip(("archive/a.warc.gz", packed))
    for how in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        compressed = _zip(plain, index, how=how)
        yield compressed
        yield compressed[:200] + bytes(20) + compressed[220:]
    for name in (
        "/archive/a.warc", "archive/../../a.warc", "..\\archive\\a.warc", "archive/a\n\x1b.warc",
        "archive/", "archive/a.warc/", "archive/\N{GREEK SMALL LETTER ALPHA}.warc", "a.warc",
    ):  # fmt: skip
        yield _zip((name, ours), index)
    yield _zip(("archive/a.warc.gz", b""), plain)
    yield _zip(index, pages)
    yield _zip(("archive/a.warc", b"filedesc://x"), index)
    yield _zip(plain, comment=b"PK\x05\x06" * 9)
    yield _zip(plain, zip64=True)
    yield b"MZ" * 50 + _zip(plain)
    yield from _damaged_zips(_zip(plain))
    yield from _damaged_zips(whole)


def _damaged_zips(whole: bytes) -> Iterator[bytes]:
    """Yield a ZIP with damage in each of its parts (APPNOTE.TXT, 4.3)."""
    directory, end = whole.index(b"PK\x01\x02"), whole.rindex(b"PK\x05\x06")
    yield whole[:end]
    yield whole[:-3]
    yield whole[:directory] + whole[end:]
    yield b"XX" + whole[2:]
    for place, form, value in (
        (directory + 6, "<H", 99),  # version needed
        (directory + 8, "<H", 1),  # encrypted
        (directory + 8, "<H", 0x800),  # names in UTF-8
        (directory + 10, "<H", 97),  # an unknown method
        (directory + 20, "<L", 0xFFFFFFF0),  # compressed size
        (directory + 24, "<L", 0xFFFFFFF0),  # size
        (directory + 24, "<L", 0xFFFFFFFF),  # size of ZIP64, without its extra field
        (directory + 28, "<H", 0xFFFF),  # length of the name
        (directory + 42, "<L", 0x7FFFFFFF),  # where the member begins
        (directory + 42, "<L", 3),
        (26, "<H", 0xFFFF),  # length of the name before the member
        (end + 10, "<H", 9_999),  # number of members
        (end + 12, "<L", 0x7FFFFFFF),  # size of the directory
        (end + 16, "<L", 0x7FFFFFFF),  # where the directory begins
    ):
        size = struct.calcsize(form)
        yield whole[:place] + struct.pack(form, value) + whole[place + size :]
    # Every member is the same bytes.
    entry = whole[directory : whole.find(b"PK\x01\x02", directory + 4) % len(whole)]
    if entry.count(b"PK\x01\x02") == 1:
        several = entry * 50
        tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 50, 50, len(several), directory, 0)
        yield whole[:directory] + several + tail


SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {"warc": warcs, "wacz": waczs}
