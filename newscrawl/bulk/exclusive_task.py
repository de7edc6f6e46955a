"""Keeps two processes from doing one task at a time.

A worker whose master was killed goes on with its task, while the job that was started again gives
the same task to another one. That one waits here.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from datatrove.io import get_datafolder
from datatrove.pipeline.base import PipelineStep
from datatrove.utils.logging import logger

if TYPE_CHECKING:
    from datatrove.io import DataFolderLike

Data = TypeVar("Data")

_held: dict[Path, BinaryIO] = {}
"""Locks of this process by their files, held to its end: a task is done only after its blocks."""


class ExclusiveTask(PipelineStep):  # type: ignore[misc]
    """The first block of a pipeline: waits until no other process does this task.

    The folder is shared by all machines. In one that is not a file system, such as S3, nothing can
    be locked.
    """

    type = "🔒 - LOCK"
    name = "one process for each task"

    def __init__(self, folder: DataFolderLike) -> None:
        super().__init__()
        self.folder = get_datafolder(folder)

    def run(self, data: Data, rank: int = 0, world_size: int = 1) -> Data:
        """Return the data as they are, once the task is this process's own."""
        if not self.folder.is_local():
            return data
        path = Path(self.folder.resolve_paths(f"locks/{rank:05d}"))
        if path in _held:
            return data
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.info(f"waits for the end of another process that does this task ({path})")
            fcntl.flock(file, fcntl.LOCK_EX)
        _held[path] = file
        return data
