"""Lines: where to cut a file or a stream between them, and reading them however long they are.

Rules of this file: no more of a line is held than is asked for; a file is cut without being read. Files of lines are
UTF-8, but for lines that are not: those are read in the charset they are in, and come out in UTF-8.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final

from jiaokan.batch.compression import Readable, blocks_of, buffered
from jiaokan.batch.documents import LONGEST, too_long
from jiaokan.batch.pieces import InputError, Piece
from jiaokan.charset.source import Source
from jiaokan.edits import Edit, Span, apply

# What cannot be cut at line breaks: a byte 0A in it may belong to another character. UTF-32 may begin like UTF-16.
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
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


def blocks(stream: Readable, size: int, longest: int = LONGEST) -> Iterator[bytes]:
    r"""A stream of lines in blocks of about ``size`` bytes (``Format.cut``); an empty stream has one empty block.

    A line of more than ``longest`` bytes is cut off behind one more, so that it still is too long.

    >>> import io
    >>> [*blocks(io.BytesIO(b"a\nbcd\ne"), 3)]
    [b'a\nbcd\n', b'e']
    """
    stream = buffered(blocks_of(stream))
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


def read(raw: bytes, declared: str | None) -> tuple[str, str | None]:
    """A line as text, and the charset of its bytes unless it is UTF-8.

    >>> read("題".encode(), None)
    ('題', None)
    """
    if declared is None or raw.isascii():
        try:
            return raw.decode(), None
        except UnicodeDecodeError:
            pass
    source = Source.read(raw, declared)
    if source.charset == "utf-8" and not source.losses and not source.passages:
        return raw.decode(), None
    return source.text, source.charset


def refuse_wide(line: bytes) -> None:
    """Refuse a file that begins with this line, if it is in UTF-16 or UTF-32.

    Raises:
        InputError: it is.
    """
    if line.startswith(_WIDE):
        raise InputError("it is in UTF-16 or UTF-32; files of lines are read in UTF-8")


def put(text: str, changes: Mapping[Span, str]) -> str:
    """The text with something else in some places.

    >>> put("a1b", {Span(1, 2): "2", Span(3, 3): "c"})
    'a2bc'
    """
    return apply(text, [Edit.at(start, text[start:end], new) for (start, end), new in sorted(changes.items())])
