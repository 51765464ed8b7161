"""Bytes that one thread writes and another reads, first in first out, in little memory.

Many clients send all of a batch before they read any of its answers: the answers have to wait somewhere, or neither
side gets on. A few MiB of them wait in memory, more in temporary files (in ``TMPDIR``), each gone once it is read.
"""

from __future__ import annotations

import os
from collections import deque
from tempfile import TemporaryFile
from threading import Condition
from typing import Final

# Bytes that wait in memory; for a client that reads along there are never more.
_IN_MEMORY: Final = 4 * 1024 * 1024
# Bytes of one temporary file. It is given back as a whole, so that the disk holds this much more than what waits.
_FILE: Final = 64 * 1024 * 1024
# Bytes read from a file at a time.
_PIECE: Final = 256 * 1024


class Spool:
    """A queue of bytes, between two threads.

    >>> spool = Spool()
    >>> spool.write(b"one"), spool.write(b"two"), spool.end(b"last")
    (None, None, None)
    >>> spool.read(), spool.read(), spool.read()
    (b'onetwo', b'last', b'')
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._changed = Condition()
        self._in_memory = in_memory
        self._front = deque[bytes]()  # read before the files
        self._size = 0
        self._files = deque[_File]()
        self._last: bytes | None = None

    def write(self, piece: bytes) -> None:
        """Put bytes at the end; after ``end`` or ``close`` they are dropped.

        Raises:
            OSError: there is no place for a temporary file, or no room in it; nothing of the piece is kept.
        """
        with self._changed:
            if self._last is not None or not piece:
                return
            if not self._files and self._size + len(piece) <= self._in_memory:
                self._front.append(piece)
                self._size += len(piece)
            else:
                if not self._files or self._files[-1].written >= _FILE:
                    self._files.append(_File())
                self._files[-1].write(piece)
            self._changed.notify()

    def end(self, last: bytes = b"") -> None:
        """Nothing but ``last`` will come, for which there is room always."""
        with self._changed:
            self._last = last
            self._changed.notify()

    def read(self) -> bytes:
        """The next bytes, as soon as there are any; none when all have been read."""
        with self._changed:
            while True:
                if self._front:
                    return self._from_memory()
                while self._files:
                    if piece := self._files[0].read():
                        return piece
                    self._files.popleft().close()
                if self._last is not None:
                    piece, self._last = self._last, b""
                    return piece
                self._changed.wait()

    def _from_memory(self) -> bytes:
        piece = b"".join(self._front)
        self._front.clear()
        self._size = 0
        return piece

    def close(self) -> None:
        """Drop all that waits, and whatever is still to be written."""
        with self._changed:
            self._last = b""
            self._front.clear()
            while self._files:
                self._files.popleft().close()
            self._changed.notify()


class _File:
    """A temporary file without a name, written at its end and read from its start."""

    def __init__(self) -> None:
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115  # it is open as long as it is read
        self.written = 0
        self._read = 0

    def write(self, piece: bytes) -> None:
        rest, at = memoryview(piece), self.written
        while rest:  # a disk that is nearly full takes a part, and then none
            done = os.pwrite(self._file.fileno(), rest, at)
            rest, at = rest[done:], at + done
        self.written = at

    def read(self) -> bytes:
        piece = os.pread(self._file.fileno(), min(_PIECE, self.written - self._read), self._read)
        self._read += len(piece)
        return piece

    def close(self) -> None:
        self._file.close()
