"""Blocks that write articles to the files of a job and read them again, one file for each task.

A task that is done again writes the same file again.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from datatrove.io import get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.logging import logger

from newscrawl.bulk.article_documents import article_of_document, document_of
from newscrawl.bulk.extraction_steps import BAD
from newscrawl.bulk.whole_files import whole_file
from newscrawl.dumps.decoding import decode_article
from newscrawl.dumps.encoding import line
from newscrawl.export.columns import RowError, row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datatrove.data import Document, DocumentsPipeline
    from datatrove.io import DataFolderLike

ROWS = "rows"
_FAST = 3


class WriteShard(PipelineStep):  # type: ignore[misc]
    """Writes the articles of a task as a dump, JSON Lines with gzip: `00003.jsonl.gz`.

    It is there also if it is empty, which tells a task without articles from one that is not done.
    """

    type = "💽 - WRITER"
    name = "📰 dump"

    def __init__(self, folder: DataFolderLike) -> None:
        super().__init__()
        self.folder = get_datafolder(folder)

    def run(
        self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Yield the documents when they are written."""
        with (
            whole_file(self.folder, _shard(rank)) as path,
            gzip.GzipFile(path, "wb", _FAST, mtime=0) as file,
        ):
            for document in data:
                file.write(line(article_of_document(document)))
                yield document


class ReadShards(PipelineStep):  # type: ignore[misc]
    """Reads what `WriteShard` has written: every article, in the same order each time."""

    type = "📖 - READER"
    name = "📰 dump"

    def __init__(self, folder: DataFolderLike, shards: int) -> None:
        """Take the folder, and the number of tasks that have written to it."""
        super().__init__()
        self.folder = get_datafolder(folder)
        self.shards = shards

    def run(
        self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Yield the documents of the shards of a task."""
        for shard in range(rank, self.shards, world_size):
            with self.folder.open(_shard(shard), "rb") as packed, gzip.open(packed) as file:
                for text in file:
                    yield document_of(decode_article(text))


class WriteParquet(PipelineStep):  # type: ignore[misc]
    """Writes the articles of a task as Parquet with the columns of `scrapy export`; the last block.

    Statistics: `rows`, `bad/not_a_row`.
    """

    type = "💽 - WRITER"
    name = "📒 Parquet of articles"

    def __init__(self, folder: DataFolderLike) -> None:
        super().__init__()
        self.folder = get_datafolder(folder)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> None:
        """Write all documents."""
        # Importing it takes half a second, which other blocks need not wait for.
        from newscrawl.export import parquet_file  # noqa: PLC0415

        with whole_file(self.folder, f"{rank:05d}.parquet") as path:
            parquet_file.write(self._rows(data), path)

    def _rows(self, data: DocumentsPipeline) -> Iterator[dict[str, Any]]:
        for document in data:
            try:
                values = row(article_of_document(document))
            except RowError as error:
                self.stat_update(f"{BAD}not_a_row")
                logger.error(f"article {document.id} is left out: {error}")
                continue
            self.stat_update(ROWS)
            yield values


def _shard(rank: int) -> str:
    return f"{rank:05d}.jsonl.gz"
