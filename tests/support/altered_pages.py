"""Pages of a twin that a server in front of it changes before it sends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.front import answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.support.front import Front, Visit

_TEXT = re.compile(r'(<div class="content-inner[^"]*">).*?(<div class="jeg_post_tags)', re.DOTALL)
_HEADING = re.compile(r'(<h1 class="jeg_post_title">).*?(</h1>)', re.DOTALL)


def altered(front: Front, change: Callable[[str], str]) -> Callable[[Visit, socket.socket], bytes]:
    """Return what answers a path with the twin's page after `change`."""

    def reply(visit: Visit, _: socket.socket) -> bytes:
        page = front.of_twin(visit).partition(b"\r\n\r\n")[2].decode()
        changed = change(page)
        assert changed != page, f"nothing is changed in {visit.path}"
        return answer(changed)

    return reply


def replaced(pattern: str, replacement: str) -> Callable[[str], str]:
    """Return a change of all that a regular expression finds."""
    return lambda page: re.sub(pattern, lambda _: replacement, page, flags=re.DOTALL)


def with_text(html: str, *, title: str | None = None) -> Callable[[str], str]:
    """Return a change of an article's text, and of its title where one is given."""

    def change(page: str) -> str:
        page, count = _TEXT.subn(lambda match: f"{match[1]}{html}{match[2]}", page)
        assert count == 1
        if title is None:
            return page
        page = re.sub(r"<title>.*?</title>", f"<title>{title}</title>", page, flags=re.DOTALL)
        page, count = _HEADING.subn(lambda match: f"{match[1]}{title}{match[2]}", page)
        assert count == 1
        return page

    return change
