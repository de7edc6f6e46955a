"""Turns the bytes of a page into UTF-8, whatever the page says about its character set.

A byte order mark, the header and the page may contradict each other and the bytes, text may have
been read in the wrong character set before it was stored ("perchÃ©"), and a page may consist of
parts in several ones. What was not as stated has the flag `charset_repaired`.
"""

from __future__ import annotations

import codecs
import html
import re
from typing import TYPE_CHECKING, NamedTuple, cast

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAG = "charset_repaired"
_UTF_8, _WESTERN, _WITH_EURO = "utf-8", "cp1252", "iso8859-15"
_DECLARES_UTF_8 = (b'charset="UTF-8"', b'charset="utf-8"', b"charset=utf-8", b"charset=UTF-8")
_HEAD = 4_096
"""Bytes in which a page may declare its character set; browsers read 1,024."""
_REPLACEMENT = "\ufffd"
# What is not ASCII in texts of western Europe.
_TYPICAL = re.compile("[àèéìòùÀÈÉÌÒÙáíóúçñâêîôûäöüßÄÖÜÇ’‘“”„«»–—…€°·©®£§ªº\xa0\xad]+")
_ENOUGH = 3
"""Characters that are not in UTF-8 by chance."""
_TYPICAL_SHARE = 0.9
_SAMPLE = 20_000
_EURO = re.compile(r"\d\s?¤|¤\s?\d")
_ASCII = re.compile(r"[\x00-\x7f]+")
_UNUSED = re.compile("[\x80-\x9f]")
_BYTES_NOT_ASCII = re.compile(rb"[^\r\n]{0,80}[\x80-\xff][^\r\n]{0,80}")

# Text in UTF-8 that was read as Windows-1252 (or ISO 8859-1) has two to four characters for one.
_AS_WESTERN = {
    character: number
    for number in range(0x80, 0x100)
    for character in (chr(number), bytes([number]).decode(_WESTERN, "replace"))
    if character != _REPLACEMENT
}
_REST = re.escape("".join(c for c, number in _AS_WESTERN.items() if number < 0xC0))
_MISREAD = re.compile(f"[ÂÃ][{_REST}]|[âï][{_REST}]{{2}}|ð[{_REST}]{{3}}")
# These are in no other text; `Ã` ends words of Portuguese, in upper case.
_SURE = re.compile(
    f"Ã[¨©¬ˆ‰ƒ‚¢\x88\x89\x83\x82]|(?<=[a-zà-ÿ])Ã[\xa0²¹³¡]|â[€‚\x80\x82][{_REST}]|ðŸ[{_REST}]{{2}}"
)
_SEGMENT = re.compile(r"[^<>]+")
# Such text as character references, and as escapes of JSON. Bytes are searched faster.
_MISREAD_REFERENCE = re.compile(rb"&(?:Atilde|Acirc|acirc|#19[45]|#226|#[xX](?:[cC][23]|[eE]2));")
_MISREAD_ESCAPE = re.compile(rb"\\u00(?:[cC][23]|[eE]2)\\u")
_REFERENCES = re.compile(
    r"&(?:Atilde|Acirc|acirc|#19[45]|#226|#[xX](?:[cC][23]|[eE]2));"
    r"(?:&(?:[a-zA-Z]{2,8}|#\d{2,4}|#[xX][0-9a-fA-F]{2,4});|[\x80-\uffff])+"
)
_ESCAPES = re.compile(r"\\u00(?:[cC][23]|[eE]2)(?:\\u[0-9a-fA-F]{4})+")
_NO_SYNTAX = re.compile(r"[^\x00-\x1f\"&<>\\\ud800-\udfff]+")
_FEW = 40
_MAX_REPEATED = 3
"""How often text may have been read in the wrong character set."""


class Utf8Page(NamedTuple):
    """A page in UTF-8."""

    body: bytes
    is_repaired: bool
    """Whether its characters were not what the page or its response says, or not readable."""


