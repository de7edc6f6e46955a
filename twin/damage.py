"""Damages the right page on its way: cut, mislabelled, compressed in the wrong way."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from twin import faults as faulty
from twin.theme.reply import HTML, Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin.faults import Fault

_CARD = re.compile(rb"<article\b")
_MIB = 1024 * 1024
TOTALS = "X-WP-Total,X-WP-TotalPages"


def cut(body: bytes, size: float) -> bytes:
    """Return the beginning of a page, never its end tag; `size` is a share or, above 1, bytes."""
    end = body.rfind(b"</html>")
    wanted = int(size) if size > 1 else int(len(body) * size)
    return body[: min(wanted, end if end >= 0 else len(body))]


def cut_list(body: bytes) -> bytes:
    """Return a page up to the middle of its list of posts.

    >>> cut_list(b'<div class="jeg_posts"><article 1><article 2><article 3></div>')
    b'<div class="jeg_posts"><article 1>'
    """
    start = max(body.find(b"_content_wrapper"), 0)
    cards = [match.start() for match in _CARD.finditer(body, start)]
    return body[: cards[len(cards) // 2]] if cards else cut(body, 0.6)


def with_script(body: bytes, script: str) -> bytes:
    """Return a page with a script of its own at its end."""
    return body.replace(b"</body>", f"<script>{script}</script></body>".encode(), 1)


def _truncate(reply: Reply, fault: Fault) -> Reply:
    if reply.status != 200:
        return reply
    body = reply.encoded()
    short = cut_list(body) if fault.value == "list" else cut(body, faulty.number(fault))
    return replace(reply, body=short)


def _partial(reply: Reply, fault: Fault) -> Reply:
    if reply.status != 200:
        return reply
    body = reply.encoded()
    short = cut(body, faulty.number(fault))
    span = ("Content-Range", f"bytes 0-{len(short) - 1}/{len(body)}")
    return Reply(short, 206, reply.type, (*reply.headers, span))


def _script(reply: Reply, fault: Fault) -> Reply:
    body = reply.encoded()
    return replace(reply, body=with_script(body, f"{fault.value}")) if reply.type == HTML else reply


def _rewrite(reply: Reply, fault: Fault) -> Reply:
    pattern, _, replacement = str(fault.value).partition(" => ")
    return replace(reply, body=re.sub(pattern, replacement, reply.encoded().decode()))


def _charset(reply: Reply, fault: Fault) -> Reply:
    body = reply.encoded()
    if fault.encoded:
        body = body.decode("utf-8").encode(fault.encoded, "replace")
    kind = f"{reply.type.partition(';')[0]}; charset={fault.value or 'ISO-8859-1'}"
    return Reply(body, reply.status, kind, reply.headers)


def _inflate(reply: Reply, fault: Fault) -> Reply:
    body = reply.encoded()
    missing = int(faulty.number(fault) * _MIB) - len(body)
    # Behind the page's end, so that what was read before is whole.
    packed = gzip.compress(body + b" " * max(missing, 0), 1, mtime=0)
    more = (("Content-Encoding", "gzip"),)
    return Reply(packed, reply.status, reply.type, (*reply.headers, *more))


def _drop_headers(reply: Reply, fault: Fault) -> Reply:
    names = {name.strip().lower() for name in str(fault.value or TOTALS).split(",")}
    kept = tuple(header for header in reply.headers if header[0].lower() not in names)
    return replace(reply, headers=kept)


def _robots_lines(reply: Reply, fault: Fault) -> Reply:
    if not reply.type.startswith("text/plain"):
        return reply
    return replace(reply, body=f"{reply.body!s}\nUser-agent: *\n{fault.value or 'Disallow: /'}\n")


_KINDS: dict[str, Callable[[Reply, Fault], Reply]] = {
    "truncate": _truncate,
    "partial": _partial,
    "script": _script,
    "rewrite": _rewrite,
    "charset": _charset,
    "content_type": lambda reply, fault: replace(
        reply, type=str(fault.value or "text/plain; charset=UTF-8")
    ),
    "gzip": lambda reply, _: replace(reply, body=gzip.compress(reply.encoded(), 1, mtime=0)),
    "inflate": _inflate,
    "drop_headers": _drop_headers,
    "robots_lines": _robots_lines,
}


def damaged(reply: Reply, chosen: Sequence[Fault]) -> Reply:
    """Return the reply after those faults that damage it, in their order."""
    for fault in chosen:
        change = _KINDS.get(fault.kind)
        if change:
            reply = change(reply, fault)
    return reply
