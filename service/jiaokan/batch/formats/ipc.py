"""What Arrow's library does not tell of its own files: where in a stream the batches stand, how they are compressed.

See the specification of the format (arrow.apache.org, "Arrow Columnar Format", "Serialization and Interprocess
Communication"): a file is a stream between a magic and a footer; a stream is a schema, then batches; each of them comes
with metadata in FlatBuffers, of which the two fields read here are found as that format lays tables out.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pyarrow as pa  # type: ignore[import-untyped]

MAGIC: Final = b"ARROW1"
# Where the stream in a file begins: the magic is filled up to a multiple of eight bytes.
STREAM_IN_FILE: Final = 8
# The numbers of fields (Message.fbs): in a message its header, in a record batch its compression, in that its codec.
_HEADER: Final = 2
_COMPRESSION: Final = 3
_CODEC: Final = 0
_CODECS: Final = ("lz4", "zstd")


class Message(NamedTuple):
    """A message of a stream: its kind, the bytes where it starts and behind it, and how its body is compressed."""

    kind: str
    start: int
    end: int
    codec: str | None


def messages(stream: Any, start: int = 0) -> Iterator[Message]:
    """The messages of a stream, which is not copied if it is a memory map.

    >>> sink = pa.BufferOutputStream()
    >>> batch = pa.record_batch({"text": ["問題"]})
    >>> with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
    ...     writer.write_batch(batch)
    >>> [(each.kind, each.codec) for each in messages(pa.BufferReader(sink.getvalue()))]
    [('schema', None), ('record batch', 'zstd')]
    """
    stream.seek(start)
    reader = pa.ipc.MessageReader.open_stream(stream)
    at = start
    while True:
        try:
            message = reader.read_next_message()
        except StopIteration:
            return
        codec = _codec(message.metadata.to_pybytes()) if message.type == "record batch" else None
        yield Message(message.type, at, at := stream.tell(), codec)


def _codec(metadata: bytes) -> str | None:
    """How the body of a record batch is compressed."""
    (message,) = struct.unpack_from("<I", metadata)
    compression = _table(metadata, _table(metadata, message, _HEADER), _COMPRESSION)
    if not compression:
        return None
    place = _field(metadata, compression, _CODEC)
    return _CODECS[metadata[place] if place else 0]


def _table(metadata: bytes, table: int | None, number: int) -> int | None:
    """The table that is a field of a table; ``None`` if there is none."""
    place = _field(metadata, table, number) if table else None
    return place and place + int(struct.unpack_from("<I", metadata, place)[0])


def _field(metadata: bytes, table: int, number: int) -> int | None:
    """Where a field of a table stands; ``None`` if it has its default value."""
    fields = table - int(struct.unpack_from("<i", metadata, table)[0])
    (size,) = struct.unpack_from("<H", metadata, fields)
    place = 4 + 2 * number
    (distance,) = struct.unpack_from("<H", metadata, fields + place) if place < size else (0,)
    return table + distance if distance else None
