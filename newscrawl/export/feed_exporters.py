"""Articles in the formats of Scrapy's own feeds: `-o` and `-O` with CSV, XML, pickle and marshal.

See decision 87 in docs/decisions.md.
"""

from __future__ import annotations

import re
from typing import Any

from scrapy.exporters import (
    CsvItemExporter,
    MarshalItemExporter,
    PickleItemExporter,
    XmlItemExporter,
)

from newscrawl.export.columns import FIELDS, plain, row
from newscrawl.export.csv_text import cell
from newscrawl.items import Article

# XML 1.0 has no way to write them, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ArticleCsvExporter(CsvItemExporter):
    """Writes articles with the columns and cells of `scrapy export --to csv`.

    An existing file that is appended to keeps its line of column names.
    """

    def __init__(self, file: Any, **options: Any) -> None:
        options.setdefault("include_headers_line", not _has_content(file))
        super().__init__(file, **options)

    def export_item(self, item: Any) -> None:
        """Write one row.

        Raises:
            RowError: the article does not fit the columns.
        """
        if isinstance(item, Article):
            item = {name: cell(value) for name, value in row(item).items()}
        super().export_item(item)


class ArticleMarshalExporter(MarshalItemExporter):
    """Writes articles as dicts: marshal knows no classes."""

    def export_item(self, item: Any) -> None:
        """Write one item.

        Raises:
            RowError: a number is out of the range of some format.
        """
        super().export_item(_values(item) if isinstance(item, Article) else item)


class ArticlePickleExporter(PickleItemExporter):
    """Writes articles as dicts, which can be read without newscrawl."""

    def export_item(self, item: Any) -> None:
        """Write one item.

        Raises:
            RowError: a number is out of the range of some format.
        """
        super().export_item(_values(item) if isinstance(item, Article) else item)


class ArticleXmlExporter(XmlItemExporter):
    """Writes articles as XML: null is an empty element, other values are text as in JSON.

    Characters that XML cannot represent are replaced by U+FFFD.
    """

    def export_item(self, item: Any) -> None:
        """Write one element.

        Raises:
            RowError: a number is out of the range of some format.
        """
        super().export_item(_xml(_values(item)) if isinstance(item, Article) else item)


def _values(article: Article) -> dict[str, Any]:
    """Return an article's fields with the values of JSON."""
    return {field.name: plain(getattr(article, field.name), field.name) for field in FIELDS}


def _xml(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _xml(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_xml(entry) for entry in value]
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else _NOT_XML.sub("\ufffd", str(value))


def _has_content(file: Any) -> bool:
    """Return whether a feed is appended to a file that has rows already."""
    try:
        return bool(file.tell())
    except (AttributeError, OSError, ValueError):
        # Standard output, or compressed on the way.
        return False
