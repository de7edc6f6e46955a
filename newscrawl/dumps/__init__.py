"""Reads dumps: their articles, the newest revision of each, the history of one.

>>> import tempfile, newscrawl.items, newscrawl.feeds
>>> folder = tempfile.TemporaryDirectory()
>>> path = f"{folder.name}/2026-11-23T10-00-00Z.jsonl"
>>> article = newscrawl.items.Article(id="example:7", headline="Titolo", content_hash="a")
>>> with open(path, "wb") as file:
...     size = file.write(newscrawl.feeds.line(article))
...     article.revision, article.headline = 2, "Titolo nuovo"
...     size = file.write(newscrawl.feeds.line(article))

`read` yields every line as an `Article`, however long the dumps are:

>>> [article.headline for article in read(f"{folder.name}/*.jsonl")]
['Titolo', 'Titolo nuovo']

`latest` yields each article once, `history` returns all revisions of one:

>>> [article.headline for article in latest(folder.name)]
['Titolo nuovo']
>>> [article.revision for article in history(path, "example:7")]
[1, 2]

A line that cannot be read raises an error that names file and line; `skip_bad` skips it:

>>> with open(path, "ab") as file:
...     size = file.write(b'{"schema_version": "1.0", "id": "alan')
>>> errors = []
>>> sum(1 for _ in read(path, skip_bad=True, on_bad=errors.append)), errors[0].line
(2, 3)
>>> list(read(path))  # doctest: +ELLIPSIS
Traceback (most recent call last):
newscrawl.dumps.files.DumpError: ...:3: the file is cut off here; ...
>>> folder.cleanup()
"""

from newscrawl.dumps.files import DumpError, expand
from newscrawl.dumps.newest import history, latest, read
from newscrawl.dumps.reading import Line, lines

__all__ = ["DumpError", "Line", "expand", "history", "latest", "lines", "read"]