def to_utf8(page: bytes, content_type: str | None = None, *, text: str | None = None) -> Utf8Page:
    r"""Return a page in UTF-8.

    What cannot be read is U+FFFD.

    Args:
        page: the bytes as sent, decompressed.
        content_type: the response's header; None where it is not known.
        text: the page's text, where it is known that the bytes are its UTF-8.

    >>> to_utf8("perché".encode("cp1252"), "text/html; charset=utf-8").body.decode()
    'perché'
    >>> to_utf8(b"perch&Atilde;&copy;, S&Atilde;O").body.decode()
    'perché, S&Atilde;O'
    >>> to_utf8("perchÃ©, SÃO «MANHû".encode()).body.decode()
    'perché, SÃO «MANHû'
    """
    if page.isascii() and b"\x00" not in page[:_HEAD] and b"\x1b" not in page:
        ascii_text = page.decode("ascii")
        as_meant = _reread_written_out(ascii_text, page)
        is_repaired = as_meant != ascii_text
        return Utf8Page(as_meant.encode() if is_repaired else page, is_repaired)
    stated = [*_stated(page, content_type)]
    is_stated = all(name == _UTF_8 for name in stated)
    if is_stated and text is None:
        text = _strict(page, _UTF_8)
    if is_stated and text is not None:
        body, is_repaired = page.removeprefix(codecs.BOM_UTF8), False
    else:
        text, encoding = _decoded(page, stated)
        is_repaired = encoding is None or any(other != encoding for other in stated)
        body = text.encode("utf-8", "replace")
    as_meant = text
    # Each takes a twentieth of the time of a search in bytes.
    if "Ã" in text or "â" in text or "ð" in text:
        as_meant = _SEGMENT.sub(_reread, text)
    as_meant = _reread_written_out(as_meant, body)
    if as_meant != text:
        body, is_repaired = as_meant.encode("utf-8", "replace"), True
    return Utf8Page(body, is_repaired or has_unreadable(text))


def has_unreadable(text: str | None) -> bool:
    """Return whether a text has characters that could not be read."""
    return text is not None and _REPLACEMENT in text


