"""The block of a datatrove pipeline that reads archives into articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

from datatrove.pipeline.readers.base import BaseDiskReader
from datatrove.utils.logging import logger

from newscrawl.bulk.archive_reader import ArchiveReader
from newscrawl.bulk.archived_articles import ArchivedArticleReader
from newscrawl.bulk.archived_page import ArchivedPage, LeftOut
from newscrawl.bulk.article_documents import document_of
from newscrawl.bulk.extraction_run import ARTICLES, NOT_ARTICLES
from newscrawl.bulk.extraction_steps import BAD, FILES, LEFT_OUT, PAGES, RECORDS, UNREADABLE
from newscrawl.bulk.input_files import Form, is_name_of_archive
from newscrawl.bulk.packed_archives import PackedArchives
from newscrawl.bulk.responses import MAX_BODY
from newscrawl.rights.policy import RECORD
from newscrawl.warc.other_formats import OtherFormatError, check_format

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from datatrove.data import Document
    from datatrove.io import DataFileLike, DataFolderLike

    from newscrawl.bulk.archived_page import Archived, ArchivedPosts
    from newscrawl.items import Article

OTHER_FILES = "other_files"
_ENDINGS = (*Form.WARC.value, *Form.WACZ.value)


class UnreadableFilesError(RuntimeError):
    """Files of a task could not be read to their ends; the text names them."""


class Extract(BaseDiskReader):  # type: ignore[misc]
    """Reads WARC and WACZ files and yields a document for each article, in their order.

    The first block of a pipeline. Files are shared among the tasks as with datatrove's readers.
    The document's text is the article's body, its id the article's id, its metadata the other
    fields (docs/fields.md). An article without text, such as a video, is a document too.

    A damaged record, or a page whose reading fails, is counted, and the others are read. A file
    that cannot be opened, breaks off or has no record is logged and counted; the task then reads
    its other files, and fails at the end if `fail_on_unreadable`: the next start tries again.

    Statistics: `files`, `unreadable_files`, `other_files`, `records`, `pages`, `articles`, and by
    reason `not_articles/…`, `left_out/…`, `bad/…`.
    """

    name = "📰 newscrawl"

    def __init__(  # noqa: PLR0913 - those of datatrove's readers, and its own
        self,
        data_folder: DataFolderLike,
        paths_file: DataFileLike | None = None,
        *,
        limit: int = -1,
        skip: int = 0,
        file_progress: bool = False,
        doc_progress: bool = False,
        default_metadata: dict[str, Any] | None = None,
        recursive: bool = True,
        glob_pattern: str | None = None,
        sites: Container[str] | None = None,
        rights: str = RECORD,
        max_size: int = MAX_BODY,
        fail_on_unreadable: bool = True,
    ) -> None:
        """Take what to read.

        Args:
            data_folder: a folder, local or of any file system that fsspec knows.
            paths_file: names of files in it, one a line. Without it and without `glob_pattern`,
                files with other endings than .warc, .warc.gz and .wacz are passed over.
            limit: articles of a task at most; -1 for all.
            skip: articles of a task that are passed over.
            file_progress: show a progress bar of files.
            doc_progress: show a progress bar of articles.
            default_metadata: further metadata for each document.
            recursive: whether files of subfolders are read; not with `paths_file`.
            glob_pattern: which files of the folder are read; not with `paths_file`.
            sites: keys of sites; pages of others are left out. None for any site.
            rights: setting RIGHTS_POLICY, `record` or `respect`.
            max_size: bytes of a decoded page.
            fail_on_unreadable: whether a file that cannot be read fails its task.
        """
        super().__init__(
            data_folder,
            paths_file,
            limit,
            skip,
            file_progress,
            doc_progress,
            default_metadata=default_metadata,
            recursive=recursive,
            glob_pattern=glob_pattern,
        )
        self._is_any_file = paths_file is not None or glob_pattern is not None
        self._sites = sites
        self._rights = rights
        self._max_size = max_size
        self._fails = fail_on_unreadable
        self._unreadable: list[str] = []
        self._packed: PackedArchives | None = None

    def read_files_shard(self, shard: list[str]) -> Iterator[Document]:
        """Yield the documents of some files.

        Raises:
            UnreadableFilesError: some could not be read, and that fails the task.
        """
        self._unreadable = []
        yield from super().read_files_shard(shard)
        if self._unreadable and self._fails:
            raise UnreadableFilesError(f"cannot be read: {', '.join(self._unreadable)}")

    def read_file(self, filepath: str) -> Iterator[Document]:
        """Yield the documents of a file."""
        if not (self._is_any_file or filepath.lower().endswith(_ENDINGS)):
            self.stat_update(OTHER_FILES)
            return
        self.stat_update(FILES)
        self._packed = None
        archive = ArchiveReader(
            sites=self._sites,
            open_file=lambda name: self._beside(filepath, name),
            max_size=self._max_size,
        )
        articles = ArchivedArticleReader(self._rights)
        bad = 0
        error = ""
        entries = self._entries(archive, filepath)
        while True:
            try:
                entry = next(entries, None)
            except OtherFormatError as raised:
                error = str(raised)
                break
            except Exception as raised:  # noqa: BLE001 - each file system raises errors of its own
                error = f"cannot be read, or not to its end: {type(raised).__name__}: {raised}"
                break
            if entry is None:
                break
            if isinstance(entry, LeftOut):
                bad += entry.is_bad
                self._leave_out(entry, filepath)
                continue
            for article in self._articles(articles, entry, filepath):
                self.stat_update(ARTICLES)
                yield document_of(article, self.default_metadata)
        self.stat_update(RECORDS, value=archive.record_count, unit="file")
        if not error and archive.record_count <= bad:
            error = "is not a WARC or WACZ file, or none of its records can be read"
        if error:
            self.stat_update(UNREADABLE)
            self._unreadable.append(filepath)
            logger.error(f"{filepath} {error}")

    def _entries(self, archive: ArchiveReader, filepath: str) -> Iterator[Archived]:
        with self.data_folder.open(filepath, "rb") as opened:
            stream = cast("BinaryIO", opened)
            if not filepath.lower().endswith(Form.WACZ.value):
                check_format(stream)
                yield from archive.read(stream)
                return
            yield from self._packed_entries(archive, PackedArchives(stream))

    def _packed_entries(self, archive: ArchiveReader, packed: PackedArchives) -> Iterator[Archived]:
        """Yield what the archives of a WACZ hold.

        Raises:
            OSError: some cannot be read; the others were.
        """
        errors = []
        self._packed = packed
        for name in packed.names:
            try:
                with packed.open(name) as member:
                    check_format(member)
                    yield from archive.read(member)
            except OSError as error:
                errors.append(f"{name}: {error}")
        self._packed = None
        if errors:
            raise OSError("; ".join(errors))

    def _beside(self, filepath: str, name: str) -> BinaryIO | None:
        """Return a file of the same WACZ or folder, open; None if it does not exist."""
        if self._packed is not None and (member := self._packed.sibling(name)) is not None:
            return member
        folder, slash, _ = filepath.rpartition("/")
        if not is_name_of_archive(name):
            return None
        try:
            return cast("BinaryIO", self.data_folder.open(f"{folder}{slash}{name}", "rb"))
        except FileNotFoundError:
            return None

    def _leave_out(self, entry: LeftOut, filepath: str) -> None:
        if entry.is_bad:
            place = "" if entry.offset is None else f": the record at byte {entry.offset}"
            logger.warning(f"{filepath}{place} is not read: {entry.reason.replace('_', ' ')}")
        self.stat_update(f"{BAD if entry.is_bad else LEFT_OUT}{entry.reason}")

    def _articles(
        self, reader: ArchivedArticleReader, entry: ArchivedPage | ArchivedPosts, filepath: str
    ) -> list[Article]:
        self.stat_update(PAGES)
        if isinstance(entry, ArchivedPage):
            # Further pages may be in other files: such an article is truncated, and says so.
            entry.has_all_parts = True
        try:
            with self.track_time():
                reading = reader.read(entry)
        except Exception as error:  # noqa: BLE001 - a page that breaks its reader must not cost the others
            self.stat_update(f"{BAD}failed_{type(error).__name__}")
            logger.warning(f"{filepath}: {entry.page.url} is not read: {error!r}")
            return []
        for reason in reading.reasons:
            self.stat_update(f"{NOT_ARTICLES}{reason}")
        return reading.articles
