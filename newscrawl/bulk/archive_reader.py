"""Reads an archive into the pages and lists that articles are read from.

In our own archives they are those from which the crawl has written a line, or would have but for
one like it; in others any page. docs/extract.md describes what is read of each.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, BinaryIO

from newscrawl.bulk.archived_lists import ArchivedLists, is_list_of_posts
from newscrawl.bulk.archived_page import OTHER_SITE, ArchivedPage, ArchivedPosts, LeftOut
from newscrawl.bulk.archived_site import ArchivedSite, key_of_host
from newscrawl.bulk.exchanges import Exchange, exchanges
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
_OURS = "newscrawl/"
_REST = "rest"
_RESPONSES = frozenset({"response", "resource"})
_MAX_HOSTS = 1_000
_MAX_WAITING = 20
_NO_DOCUMENTS = SiteDocuments()


class ArchiveReader:
    """Reads the files of an archive one after the other.

    What a site states is kept from file to file in our own archives, whose files follow each
    other; in others it counts for the rest of a file.
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
        self._site: ArchivedSite | None = None
        self._series: str | None = None
        self._is_rest = False
        self._of_site = _NO_DOCUMENTS
        self._lists = ArchivedLists()
        self._of_hosts: OrderedDict[str, SiteDocuments] = OrderedDict()
        self._waiting: OrderedDict[str, Exchange] = OrderedDict()
        self._stream: BinaryIO | None = None
        self._index = RecordIndex()
        self.record_count = 0
        """Records so far, of every kind and damaged ones too."""
        self.response_count = 0
        """Responses among them."""

    def read(self, stream: BinaryIO) -> Iterator[Archived]:
        """Yield what a WARC file holds, in its order.

        Raises:
            OSError: it cannot be read.
        """
        self._site = None
        self._of_hosts.clear()
        self._stream, self._index = stream, RecordIndex()
        for entry in exchanges(self._index.noting(self._counted(stream))):
            if isinstance(entry, BadRecord):
                yield LeftOut(entry.reason, is_bad=True, offset=entry.offset)
            elif isinstance(entry, WarcRecord):
                posts = self._waiting.pop(entry.get("WARC-Concurrent-To") or "", None)
                if posts is None or self._site is None:
                    self._note(entry)
                    continue
                posts.fields = fields_of(entry)
                yield self._own(posts, self._site)
            elif self._site is None:
                yield self._foreign(entry)
            elif self._is_rest and not entry.fields and is_list_of_posts(entry.record):
                yield from self._wait(entry)
            else:
                yield self._own(entry, self._site)

    def _wait(self, posts: Exchange) -> Iterator[LeftOut]:
        """Keep a list of posts until a record says which of them were written."""
        for number in posts.ids:
            self._waiting[number] = posts
        if len(self._waiting) > _MAX_WAITING:
            self._waiting.popitem(last=False)
            yield LeftOut(SOURCE)

    def _counted(self, stream: BinaryIO) -> Iterator[WarcRecord | BadRecord]:
        for record in records(stream):
            self.record_count += 1
            if isinstance(record, WarcRecord) and record.kind in _RESPONSES:
                self.response_count += 1
            yield record

    def _note(self, record: WarcRecord) -> None:
        """Take what a `warcinfo` states of the records behind it."""
        fields = {name: values[0] for name, values in fields_of(record).items()}
        facts = fields.get("newscrawl-site-facts")
        if record.kind == "warcinfo":
            key = fields.get("newscrawl-site")
            is_ours = fields.get("software", "").startswith(_OURS) and key
            base = fields.get("newscrawl-site-url")
            self._site = ArchivedSite(key, base, facts) if is_ours and key else None
            self._is_rest = fields.get("newscrawl-source") == _REST
            series = f"{fields.get('ispartof')} {key} {base}" if is_ours else None
            if series != self._series:
                self._series, self._of_site = series, _NO_DOCUMENTS
                self._lists = ArchivedLists()
                self._waiting.clear()
        elif self._site is not None and facts:
            self._site = ArchivedSite(self._site.key, self._site.base_url, facts)

    # --- Our own archives -----------------------------------------------------------------------

    def _own(self, exchange: Exchange, site: ArchivedSite) -> Archived:
        if self._sites is not None and site.key not in self._sites:
            return LeftOut(OTHER_SITE)
        outcome, wanted = exchange.first("outcome"), exchange.fields.get("article")
        is_list = self._is_rest and wanted
        if outcome is not None and not is_list and (self._is_rest or outcome not in _READ):
            return LeftOut(f"outcome_{outcome}" if outcome in _OUTCOMES else UNKNOWN_OUTCOME)
        response = self._response(exchange.record)
        if isinstance(response, str):
            is_bad = response != UNRESOLVED
            return LeftOut(response, is_bad=is_bad, offset=exchange.record.offset)
        if is_list and wanted:
            return ArchivedPosts(
                response.page(),
                response.fetched_at,
                self._of_site,
                site,
                frozenset(wanted),
                self._lists.of_posts(response.body),
                is_from_twin=FROM_TWIN in exchange.fields.get("flag", ()),
            )
        if outcome is None:
            self._of_site = self._of_site.with_response(response)
            if self._is_rest:
                self._lists.add(response)
            return LeftOut(SOURCE)
        page = response.page(exchange.rendered)
        return ArchivedPage(page, response.fetched_at, self._of_site, site, outcome)

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