def _stated(page: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the character sets that a page states, the most reliable first."""
    bom, _ = read_bom(page)
    if bom is not None:
        yield bom
    if content_type and (encoding := http_content_type_encoding(content_type)):
        yield encoding
    first = page.find(b"charset=", 0, _HEAD)
    if first >= 0 and (
        page.startswith(_DECLARES_UTF_8, first)
        or any(page.find(mark, first, _HEAD) >= 0 for mark in _DECLARES_UTF_8)
    ):
        yield _UTF_8
    elif encoding := html_body_declared_encoding(page[:_HEAD]):
        # WHATWG HTML, 13.2.3.2: what can be read as ASCII is not UTF-16.
        yield _UTF_8 if encoding.startswith("utf-16") else encoding


def _decoded(page: bytes, stated: list[str]) -> tuple[str, str | None]:
    """Return a page's text and its encoding; None as encoding if it has several or unknown ones."""
    bom, mark = read_bom(page)
    if bom is not None and mark is not None:
        text = _strict(page[len(mark) :], bom)
        if text is not None:
            return text, bom
        page = page[len(mark) :]
    if (decoded := _wide(page, stated) or _as_utf8(page, stated)) is not None:
        return decoded
    # Without NUL it is not what is left of these.
    for encoding in stated:
        if not encoding.startswith("utf") and (text := _strict(page, encoding)) is not None:
            return _western(page, text, encoding)
    if _WESTERN not in stated and (likely := _most_likely(page)):
        text = _strict(page, likely)
        if text is not None:
            return _western(page, text, likely)
    return page.decode(_WESTERN, "replace"), None


def _strict(page: bytes, encoding: str) -> str | None:
    try:
        return page.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _wide(page: bytes, stated: list[str]) -> tuple[str, str] | None:
    """Return the text of a page in UTF-16 or UTF-32, in which each tag has NUL bytes."""
    if b"\x00" not in page[:_HEAD]:
        return None
    for encoding in (*stated, "utf-16-le", "utf-16-be"):
        text = _strict(page, encoding) if encoding.startswith(("utf-16", "utf-32")) else None
        if text is not None and "</" in text:
            return text, encoding
    return None


def _as_utf8(page: bytes, stated: list[str]) -> tuple[str, str | None] | None:
    """Return the text of a page that is in UTF-8 but for some bytes, which are Windows-1252."""
    whole = _strict(page, _UTF_8)
    readable = page.decode("utf-8", "ignore") if whole is None else whole
    valid = len(_ASCII.sub("", readable))
    if whole is not None:
        is_stated = stated[:1] in ([], [_UTF_8])
        western = page.decode(_WESTERN, "replace")
        if is_stated or valid >= _ENOUGH or _typical(whole) > _typical(western):
            return whole, _UTF_8
        return None
    invalid = len(page) - len(readable.encode())
    return (page.decode("utf-8", _BYTES_HANDLER), None) if valid > invalid else None


def _bytes_as_western(error: UnicodeError) -> tuple[str, int]:
    error = cast("UnicodeDecodeError", error)
    return error.object[error.start : error.end].decode(_WESTERN, "replace"), error.end


_BYTES_HANDLER = "newscrawl.western"
codecs.register_error(_BYTES_HANDLER, _bytes_as_western)


def _typical(text: str) -> float:
    """Return the share of characters of western Europe in what is not ASCII; 0 without any."""
    characters = _ASCII.sub("", text)
    return 1 - len(_TYPICAL.sub("", characters)) / len(characters) if characters else 0.0


def _western(page: bytes, text: str, encoding: str) -> tuple[str, str | None]:
    """Return a page's text and encoding, corrected among those of western Europe."""
    if encoding == _WESTERN and _EURO.search(text) and (euro := _strict(page, _WITH_EURO)):
        return (euro, _WITH_EURO) if not _UNUSED.search(euro) else (text, encoding)
    if encoding == _WESTERN:
        return text, encoding
    western = _strict(page, _WESTERN)
    if western is None:
        return text, encoding
    if _UNUSED.search(text):
        return western, _WESTERN
    is_single_byte = len(text) == len(page)
    if is_single_byte and _typical(western) >= _TYPICAL_SHARE > _typical(text):
        return western, _WESTERN
    return text, encoding


def _most_likely(page: bytes) -> str | None:
    """Return the most likely encoding of a page that states none, or a wrong one."""
    sample = b"\n".join(_BYTES_NOT_ASCII.findall(page))[:_SAMPLE]
    if _typical(sample.decode(_WESTERN, "ignore")) >= _TYPICAL_SHARE:
        return _WESTERN
    # Imported here: few pages need it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    best = from_bytes(sample).best()
    return best.encoding if best is not None else None


def _reread_written_out(text: str, page: bytes) -> str:
    """Return a page with the character references and escapes of such text repaired."""
    if _occurs(_MISREAD_REFERENCE, b"&", page):
        text = _REFERENCES.sub(lambda match: _as_meant(html.unescape(match[0]), match), text)
    if _occurs(_MISREAD_ESCAPE, b"\\", page):
        text = _ESCAPES.sub(lambda match: _as_meant(_unescaped(match[0]), match), text)
    return text


def _occurs(pattern: re.Pattern[bytes], first: bytes, page: bytes) -> bool:
    """Return whether a pattern that begins with the byte `first` matches anywhere in a page."""
    position = page.find(first)
    # Bytes are found faster than patterns, where there are few of them.
    for _ in range(_FEW):
        if position < 0 or pattern.match(page, position):
            return position >= 0
        position = page.find(first, position + 1)
    return position >= 0 and pattern.search(page, position) is not None


def _unescaped(escapes: str) -> str:
    return "".join(chr(int(digits, 16)) for digits in escapes.split("\\u")[1:])


def _as_meant(text: str, written: re.Match[str]) -> str:
    """Return what a text means; what is written if it is as it was meant."""
    before = written.string[max(written.start() - 1, 0) : written.start()]
    repaired = _repaired(before + text).removeprefix(before)
    # Characters of HTML and of JSON stay written out.
    return written[0] if repaired == text or not _NO_SYNTAX.fullmatch(repaired) else repaired


def _reread(segment: re.Match[str]) -> str:
    """Return a text between two tags as it was before it was read in the wrong character set."""
    return _repaired(segment[0])


def _repaired(text: str) -> str:
    for _ in range(_MAX_REPEATED):
        if not _SURE.search(text):
            break
        try:
            text = text.encode(_WESTERN).decode()
        except UnicodeError:
            # Other characters of the text are as they were meant.
            text = _MISREAD.sub(_as_character, text)
    return text


def _as_character(match: re.Match[str]) -> str:
    try:
        return bytes(_AS_WESTERN[character] for character in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]
