"""Parquet: documents in some of the columns; a piece is some of the row groups.

Rules of this file: all but the texts keeps its type, its values and its metadata, and each column its codec. A row
group stays one, but a large one becomes several, since it is not held whole. That a row group is sorted is not said of
the repaired one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from jiaokan.batch.compression import writing
from jiaokan.batch.documents import Repairer
from jiaokan.batch.formats.columnar import Repairing, parts_of, reading_as, rows_at_a_time, seekable
from jiaokan.batch.pieces import Piece, Shape

_BUFFER: Final = 1024 * 1024  # bytes of a column that are read at a time
# Where Spark keeps a schema of its own, which it goes by: columns that are not in it are not seen.
_SPARK: Final = b"org.apache.spark.sql.parquet.row.metadata"
_NAME: Final = "Parquet file"
_CODECS: Final = {"UNCOMPRESSED": "NONE"}  # what is read, where it is not called so in writing


def pieces(path: Path, size: int) -> Iterator[Piece]:
    """The row groups of a file, as many together as have about ``size`` bytes (``pieces.Format``)."""
    with path.open("rb") as file, reading_as(_NAME):
        metadata = pq.read_metadata(file)
        sizes = [metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups)]
    start = held = 0
    for number, weight in enumerate(sizes):
        if held >= size:
            yield Piece(path, start, number, first=start == 0)
            start, held = number, 0
        held += weight
    yield Piece(path, start, len(sizes), first=start == 0)


def rewrite(piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
    """Write the row groups with their documents repaired, as a file of its own; or the texts.

    Raises:
        OSError: the piece cannot be read, or the target written.
        InputError: it is no Parquet, or has no such column of text.
    """
    repairing = Repairing(shape, repairer)
    with seekable(piece) as source, writing(target, shape.compression) as out:
        file = _opened(source)
        groups = range(file.num_row_groups) if piece.compression else range(piece.start, piece.end)
        schema = repairing.schema(file.schema_arrow)
        if shape.text_only:
            for batch in (batch for group in groups for batch in _batches(file, group)):
                out.writelines(repairing.lines(batch))
            return repairing.records
        with _writer(out, schema, file) as writer:
            for group in groups:
                for together in repairing.groups(_batches(file, group)):
                    writer.write_table(pa.Table.from_batches(together, writer.schema))
    return repairing.records


def join(parts: Sequence[Path], target: BinaryIO) -> None:
    """Parts as one file, row group by row group."""
    found = parts_of(parts)
    with seekable(found[0]) as first, writing(target, found[0].compression) as out:
        like = _opened(first)
        with _writer(out, like.schema_arrow, like) as writer:
            for part in found:
                with seekable(part) as source:
                    file = _opened(source)
                    for group in range(file.num_row_groups):
                        writer.write_table(file.read_row_group(group, use_threads=False))


def _opened(source: BinaryIO) -> Any:
    with reading_as(_NAME):
        return pq.ParquetFile(source, pre_buffer=False, buffer_size=_BUFFER)


def _batches(file: Any, group: int) -> Iterator[pa.RecordBatch]:
    """A row group, some rows at a time."""
    metadata = file.metadata.row_group(group)
    rows = rows_at_a_time(metadata.total_byte_size, metadata.num_rows)
    found = file.iter_batches(rows, [group], use_threads=False)
    while True:
        with reading_as(_NAME):
            batch = next(found, None)
        if batch is None:
            return
        yield batch


@contextmanager
def _writer(out: BinaryIO, schema: pa.Schema, like: Any) -> Iterator[Any]:
    """A writer for a file that is like another."""
    if schema.names != like.schema_arrow.names and _SPARK in (schema.metadata or {}):
        schema = schema.with_metadata({key: kept for key, kept in schema.metadata.items() if key != _SPARK})
    with pq.ParquetWriter(pa.PythonFile(out, "w"), schema, **_settings(schema, like)) as writer:
        yield writer


def _settings(schema: pa.Schema, like: Any) -> dict[str, Any]:
    """How to write, so that a file is like another."""
    metadata = like.metadata
    chunks = [
        metadata.row_group(group).column(column)
        for group in range(min(metadata.num_row_groups, 1))
        for column in range(metadata.num_columns)
    ]
    int96 = any(metadata.schema.column(column).physical_type == "INT96" for column in range(metadata.num_columns))
    codecs = {chunk.path_in_schema: _CODECS.get(chunk.compression, chunk.compression) for chunk in chunks}
    usual = Counter(codecs.values()).most_common(1)[0][0] if codecs else "SNAPPY"
    nested = not any(".list.item" in path for path in codecs)
    return {
        "version": metadata.format_version if int96 or not _in_nanoseconds(schema) else "2.6",
        "use_deprecated_int96_timestamps": int96,
        "compression": {path: codecs.get(path, usual) for path in _paths(schema, nested)} or usual,
        "use_compliant_nested_type": nested,
        "write_page_index": any(chunk.has_column_index for chunk in chunks),
    }


def _paths(schema: pa.Schema, nested: bool) -> list[str]:
    """The columns of a file with this schema, as its metadata name them."""
    sink = pa.BufferOutputStream()
    pq.write_metadata(schema, sink, use_compliant_nested_type=nested)
    found = pq.read_metadata(pa.BufferReader(sink.getvalue())).schema
    return [found.column(number).path for number in range(len(found))]


def _in_nanoseconds(schema: pa.Schema) -> bool:
    return any("[ns" in str(kind) for kind in schema.types)
