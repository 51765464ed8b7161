"""Compressed files: known by their content, not by their name; read and written as streams.

Rules of this file: what ends before its end, or is followed by what does not belong to it, says so; one member may
follow another, so that compressed parts can be put one behind the other; no member may ask for gigabytes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO, Final, Protocol, cast

from jiaokan.batch.pieces import Compression as Compression
from jiaokan.batch.pieces import InputError, Piece

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# How a file of each kind begins: RFC 1952, the bzip2 format (a block, or the end at once), the .xz format, RFC 8878 (a
# frame, or one to be skipped).
_SIGNS: Final[Mapping[Compression, re.Pattern[bytes]]] = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "bzip2": re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\0"),
    "zstd": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
}
# Bytes of a file that tell how it is compressed.
HEAD: Final = 10

_BLOCK: Final = 128 * 1024  # bytes read, or unpacked, at a time
# Bytes that unpacking may take. xz -9 takes 65 MiB, zstd --ultra -22 128 MiB; what asks for more is refused.
_MEMORY: Final = 160 * 1024 * 1024
# A worker may have 300 MB. xz takes 94 MiB to write with its usual preset, 6, and 48 MiB with this one.
_XZ_PRESET: Final = 4
# What unpackers raise.
BROKEN: Final = (OSError, zlib.error, lzma.LZMAError, zstd.ZstdError, EOFError, MemoryError)


def begins(compression: Compression) -> re.Pattern[bytes]:
    """What a file begins with that is compressed so, and each member of it."""
    return _SIGNS[compression]


def of(head: bytes) -> Compression | None:
    """How a file is compressed that begins with ``head``; its first ``HEAD`` bytes are enough.

    >>> of(gzip.compress(b"")), of(b"{}")
    ('gzip', None)
    """
    return next((name for name, sign in _SIGNS.items() if sign.match(head)), None)


def opened(piece: Piece) -> BinaryIO:
    """The bytes of a piece: a stretch of a file, or all that a compressed file holds.

    Raises:
        OSError: it cannot be opened.
        InputError: while it is read: it is not what its beginning promises.
    """
    file = piece.path.open("rb", buffering=0)
    if piece.compression:
        return _Stream(unpacked(blocks_of(file), piece.compression), file).buffered()
    file.seek(piece.start)
    return _Stream(blocks_of(file, piece.end - piece.start), file).buffered()


def reading(file: Readable, compression: Compression | None) -> BinaryIO:
    """What a file holds that is compressed so; its bytes if it is not. Closing this closes it. Raises as ``opened``."""
    return _Stream(unpacked(blocks_of(file), compression) if compression else blocks_of(file), file).buffered()


def buffered(blocks: Iterable[bytes]) -> BinaryIO:
    """Blocks as a file, to be read by lines or otherwise; closing it leaves open what they come from.

    >>> buffered([b"a", b"b\\nc"]).readline()
    b'ab\\n'
    """
    return _Stream(iter(blocks)).buffered()


@contextmanager
def writing(target: BinaryIO, compression: Compression | None) -> Iterator[BinaryIO]:
    """Somewhere to write what ``target`` is to hold compressed. The same content gives the same bytes.

    >>> target = io.BytesIO()
    >>> with writing(target, "gzip") as file:
    ...     _ = file.write(b"page")
    >>> reading(io.BytesIO(target.getvalue() * 2), "gzip").read()
    b'pagepage'
    """
    if compression is None:
        yield target
    else:
        with _WRITERS[compression](target) as file:
            yield file


_WRITERS: Final[Mapping[Compression, Callable[[BinaryIO], Any]]] = {
    "gzip": lambda target: gzip.GzipFile("", "wb", 6, target, mtime=0),
    "bzip2": partial(bz2.BZ2File, mode="wb"),
    "xz": partial(lzma.LZMAFile, mode="wb", preset=_XZ_PRESET),
    "zstd": partial(zstd.ZstdFile, mode="wb", options={zstd.CompressionParameter.checksum_flag: True}),
}


class Readable(Protocol):
    """What can be read in blocks, such as a file."""

    def read(self, size: int, /) -> bytes | None:
        """The next bytes, at most ``size``; none at the end."""

    def close(self) -> None:
        """End reading."""


class Unpacker(Protocol):
    """What unpacks one member, stream or frame; those of ``bz2``, ``lzma`` and ``zstd`` are such."""

    @property
    def eof(self) -> bool:
        """Whether the member has ended."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes out before something goes in."""

    @property
    def unused_data(self) -> bytes:
        """What went in and stands behind the member."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """What comes out, at most so much, when this goes in."""


class _Gunzip:
    """One member of a gzip stream."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        unpacked = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        self.needs_input = len(unpacked) < max_length
        return unpacked


UNPACKERS: Final[Mapping[Compression, Callable[[], Unpacker]]] = {
    "gzip": _Gunzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, memlimit=_MEMORY),
    "zstd": zstd.ZstdDecompressor,  # which refuses windows of more than 128 MiB
}
# Zeros may stand between and behind the members of these, to fill the blocks of a tape or a file.
FILLED_UP: Final = {"gzip", "xz"}


def unpacked(given: Iterable[bytes], compression: Compression) -> Iterator[bytes]:
    """What is packed in the blocks, one member after the other.

    >>> b"".join(unpacked([gzip.compress(b"a"), b"\\0\\0", gzip.compress(b"b")], "gzip"))
    b'ab'

    Raises:
        InputError: that is not what they are, or they end before the end.
    """
    member, begun = UNPACKERS[compression](), False
    for packed in given:
        block, more = packed, True
        while more:
            if not begun and compression in FILLED_UP:
                block = block.lstrip(b"\0")
            out = _out_of(member, block, compression) if block or begun else b""
            if out:
                yield out
            begun, block, more = begun or bool(block), b"", not member.needs_input
            if member.eof:
                block = member.unused_data
                member, begun, more = UNPACKERS[compression](), False, bool(block)
    if begun:
        raise InputError(f"it is compressed with {compression} and ends before its end")


def _out_of(member: Unpacker, block: bytes, compression: Compression) -> bytes:
    try:
        return member.decompress(block, _BLOCK)
    except BROKEN as error:
        raise InputError(
            f"it is compressed with {compression} and broken: {str(error) or type(error).__name__}"
        ) from None


def blocks_of(file: Readable, size: int | None = None) -> Iterator[bytes]:
    """The next ``size`` bytes of a file, a block at a time; all by default."""
    while (size is None or size > 0) and (block := file.read(_BLOCK if size is None else min(_BLOCK, size))):
        size = None if size is None else size - len(block)
        yield block


class _Stream(io.RawIOBase):
    """Blocks as a file."""

    def __init__(self, blocks: Iterator[bytes], file: Readable | None = None) -> None:
        self._blocks, self._file, self._rest = blocks, file, memoryview(b"")

    def buffered(self) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(self, _BLOCK))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        if self._file:
            self._file.close()
        super().close()
