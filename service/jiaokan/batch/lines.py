"""Lines: where to cut a file or a stream between them, and reading them however long they are.

Rules of this file: no more of a line is held than is asked for; a file is cut without being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from jiaokan.batch.documents import LONGEST, too_long
from jiaokan.batch.pieces import Piece

_BLOCK: Final = 64 * 1024  # bytes of a line that are read at a time only to find its end


def pieces(path: Path, size: int) -> Iterator[Piece]:
    """The pieces of a file of lines (``pieces.Format``): each ends behind the first line break ``size`` bytes on."""
    with path.open("rb") as file:
        total, start = file.seek(0, 2), 0
        while True:
            end = total
            if start + size < total:
                file.seek(start + size - 1)
                end = start + size - 1 + skipped(file)
            yield Piece(path, start, end, first=start == 0)
            if end >= total:
                return
            start = end


def blocks(stream: BinaryIO, size: int, longest: int = LONGEST) -> Iterator[bytes]:
    r"""A stream of lines in blocks of about ``size`` bytes (``Format.cut``); an empty stream has one empty block.

    A line of more than ``longest`` bytes is cut off behind one more, so that it still is too long.

    >>> import io
    >>> [*blocks(io.BytesIO(b"a\nbcd\ne"), 3)]
    [b'a\nbcd\n', b'e']
    """
    block = stream.read(size)
    while True:
        if block and not block.endswith(b"\n"):
            held = len(block) - (block.rfind(b"\n") + 1)
            rest = stream.readline(max(longest + 1 - held, 0))
            if held + len(rest) > longest and not rest.endswith(b"\n"):
                skipped(stream)
            block += rest
        yield block
        block = stream.read(size)
        if not block:
            return


def lines(stream: BinaryIO, longest: int) -> Iterator[bytes | int]:
    r"""Each line with its end; of a line of more than ``longest`` bytes, which is not held, only how many it has.

    >>> import io
    >>> [*lines(io.BytesIO(b"ab\r\nabcdefg\nc"), 4)]
    [b'ab\r\n', 8, b'c']
    """
    while line := stream.readline(longest + 1):
        if len(line) <= longest:
            yield line
        else:
            yield len(line) + (0 if line.endswith(b"\n") else skipped(stream))


def skipped(stream: BinaryIO) -> int:
    """How many bytes there were to the end of the line, which is read."""
    size = 0
    while part := stream.readline(_BLOCK):
        size += len(part)
        if part.endswith(b"\n"):
            break
    return size


def too_long_to_hold(size: int, longest: int) -> str:
    """Why a line is rejected that ``lines`` did not hold: that of a stream was cut off, so that it had more bytes.

    >>> too_long_to_hold(17, 16)
    'it has at least 17 bytes, and a document may have 16'
    """
    reason = too_long(size, longest)
    return reason.replace("it has", "it has at least", 1) if size == longest + 1 else reason
