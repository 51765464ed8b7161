"""The records of an archive, each with the bytes of the file that hold it, and what is none.

Rules of this file: a record is given out only if all of it is there and another begins behind it; what is broken costs
no record before or behind it. FastWARC reads the heads; where records begin and end is told here, because its iterator
takes a cut-off record for whole and stops at the first that is broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final, NamedTuple

from fastwarc.warc import HeaderMap

from jiaokan.batch.formats.warc.unpacking import Mark, Unpacked

# Bytes of a head at most: FastWARC reads no more than about 32 KiB.
_HEAD: Final = 32 * 1024
# What is kept of a content that is longer than asked for, so that its HTTP head can be read.
OPENING: Final = 32 * 1024
_BEGIN: Final = b"WARC/"
_BEGINS: Final = re.compile(rb"WARC/\d\.\d\r?\n[A-Za-z-]+:")
_LONGEST_BEGIN: Final = 64
_HEAD_ENDS: Final = re.compile(rb"\r?\n\r?\n")
_LENGTH: Final = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d+)[ \t]*\r?$")
_DIGITS: Final = 18  # of a length, at most


class Record(NamedTuple):
    """A record.

    Attributes:
        at: the byte of the file where it starts, or the compressed member that it stands in.
        head: its version and headers, with the empty line.
        length: the bytes of its content.
        content: the content; only its beginning if it is longer than was asked for.
        start: the position of the content in the unpacked archive.
        mark: from where it can be read again.
        extent: the bytes of the file that hold this record with the empty lines behind it, and nothing else; ``None``
            if a compressed member holds several records.
    """

    at: int
    head: bytes
    length: int
    content: bytes
    start: int
    mark: Mark
    extent: tuple[int, int] | None

    @property
    def whole(self) -> bool:
        """Whether all of the content is here."""
        return len(self.content) == self.length

    @property
    def headers(self) -> HeaderMap:
        """Its headers by name."""
        return headers_of(self.head)

    def header(self, name: str) -> str:
        """One of its headers, empty if it has none."""
        return self.headers.get(name) or ""


class Broken(NamedTuple):
    """A stretch of the file that cannot be read as a record: where it starts, and why."""

    at: int
    reason: str


class _TornError(Exception):
    """No record, or not all of it: why, and the position from which the next one is looked for."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


def headers_of(head: bytes, encoding: str = "utf-8") -> HeaderMap:
    """The headers of a WARC record or an HTTP message, by name; none if they are too long to be read.

    >>> headers_of(b"WARC/1.0\\r\\nWARC-Type: response\\r\\n\\r\\n")["warc-type"]
    'response'
    """
    headers = HeaderMap(encoding=encoding)
    try:
        headers.parse(BytesIO(re.sub(rb"\r?\n", b"\r\n", head)))
    except OSError:
        return HeaderMap(encoding=encoding)
    return headers


def is_archive(source: Unpacked) -> bool:
    """Whether it begins with a record."""
    return source.peek(len(_BEGIN)) == _BEGIN


def records(source: Unpacked, held: int) -> Iterator[Record | Broken]:
    """All records from where ``source`` stands, with contents of at most ``held`` bytes."""
    while True:
        _pass_blank(source)
        source.forget()
        if not source.peek(1) and not source.broken:
            return
        at, mark = source.byte(), source.mark()
        try:
            yield _record(source, at, mark, held)
        except _TornError as torn:
            source.back(mark, torn.position)
            ended = not source.find(_BEGINS, _LONGEST_BEGIN)
            yield Broken(at, f"byte {at:,}: {torn}")
            if ended and not source.resume():
                return


def _record(source: Unpacked, at: int, mark: Mark, held: int) -> Record:
    """The record that starts here.

    Raises:
        _TornError: there is none.
    """
    first = source.boundary()
    head, length = _head(source)
    start = source.position
    if length <= held:
        content = source.read(length)
        passed = len(content)
    else:
        content = source.peek(min(OPENING, held))
        passed = source.skip(length)
    lines = _pass_blank(source)
    if source.broken and (passed < length or (source.corrupt and source.byte() == at)):  # told by its checksum
        raise _TornError(source.broken, start)
    if passed < length or (lines < 2 and source.peek(len(_BEGIN)) not in (b"", _BEGIN)):
        raise _TornError(f"its Content-Length is {length:,}, but no record ends there; or it was cut off", start)
    last = source.boundary() if lines >= 2 else None  # not without the empty lines that the next one needs
    extent = None if first is None or last is None else (first, last)
    return Record(at, head, length, content, start, mark, extent)


def _head(source: Unpacked) -> tuple[bytes, int]:
    """The head of the record that starts here, and the length of its content."""
    here = source.position
    found = source.peek(_HEAD)
    if not found.startswith(_BEGIN):
        raise _TornError(source.broken or "no record starts here", here + bool(found))
    if not (end := _HEAD_ENDS.search(found)):
        why = source.broken or ("its head is too long" if len(found) == _HEAD else "the file ends within its head")
        raise _TornError(why, here + 1)
    head = found[: end.end()]
    length = _LENGTH.findall(head)
    if not length or len(length[-1]) > _DIGITS:
        raise _TornError("it has no Content-Length", here + 1)
    source.position += len(head)
    return head, int(length[-1])


def _pass_blank(source: Unpacked) -> int:
    """Pass over empty lines, and say how many."""
    lines = 0
    while (some := source.peek(4)) and (blank := len(some) - len(some.lstrip(b"\r\n"))):
        lines += some[:blank].count(b"\n")
        source.position += blank
    return lines
