"""Reads an archive into the pages and lists that articles are read from.

In our own archives they are those from which the crawl has written a line, or would have but for
one like it; in others any page. docs/extract.md describes what is read of each.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from newscrawl.bulk.archived_lists import ArchivedLists, is_list_of_posts
from newscrawl.bulk.archived_page import OTHER_SITE, ArchivedPage, ArchivedPosts, LeftOut
from newscrawl.bulk.archived_site import key_of_host
from newscrawl.bulk.exchanges import Exchange, exchanges
from newscrawl.bulk.record_origin import RecordOrigins
from newscrawl.bulk.responses import (
    MAX_BODY,
    ArchivedResponse,
    fields_of,
    kept_of_list,
    resource_of,
    response_of,
    revisited,
)
from newscrawl.bulk.revisits import RecordIndex, in_file_beside, in_same_file
from newscrawl.bulk.site_documents import SiteDocuments
from newscrawl.bulk.warc_records import BadRecord, WarcRecord, records
from newscrawl.items import FROM_TWIN
from newscrawl.outcomes.outcome import Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from newscrawl.bulk.archived_page import Archived
    from newscrawl.bulk.record_origin import OwnArchive
    from newscrawl.bulk.revisits import OpenFile

WRITTEN, UNCHANGED, TRUNCATED, PART = "written", "unchanged", "truncated", "part"
"""Outcomes of pages in our archives; articles are read from those of the first three."""
_READ = frozenset({WRITTEN, UNCHANGED, TRUNCATED})
_OUTCOMES = frozenset({*Kind, PART})
UNKNOWN_OUTCOME = "outcome_unknown"
"""Reason of a page of which the archive does not state what any newscrawl writes."""
UNRESOLVED = "revisit_unresolved"
SOURCE = "source"
"""Reason of what led to articles, or states rights."""
_RESPONSES = frozenset({"response", "resource"})
_MAX_HOSTS = 1_000
_MAX_WAITING = 20
_MAX_SERIES = 20
_NO_DOCUMENTS = SiteDocuments()


@dataclass(slots=True)
class _Series:
    """What the records of a series of ours state of those behind them."""

    documents: SiteDocuments = _NO_DOCUMENTS
    lists: ArchivedLists = field(default_factory=ArchivedLists)
    waiting: OrderedDict[str, Exchange] = field(default_factory=OrderedDict)
    """Lists of posts by the ids of their records."""

    def wait(self, posts: Exchange) -> Iterator[LeftOut]:
        """Keep a list of posts until a record says which of them were written."""
        for number in posts.ids:
            self.waiting[number] = posts
        if len(self.waiting) > _MAX_WAITING:
            self.waiting.popitem(last=False)
            yield LeftOut(SOURCE)


class ArchiveReader:
    """Reads the files of an archive one after the other.

    What a site states in our own archives is kept from file to file, for the last 20 series; in
    others it counts for the rest of a file.
    """

    def __init__(
        self,
        *,
        sites: Container[str] | None = None,
        open_file: OpenFile = lambda _: None,
        max_size: int = MAX_BODY,
    ) -> None:
        """Take what to read.

        Args:
            sites: keys of sites; pages of others are left out. None for any site.
            open_file: opens a file that stands next to the one that is read, by its name; returns
                None if it does not exist.
            max_size: bytes of a decoded body.
        """
        self._sites = sites
        self._open_file = open_file
        self._max_size = max_size
        self._origins = RecordOrigins()
        self._series: OrderedDict[str, _Series] = OrderedDict()
        self._of_hosts: OrderedDict[str, SiteDocuments] = OrderedDict()
        self._stream: BinaryIO | None = None
        self._index = RecordIndex()
        self.record_count = 0
        """Records so far, of every kind and damaged ones too."""
        self.response_count = 0
        """Responses among them."""
        self.has_own = False
        """Whether records of ours were among them."""

    def read(self, stream: BinaryIO) -> Iterator[Archived]:
        """Yield what a WARC file holds, in its order.

        Raises:
            OSError: it cannot be read.
        """
        self._origins = RecordOrigins()
        self._of_hosts.clear()
        self._stream, self._index = stream, RecordIndex()
        for entry in exchanges(self._index.noting(self._counted(stream))):
            if isinstance(entry, BadRecord):
                yield LeftOut(entry.reason, is_bad=True, offset=entry.offset)
                continue
            if isinstance(entry, WarcRecord):
                self._origins.note(entry)
            own = self._origins.of(entry if isinstance(entry, WarcRecord) else entry.record)
            self.has_own |= own is not None
            if isinstance(entry, Exchange):
                yield from [self._foreign(entry)] if own is None else self._own(entry, own)
            elif own is not None:
                yield from self._described(entry, own)

    def _series_of(self, own: OwnArchive) -> _Series:
        series = self._series.setdefault(own.series, _Series())
        self._series.move_to_end(own.series)
        if len(self._series) > _MAX_SERIES:
            self._series.popitem(last=False)
        return series

    def _counted(self, stream: BinaryIO) -> Iterator[WarcRecord | BadRecord]:
        for record in records(stream):
            self.record_count += 1
            if isinstance(record, WarcRecord) and record.kind in _RESPONSES:
                self.response_count += 1
            yield record

    # --- Our own archives -----------------------------------------------------------------------

    def _own(self, exchange: Exchange, own: OwnArchive) -> Iterator[Archived]:
        series = self._series_of(own)
        if own.is_rest and not exchange.fields and is_list_of_posts(exchange.record):
            yield from series.wait(exchange)
        else:
            yield self._page_or_posts(exchange, own, series)

    def _described(self, metadata: WarcRecord, own: OwnArchive) -> Iterator[Archived]:
        """Yield the list of posts of which a record says which of them were written."""
        series = self._series_of(own)
        posts = series.waiting.pop(metadata.get("WARC-Concurrent-To") or "", None)
        if posts is not None:
            posts.fields = fields_of(metadata)
            yield self._page_or_posts(posts, own, series)

    def _page_or_posts(self, exchange: Exchange, own: OwnArchive, series: _Series) -> Archived:
        site = own.site
        if self._sites is not None and site.key not in self._sites:
            return LeftOut(OTHER_SITE)
        outcome, wanted = exchange.first("outcome"), exchange.fields.get("article")
        is_list = own.is_rest and wanted
        if outcome is not None and not is_list and (own.is_rest or outcome not in _READ):
            return LeftOut(f"outcome_{outcome}" if outcome in _OUTCOMES else UNKNOWN_OUTCOME)
        response = self._response(exchange.record)
        if isinstance(response, str):
            is_bad = response != UNRESOLVED
            return LeftOut(response, is_bad=is_bad, offset=exchange.record.offset)
        if is_list and wanted:
            return ArchivedPosts(
                response.page(),
                response.fetched_at,
                series.documents,
                site,
                frozenset(wanted),
                series.lists.of_posts(response.body),
                is_from_twin=FROM_TWIN in exchange.fields.get("flag", ()),
            )
        if outcome is None:
            series.documents = series.documents.with_response(response)
            if own.is_rest:
                series.lists.add(response)
            return LeftOut(SOURCE)
        page = response.page(exchange.rendered)
        return ArchivedPage(
            page, response.fetched_at, series.documents, site, outcome, series=own.series
        )

    def _response(self, record: WarcRecord) -> ArchivedResponse | str:
        if record.kind == "response":
            return response_of(record, self._max_size)
        if record.kind == "conversion":
            return kept_of_list(record)
        if record.kind == "resource":
            return resource_of(record, self._max_size)
        earlier = self._earlier(record)
        return UNRESOLVED if earlier is None else revisited(record, earlier)

    def _earlier(self, revisit: WarcRecord) -> ArchivedResponse | None:
        """Return the response that a revisit refers to, if it is there."""
        named = in_file_beside(revisit, self._open_file, self._max_size)
        if named is not None or self._stream is None:
            return named
        offset = self._index.offset_of(revisit)
        return in_same_file(revisit, self._stream, offset, self._max_size)

    # --- Archives of others ---------------------------------------------------------------------

    def _foreign(self, exchange: Exchange) -> Archived:
        record = exchange.record
        response = self._response(record)
        if isinstance(response, str):
            is_bad = response not in {"not_http", UNRESOLVED}
            return LeftOut(response, is_bad=is_bad, offset=record.offset)
        host = response.url.split("/", 3)[2].lower()
        if self._sites is not None and key_of_host(host) not in self._sites:
            return LeftOut(OTHER_SITE)
        if response.status == 200 and response.is_html:
            documents = self._of_hosts.get(host, _NO_DOCUMENTS)
            return ArchivedPage(response.page(), response.fetched_at, documents)
        known = self._of_hosts.pop(host, _NO_DOCUMENTS)
        changed = known.with_response(response)
        if changed is not _NO_DOCUMENTS:
            self._of_hosts[host] = changed
        if len(self._of_hosts) > _MAX_HOSTS:
            self._of_hosts.popitem(last=False)
        if changed is not known:
            return LeftOut(SOURCE)
        return LeftOut(f"http_{response.status}" if response.status != 200 else "not_html")


def pages(archived: Iterable[Archived]) -> Iterator[ArchivedPage | ArchivedPosts]:
    """Yield of what an archive holds what articles are read from."""
    return (entry for entry in archived if not isinstance(entry, LeftOut))
