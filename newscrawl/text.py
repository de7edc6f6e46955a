"""Normalises text of articles: white space, control characters, hashes."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import filterfalse

# C0 and C1 controls, soft hyphen, zero-width space, word joiner and invisible operators, BOM,
# bidi marks, embeddings and overrides, annotation marks, lone surrogates. Joiners stay where they
# are seen: U+200D between emoji and in scripts that join letters, U+200C in those scripts.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_JOINERS = re.compile(
    "(?<![\u0600-\u1cff])\u200c|\u200c(?![\u0600-\u1cff])"
    "|(?<![\u0600-\u1cff\u2190-\u2bff\ufe0f\U0001f000-\U000e007f])\u200d"
    "|\u200d(?![\u0600-\u1cff\u2190-\u2bff\U0001f000-\U000e007f])"
)
# Control characters of terminals and line separators; newlines and tabs stay.
# One slash is what is left of two in a path.
# A password may have what belongs into the path; what follows a port is one. `***` stays.
_CREDENTIALS = re.compile(
    r"""(:/{1,2})(?![^\s/?#"'<>@:]*:\*\*\*@)"""
    r"""(?:[^\s/?#"'<>]*@|[^\s/?#"'<>:\[]*:(?!\d*[/?#])[^\s"'<>]*@)"""
)
AT = re.compile(r"@|%40")
_MAX_SHOWN = 80
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_GRAPHEME_JOINER = "\u034f"
"""The only one of these characters that Python counts as printable."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BREAK = re.compile(r"</?(?:br|p|div|li)\b[^<>]{0,500}>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_LETTER = re.compile(r"[^\W_]")


def fold(text: str | None) -> str:
    r"""Return `text` without invisible characters, each run of white space as one space.

    White space is that of Unicode, including no-break spaces and the line separators U+2028
    and U+2029, which break a line of JSON Lines in some readers.

    >>> fold(" L\u2019intesa \n\u00a0 sulle\u2028terre\x00 rare ")
    'L’intesa sulle terre rare'
    """
    if not text:
        return ""
    if not text.isprintable() or _GRAPHEME_JOINER in text:
        if text.isspace():
            return ""
        text = _INVISIBLE.sub("", text)
        if "\u200c" in text or "\u200d" in text:
            text = _JOINERS.sub("", text)
    elif text[0] != " " != text[-1] and "  " not in text:
        # The only white space that is printable is the blank.
        return text
    return " ".join(text.split())


def printable(text: str) -> str:
    r"""Return `text` with control characters escaped; newlines and tabs stay.

    >>> print(printable("Titolo\x1b[2J\rfine"))
    Titolo\x1b[2J\rfine
    """
    return _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], text)


def without_credentials(text: str) -> str:
    """Return `text` without the user names and passwords of the addresses in it (RFC 3986, 3.2.1).

    >>> without_credentials("cannot write ftp://user:p@ss@example.it/a.jsonl, http://b.example/@c")
    'cannot write ftp://***@example.it/a.jsonl, http://b.example/@c'
    >>> without_credentials("http://user:p/ss@example.it/, http://b.example:8000/@c")
    'http://***@example.it/, http://b.example:8000/@c'
    >>> without_credentials("the ledger postgresql://name:***@127.0.0.1/news")
    'the ledger postgresql://name:***@127.0.0.1/news'
    """
    return _CREDENTIALS.sub(r"\1***@", text) if "@" in text else text


def shown(value: str) -> str:
    """Return what was typed for a message, without what may be a user name and a password.

    >>> shown("http://name:password@127.0.0.1:8000")
    "'…@127.0.0.1:8000'"
    """
    *secret, rest = AT.split(value)
    value = f"…@{rest}" if secret else value
    short = value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}…"
    return repr(short)


def escaped(line: str) -> str:
    r"""Return a line of JSON with control characters and line separators in its strings escaped.

    >>> escaped('{"a": "perché "}')
    '{"a": "perché\\u2028\\u009b"}'
    """
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def decode_entities(text: str) -> str:
    """Return `text` with its entities decoded, also those that were escaped twice.

    >>> decode_entities("L&amp;#8217;intesa &amp;amp; Cina, R&D")
    'L’intesa & Cina, R&D'
    """
    for _ in range(3):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text


def strip_tags(text: str) -> str:
    """Return `text` folded, with entities decoded once and any markup in it removed.

    The theme escapes markup that an editor typed into a subtitle.

    >>> strip_tags("Il piano &lt;em&gt;verde&lt;/em&gt;")
    'Il piano verde'
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", text))
    return fold(text)


@lru_cache(maxsize=1)
def count_words(text: str) -> int:
    """Return the number of white-space separated tokens with a letter or a digit.

    >>> count_words("Roma – 3 feriti …")
    3
    """
    tokens = text.split()
    # Most are words without a mark, which C tells apart.
    marked = [token for token in filterfalse(str.isalnum, tokens) if not token[0].isalnum()]
    return len(tokens) - len([token for token in marked if not _LETTER.search(token)])


def digest(*parts: str | None) -> str:
    r"""Return the SHA-256, in hexadecimal, of `parts` joined by newlines.

    >>> digest("a", None, "b") == digest("a\n\nb")
    True
    """
    return sha256("\n".join(part or "" for part in parts).encode()).hexdigest()


def key_of(text: str) -> int:
    """Return 64 bits of a hash of `text` as a signed integer, which any database can index.

    >>> key_of("https://www.example.it/")
    -3523621954520696509
    """
    hasher = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(hasher.digest(), "big", signed=True)
