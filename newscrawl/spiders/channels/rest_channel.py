"""WordPress's REST list of posts, the last changed first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.discovery import REST, rest
from newscrawl.discovery.state import Source
from newscrawl.spiders.channels.channel import Reading, SourceRequest
from newscrawl.spiders.channels.entries_channel import EntriesChannel, moment_of
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy import Request
    from scrapy.http import TextResponse


class RestChannel(EntriesChannel):
    """Reads the posts that have changed since the last run.

    The state of a request is `page`; `since`, the latest change that an earlier run has read;
    `latest`, the latest that this run has read so far; both in seconds since 1970.
    """

    name = REST

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the request for the first page."""
        yield self._request(1, self._source(self._address).seen, 0)

    @property
    def _address(self) -> str:
        return rest.address(self._context.site.origin)

    def _request(self, page: int, since: int | None, latest: int) -> SourceRequest:
        return SourceRequest(
            rest.address(self._context.site.origin, moment_of(since), page),
            {"page": page, "since": since, "latest": latest},
            headers={"Accept": "application/json"},
        )

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address of the list's first page."""
        return self._address

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """End the list: WordPress answers 400 for the page after the last."""
        if failure.status == 400 and state["page"] > 1:
            self._finish(state["latest"])
            return Reading()
        return self._not_read(self._address, failure)

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read a page of the list."""
        page, since, latest = state["page"], state["since"], state["latest"]
        try:
            count, entries = rest.read(response.body, self._context.addresses)
        except ValueError as error:
            return self._not_read(self._address, SourceFailure.unreadable(str(error)))
        latest = max([latest, *(entry.change_marker or 0 for entry in entries)])
        pages = (response.headers.get("X-WP-TotalPages") or b"").decode("latin-1").strip()
        # Without the header a page that is not full is the last one.
        is_last = page >= int(pages) if pages.isdecimal() else count < rest.PER_PAGE
        if self._context.discovery.is_new and not self._requests_new:
            is_last = True
        reading = Reading(self._listed(entries, is_wanted=self._requests_new))
        if is_last:
            self._finish(latest)
        else:
            reading.requests.append(self._request(page + 1, since, latest))
        return reading

    def _finish(self, latest: int) -> None:
        """Move the cursor, over what was read to its end."""
        if latest:
            self._after_entries(self._address, Source(seen=latest))
