"""An HTTP proxy on loopback that serves every host name from one twin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.support.front import Front

if TYPE_CHECKING:
    from tests.support.front import Visit


class HttpProxy(Front):
    """Answers requests for absolute addresses, which `answers` are searched in; use `with`."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a crawl that goes through it."""
        return {"http_proxy": self.url, "no_proxy": ""}

    def of_twin(self, visit: Visit, body: bytes = b"") -> bytes:
        """Return the twin's answer to the path of an address."""
        parts = urlsplit(visit.path)
        path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
        return super().of_twin(replace(visit, path=path), body)
