"""Arrow: files (Feather version 2 is that) and streams, such as those of Hugging Face datasets.

A piece is some of the record batches: those of a file by number; those of a stream by byte, since a stream has no
index. A stream with dictionaries is one piece: what its batches mean depends on those before.

Rules of this file: all but the texts keeps its type, its values and its metadata, and bodies stay compressed as they
were. A batch stays one, but a large one becomes several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from jiaokan.batch.compression import blocks_of, buffered, writing
from jiaokan.batch.documents import Repairer
from jiaokan.batch.formats.columnar import Repairing, parts_of, reading_as, seekable
from jiaokan.batch.formats.ipc import MAGIC, STREAM_IN_FILE, messages
from jiaokan.batch.pieces import InputError, Piece, Shape

_NAME: Final = "Arrow file"
_OLD: Final = b"FEA1"

Metadata = Mapping[bytes, bytes] | None


def pieces(path: Path, size: int) -> Iterator[Piece]:
    """The batches of a file or stream, as many together as have about ``size`` bytes (``pieces.Format``)."""
    with path.open("rb") as file, reading_as(_NAME):
        total = file.seek(0, 2)
        if not total:
            raise InputError(f"it is no {_NAME}: it is empty")
        filed = _is_file(file)
        cuts = _file_cuts(file, total, size) if filed else _stream_cuts(path, total, size)
    for start, end in pairwise(cuts):
        yield Piece(path, start, end, first=start == 0)


def rewrite(piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
    """Write the batches with their documents repaired, as a file or stream of its own; or the texts.

    Raises:
        OSError: the piece cannot be read, or the target written.
        InputError: it is not in this format, or has no such column of text.
    """
    repairing = Repairing(shape, repairer)
    with seekable(piece) as source, writing(target, shape.compression) as out:
        given = _given(source, None if piece.compression else piece)
        schema = repairing.schema(given.schema)
        if shape.text_only:
            for batch, _ in given.batches:
                out.writelines(repairing.lines(batch))
            return repairing.records
        with _writer(out, schema, given) as write:
            for batch, metadata in given.batches:
                for together in repairing.groups([batch]):
                    write(together[0] if len(together) == 1 else pa.concat_batches(together), metadata)
    return repairing.records


def join(parts: Sequence[Path], target: BinaryIO) -> None:
    """Parts as one file or stream, batch by batch."""
    found = parts_of(parts)
    with seekable(found[0]) as first, writing(target, found[0].compression) as out:
        like = _given(first)
        with _writer(out, like.schema, like) as write:
            for part in found:
                with seekable(part) as source:
                    for batch, metadata in _given(source).batches:
                        write(batch, metadata)


class _Given(NamedTuple):
    """What there is to read.

    Attributes:
        filed: whether it is a file; else it is a stream.
        schema: its columns, with their metadata.
        metadata: that of a file as a whole.
        codec: how the bodies of its batches are compressed.
        batches: its batches, each with metadata of its own.
    """

    filed: bool
    schema: pa.Schema
    metadata: Metadata
    codec: str | None
    batches: Iterator[tuple[pa.RecordBatch, Metadata]]


def _given(source: BinaryIO, piece: Piece | None = None) -> _Given:
    """What there is to read in a piece; all by default.

    Raises:
        InputError: it is not in this format.
    """
    with reading_as(_NAME):
        filed = _is_file(source)
        found = messages(pa.PythonFile(source, "r"), STREAM_IN_FILE if filed else 0)
        if not (schema := next(found, None)):
            raise InputError(f"it is no {_NAME}: it is empty")
        codec = next((each.codec for each in found if each.kind == "record batch"), None)
        if filed:
            file = pa.ipc.open_file(source)
            numbers = range(piece.start, piece.end) if piece else range(file.num_record_batches)
            batches = map(file.get_batch_with_custom_metadata, numbers)
            return _Given(True, file.schema, file.metadata, codec, _each(batches))
        stream = pa.ipc.open_stream(_stretch(source, schema.end, piece))
        return _Given(False, stream.schema, None, codec, _each(stream.iter_batches_with_custom_metadata()))


def _each(batches: Iterator[Any]) -> Iterator[tuple[pa.RecordBatch, Metadata]]:
    while True:
        with reading_as(_NAME):
            found = next(batches, None)
        if found is None:
            return
        yield found.batch, found.custom_metadata


def _stretch(source: BinaryIO, schema_end: int, piece: Piece | None) -> BinaryIO:
    """A stretch of a stream, as a stream."""
    source.seek(0)
    schema = source.read(schema_end)
    source.seek(max(schema_end, piece.start if piece else 0))
    size = piece.end - source.tell() if piece else None
    return buffered(chain([schema], blocks_of(source, size)))


def _is_file(source: BinaryIO) -> bool:
    """Whether it is a file and not a stream.

    Raises:
        InputError: it is Feather version 1.
    """
    source.seek(0)
    head = source.read(len(MAGIC))
    if head.startswith(_OLD):
        raise InputError("it is a Feather file of version 1; only version 2 is read")
    return head == MAGIC


def _file_cuts(file: BinaryIO, total: int, size: int) -> list[int]:
    """Where pieces of a file start, and where the last one ends: numbers of batches, which are taken to be alike."""
    file.seek(0)
    number: int = pa.ipc.open_file(file).num_record_batches
    step = max(size * number // total, 1)
    return [*range(0, max(number, 1), step), number]


def _stream_cuts(path: Path, total: int, size: int) -> list[int]:
    """Where pieces of a stream start, and where the last one ends: bytes."""
    cuts, begun = [0], False  # whether there is a batch in the piece
    with pa.memory_map(str(path)) as stream:
        for message in messages(stream):
            if message.kind == "dictionary":
                return [0, total]
            if begun and message.start - cuts[-1] >= size:
                cuts.append(message.start)
            begun = message.kind == "record batch"
        end = stream.tell()
    if end < total:
        raise InputError(f"{total - end:,} bytes follow its end")
    return [*cuts, total]


@contextmanager
def _writer(out: BinaryIO, schema: pa.Schema, like: _Given) -> Iterator[Callable[[pa.RecordBatch, Metadata], None]]:
    """What writes batches as a file or stream that is like another."""
    options = pa.ipc.IpcWriteOptions(compression=like.codec, emit_dictionary_deltas=like.filed, use_threads=False)
    if not like.filed:
        with pa.ipc.new_stream(out, schema, options=options) as stream:
            yield stream.write_batch
        return
    dictionaries = _Dictionaries()
    with pa.ipc.new_file(out, schema, options=options, metadata=like.metadata) as file:
        yield lambda batch, metadata: file.write_batch(dictionaries.shared(batch), metadata)


class _Dictionaries:
    """The dictionaries of the columns of a file. It has one for each, which can grow, but not be replaced."""

    def __init__(self) -> None:
        self._of: dict[int, pa.Array] = {}

    def shared(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with all its columns in the dictionaries of the file."""
        for number, column in enumerate(batch.columns):
            if pa.types.is_dictionary(column.type):
                batch = batch.set_column(number, batch.schema.field(number), self._shared(number, column))
        return batch

    def _shared(self, number: int, column: pa.DictionaryArray) -> pa.DictionaryArray:
        known = self._of.setdefault(number, column.dictionary)
        if column.dictionary.equals(known):
            return column
        new = column.dictionary.filter(pc.invert(pc.is_in(column.dictionary, known)))
        known = self._of[number] = pa.concat_arrays([known, new]) if len(new) else known
        indices = pc.index_in(column.dictionary, known).take(column.indices).cast(column.type.index_type)
        return pa.DictionaryArray.from_arrays(indices, known, ordered=column.type.ordered)
