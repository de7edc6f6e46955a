"""Which records of an archive are ours: each belongs to a `warcinfo`, ours or that of others.

A file may be made of several archives, each of which begins with its own. A record belongs to the
one that it names (`WARC-Warcinfo-ID`), else to the last one before it. See decision 169 in
docs/decisions.md.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newscrawl.bulk.archived_site import ArchivedSite
from newscrawl.bulk.responses import fields_of

if TYPE_CHECKING:
    from newscrawl.bulk.warc_records import WarcRecord

INFO_ID = "WARC-Warcinfo-ID"
_OURS = "newscrawl/"
_REST = "rest"
_MAX_INFOS = 1_000


@dataclass(slots=True)
class OwnArchive:
    """An archive of ours, as its `warcinfo` and the records behind it state it."""

    site: ArchivedSite
    series: str
    """The same for all archives of a series of one site."""
    is_rest: bool
    """Whether its articles are those of REST's lists."""
    is_named: bool = False
    """Whether its records name it: then one that does not is not part of it."""


class RecordOrigins:
    """Follows the records of a file, and says to which archive of ours each belongs."""

    def __init__(self) -> None:
        self._named: OrderedDict[str, OwnArchive] = OrderedDict()
        """By id of the `warcinfo`; the last ones."""
        self._last: OwnArchive | None = None

    def note(self, record: WarcRecord) -> None:
        """Take what a `warcinfo` or a `metadata` states of the records behind it."""
        if record.kind == "warcinfo":
            self._begin(record)
        elif record.kind == "metadata" and (own := self.of(record)) is not None:
            facts = fields_of(record).get("newscrawl-site-facts")
            if facts:
                own.site = replace(own.site, facts=facts[0])

    def _begin(self, record: WarcRecord) -> None:
        fields = {name: values[0] for name, values in fields_of(record).items()}
        key, base = fields.get("newscrawl-site"), fields.get("newscrawl-site-url")
        if not key or not fields.get("software", "").startswith(_OURS):
            self._last = None
            return
        self._last = OwnArchive(
            ArchivedSite(key, base, fields.get("newscrawl-site-facts")),
            series=f"{fields.get('ispartof')} {key} {base}",
            is_rest=fields.get("newscrawl-source") == _REST,
        )
        if number := record.get("WARC-Record-ID"):
            self._named[number] = self._last
            if len(self._named) > _MAX_INFOS:
                self._named.popitem(last=False)

    def of(self, record: WarcRecord) -> OwnArchive | None:
        """Return the archive of ours to which a record belongs; None for one of others."""
        number = record.get(INFO_ID)
        if number is None:
            return None if self._last is None or self._last.is_named else self._last
        own = self._named.get(number)
        if own is not None:
            own.is_named = True
        return own
