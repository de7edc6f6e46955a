"""The stages from a list of archives to Parquet without near-duplicates: pipelines of datatrove.

Its MinHash compares texts by their runs of five words; of those that are alike the first is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datatrove.io import DataFolder
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.utils.word_tokenizers import WordTokenizer

from newscrawl.bulk.article_shards import ReadShards, WriteParquet, WriteShard
from newscrawl.bulk.exclusive_task import ExclusiveTask
from newscrawl.bulk.extract_step import Extract

if TYPE_CHECKING:
    from collections.abc import Callable

    from datatrove.pipeline.base import PipelineStep

EXTRACT, WRITE = "extract", "write"


@dataclass(frozen=True, slots=True)
class Stage:
    """One pipeline."""

    name: str
    blocks: list[PipelineStep]
    tasks: int


@dataclass(frozen=True, slots=True)
class Job:
    """What the stages depend on."""

    out: str
    """Folder, local or of any file system that fsspec knows, shared by all machines."""
    base: str
    """Folder of the archives."""
    files: int
    """How many lines the list of archives has."""
    parquet_files: int
    rights: str
    fail_on_unreadable: bool

    def at(self, name: str) -> str:
        """Return a folder of the job."""
        return f"{self.out.rstrip('/')}/{name}"

    def stages(self) -> list[Stage]:
        """Return the pipelines, each of which needs those before it."""
        config = MinhashConfig()
        shards, signatures = self.at("work/articles"), self.at("work/signatures")
        pairs, removals = self.at("work/pairs"), self.at("work/removals")
        extract = Extract(
            self.base,
            self.at("files.txt"),
            rights=self.rights,
            fail_on_unreadable=self.fail_on_unreadable,
        )
        sign = MinhashDedupSignature(signatures, config, language=SpacedWords())
        parts = self.parquet_files
        return [
            self._stage(EXTRACT, self.files, extract, WriteShard(shards)),
            self._stage("signatures", parts, ReadShards(shards, self.files), sign),
            self._stage(
                "pairs", config.num_buckets, MinhashDedupBuckets(signatures, pairs, config=config)
            ),
            self._stage("removals", 1, MinhashDedupCluster(pairs, removals, config)),
            self._stage(
                WRITE,
                parts,
                ReadShards(shards, self.files),
                MinhashDedupFilter(removals),
                WriteParquet(self.at("parquet")),
            ),
        ]

    def _stage(self, name: str, tasks: int, *blocks: PipelineStep) -> Stage:
        return Stage(name, [ExclusiveTask(self.logs(name)), *blocks], tasks)

    def logs(self, stage: str) -> str:
        """Return the folder of a stage's logs, statistics and completions."""
        return self.at(f"logs/{stage}")


class SpacedWords(WordTokenizer):  # type: ignore[misc]
    """Words between spaces: MinHash removes punctuation before, so that nothing else is needed."""

    def word_tokenize(self, text: str) -> list[str]:
        """Return the words of a text."""
        return text.split()

    def sent_tokenize(self, text: str) -> list[str]:
        """Return the text: MinHash does not ask for sentences."""
        return [text]

    def span_tokenize(self, text: str) -> list[tuple[int, int]]:
        """Return the whole: MinHash does not ask for spans."""
        return [(0, len(text))]


def run_stage(stage: Stage, execute: Callable[[Stage], object], logs: str) -> list[int]:
    """Run what is left of a stage; return the tasks that have failed.

    Args:
        stage: the pipeline.
        execute: runs it; may raise what its tasks raise.
        logs: the stage's folder.
    """
    if not (left := _unfinished(stage, logs)):
        return left
    try:
        execute(stage)
    except Exception:
        if not (left := _unfinished(stage, logs)):
            raise
        return left
    return _unfinished(stage, logs)


def _unfinished(stage: Stage, logs: str) -> list[int]:
    folder = DataFolder(logs)
    names = folder.list_files("completions") if folder.isdir("completions") else []
    done = {int(name.rpartition("/")[2]) for name in names}
    return [rank for rank in range(stage.tasks) if rank not in done]
