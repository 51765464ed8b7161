"""What Parquet and Arrow files have in common: records come in batches, repaired a few megabytes at a time.

Rules of this file: no more is held than the file asks for (a page of Parquet, a batch of Arrow) and what is written
together; what the library says of a broken file is said in one line.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

import pyarrow as pa  # type: ignore[import-untyped]

from jiaokan.batch.columns import texts
from jiaokan.batch.compression import HEAD, of, opened
from jiaokan.batch.documents import Repairer
from jiaokan.batch.kernel import repair_batch
from jiaokan.batch.pieces import InputError, Piece, Shape
from jiaokan.records import to_utf8

# Bytes of rows that are repaired together, about: what is told of them takes up to fifty times as much.
BATCH: Final = 1024 * 1024
# Bytes of rows that are written together at most, as a row group or a batch. With them a worker takes 240 MB for a row
# group of 150 MB of documents of 2.5 KB; with twice as many, 270 MB.
GROUP: Final = 16 * 1024 * 1024
_COPIED: Final = 1024 * 1024  # bytes that are copied at a time


class Repairing:
    """Repairs the batches of a piece, and counts their records."""

    def __init__(self, shape: Shape, repairer: Repairer) -> None:
        self._shape = shape
        self._repairer = replace(repairer, wanted=()) if shape.text_only else repairer
        self.records = 0

    def schema(self, schema: pa.Schema) -> pa.Schema:
        """What the schema becomes.

        Raises:
            InputError: there is no such field as is asked for, or it holds no text.
        """
        none = pa.RecordBatch.from_arrays([pa.array([], kind) for kind in schema.types], schema=schema)
        return repair_batch(none, self._shape.fields, self._repairer).schema

    def groups(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Sequence[pa.RecordBatch]]:
        """Batches repaired, as many together as can be held."""
        held, size = list[pa.RecordBatch](), 0
        for batch in batches:
            for some in self._repaired(batch):
                held.append(some)
                size += some.nbytes
                if size >= GROUP:
                    yield held
                    held, size = [], 0
                    pa.default_memory_pool().release_unused()
        if held:
            yield held

    def _repaired(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """A batch repaired; one that is large, stretch by stretch."""
        rows = rows_at_a_time(batch.nbytes, batch.num_rows)
        for start in range(0, max(batch.num_rows, 1), rows):
            some = batch.slice(start, rows)
            yield repair_batch(some, self._shape.fields, self._repairer, name=self._shape.name, before=self.records)
            self.records += some.num_rows

    def lines(self, batch: pa.RecordBatch) -> Iterator[bytes]:
        """The repaired texts of a batch, each with a line break, row by row."""
        for some in self._repaired(batch):
            of_rows: list[list[str | bytes]] = [[] for _ in range(some.num_rows)]
            for field in self._shape.fields:
                found = texts(some, field)
                for row, text in zip(found.rows.tolist(), found.values.to_pylist(), strict=True):
                    if text is not None:
                        of_rows[row].append(text)
            for text in (text for row in of_rows for text in row):
                yield (text if isinstance(text, bytes) else to_utf8(text)) + b"\n"


def rows_at_a_time(size: int, rows: int) -> int:
    """How many of some rows that take ``size`` bytes together to repair together.

    >>> rows_at_a_time(4 * BATCH, 1000), rows_at_a_time(10, 1000)
    (250, 1000)
    """
    return max(1, rows if size <= BATCH else rows * BATCH // size)


@contextmanager
def reading_as(format_name: str) -> Iterator[None]:
    """Say what is wrong with a file that is not in this format.

    Raises:
        InputError: it is not, or it is broken.
    """
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:  # the disk, not what stands on it
            raise
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(f"it is no {format_name}, or broken: {reason[0]}") from None


@contextmanager
def seekable(piece: Piece) -> Iterator[BinaryIO]:
    """The file of a piece, or what a compressed one holds, in which one can go to and fro."""
    if piece.compression is None:
        with piece.path.open("rb") as file:
            yield file
    else:
        with opened(piece) as packed, _copy(packed) as copy:
            yield copy


def parts_of(paths: Sequence[Path]) -> list[Piece]:
    """The parts that are to be joined, as pieces. They are all compressed in the same way, or none is."""
    with paths[0].open("rb") as first:
        packed = of(first.read(HEAD))
    return [Piece(path, 0, path.stat().st_size, compression=packed) for path in paths]


@contextmanager
def _copy(file: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy, _COPIED)
        copy.seek(0)
        yield copy
