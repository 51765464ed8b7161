"""The bytes of an archive, unpacked, and where in the file each compressed member of it starts.

Rules of this file: a file is never held whole; what is broken ends the bytes and says why, and one
can go on behind it. FastWARC reads a cut-off member as if it were whole and cannot go on behind a corrupt one, which
is why members are unpacked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from jiaokan.batch.compression import BROKEN, FILLED_UP, UNPACKERS, Unpacker, begins, of

_CHUNK: Final = 128 * 1024  # bytes read, or unpacked, at a time
_LONGEST_BEGIN: Final = 10  # bytes that tell where a member begins
_RECORD: Final = b"WARC/"
# So many compressed bytes hold the first word of a record.
_GLANCE: Final = 4096


class Mark(NamedTuple):
    """Where a file can be read again: the unpacked position, and the byte of the file."""

    position: int
    byte: int


class Unpacked:
    """What stands in an archive from one byte of its file to another, unpacked.

    Positions count unpacked bytes from 0.

    Attributes:
        compression: how the file is compressed, if it is.
        position: the byte that is read next.
        broken: why there is no more, if the file does not simply end.
        corrupt: whether that is because bytes are wrong, and not because they are missing.
    """

    def __init__(self, file: BinaryIO, start: int = 0, end: int | None = None) -> None:
        self.position = 0
        self.broken: str | None = None
        self.corrupt = False
        self._file, self._start, self._end = file, start, end
        self._next = start  # the byte of the file that is read next
        self._kept, self._base = bytearray(), 0  # unpacked bytes, and the position of the first of them
        self._members = dict[int, int]()  # by the position where they start: the byte of the file
        self._member = start  # the byte of the file where the last of them starts
        self._unpacker: Unpacker | None = None
        self._packed = b""
        file.seek(start)
        self._packed = self._read()
        self.compression = of(self._packed)
        if not self.compression:
            self._kept += self._packed

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end, which are still there to be read."""
        while len(self._kept) < self.position - self._base + size and self._more():
            pass
        start = self.position - self._base
        return bytes(memoryview(self._kept)[start : start + size])

    def read(self, size: int) -> bytes:
        """The next bytes, fewer only at the end."""
        found = self.peek(size)
        self.position += len(found)
        return found

    def skip(self, size: int) -> int:
        """Pass over bytes without holding them, and say how many there were."""
        if not self.compression:
            return self._sought(size)
        left = size
        while left and (passed := len(self.read(min(left, _CHUNK)))):
            self.forget()
            left -= passed
        return size - left

    def _sought(self, size: int) -> int:
        end = self._file.seek(0, 2) if self._end is None else self._end
        passed = min(size, end - self._start - self.position)
        self.position += passed
        if self.position > self._base + len(self._kept):
            self._kept, self._base = bytearray(), self.position
            self._next = self._start + self.position
        self._file.seek(self._next)
        return passed

    def forget(self) -> None:
        """Let go of what has been read; one cannot go back behind it."""
        if self.position - self._base >= _CHUNK or len(self._kept) == self.position - self._base:
            del self._kept[: self.position - self._base]
            self._base = self.position
        for position in [*self._members][:-1]:
            if position < self.mark().position:
                del self._members[position]

    def mark(self) -> Mark:
        """The last place at or before the position from which the file can be read again."""
        if not self.compression:
            return Mark(self.position, self._start + self.position)
        position = max((place for place in self._members if place <= self.position), default=0)
        return Mark(position, self._members.get(position, self._start))

    def back(self, mark: Mark, position: int) -> None:
        """Go back to a position behind a mark, where the file can be read again."""
        self._restart(*mark)
        self.skip(position - mark.position)

    def _restart(self, position: int, byte: int) -> None:
        self.position, self._kept, self._base = position, bytearray(), position
        self._next, self._packed, self._unpacker, self.broken, self.corrupt = byte, b"", None, None, False
        self._file.seek(byte)

    def find(self, pattern: re.Pattern[bytes], longest: int) -> bool:
        """Go to where a pattern matches, which looks at so many bytes; to the end if it does nowhere."""
        while True:
            start = self.position - self._base
            if match := pattern.search(self._kept, start):
                self.position += match.start() - start
                return True
            self.position += max(0, len(self._kept) - start - longest)
            self.forget()
            if not self._more():
                self.position = self._base + len(self._kept)
                return False

    def byte(self) -> int:
        """The byte of the file that stands at the position, or, within a compressed member, where that starts."""
        if not self.compression:
            return self._start + self.position
        return self._members.get(self.position, self._member)

    def boundary(self) -> int | None:
        """The byte of the file that stands at the position, ``None`` within a compressed member."""
        if not self.compression:
            return self._start + self.position
        if not self.peek(1) and not self.broken:
            return self._next
        return self._members.get(self.position)

    def resume(self) -> bool:
        """Go on with the next member that begins with a record, behind what is broken; ``False`` if there is none."""
        if not (self.broken and self.compression):
            return False
        for byte in self._begins(self._member + 1):
            self._file.seek(byte)
            try:
                begun = UNPACKERS[self.compression]().decompress(self._file.read(_GLANCE), len(_RECORD))
            except BROKEN:
                continue
            if begun == _RECORD:
                self._restart(self.position, byte)
                return True
        return False

    def _begins(self, since: int) -> Iterator[int]:
        """Bytes of the file from ``since`` on where a member may begin."""
        assert self.compression
        self._next, tail = since, b""
        while True:
            self._file.seek(self._next)
            if not (chunk := self._read()):
                return
            searched, byte = tail + chunk, self._next - len(chunk) - len(tail)
            for match in begins(self.compression).finditer(searched):
                yield byte + match.start()
            tail = searched[-(_LONGEST_BEGIN - 1) :] if len(searched) >= _LONGEST_BEGIN else b""

    def _read(self) -> bytes:
        size = _CHUNK if self._end is None else min(_CHUNK, self._end - self._next)
        chunk = self._file.read(size) if size > 0 else b""
        self._next += len(chunk)
        return chunk

    def _more(self) -> bool:
        """Keep some more bytes; ``False`` if there are none."""
        if self.broken:
            return False
        if not self.compression:
            chunk = self._read()
            self._kept += chunk
            return bool(chunk)
        while True:
            if not self._unpacker and self.compression in FILLED_UP:
                self._packed = self._packed.lstrip(b"\0")
            if not self._packed and (not self._unpacker or self._unpacker.needs_input):
                self._packed = self._read()
                if not self._packed:
                    self.broken = f"the file ends within a {self.compression} member" if self._unpacker else None
                    return False
            size = len(self._kept)
            try:
                self._unpack(self._unpacker or self._begun())
            except BROKEN as error:
                self.broken, self.corrupt = f"the {self.compression} member is corrupt: {error}", True
                return False
            if len(self._kept) > size:
                return True

    def _begun(self) -> Unpacker:
        """What unpacks the next member."""
        assert self.compression
        self._member = self._next - len(self._packed)
        self._members[self._base + len(self._kept)] = self._member
        self._unpacker = UNPACKERS[self.compression]()
        return self._unpacker

    def _unpack(self, unpacker: Unpacker) -> None:
        self._kept += unpacker.decompress(self._packed, _CHUNK)
        self._packed = b""
        if unpacker.eof:
            self._packed, self._unpacker = unpacker.unused_data, None
