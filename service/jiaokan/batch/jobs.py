"""Jobs: what a worker is given at a time, from all inputs in order.

Rules of this file: an input gives the same jobs in every run, so that one can go on where another stopped; a job is
made when a worker is free for it, so that neither memory nor disk fills with those that wait.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from jiaokan.batch import compression, plan
from jiaokan.batch.documents import LONGEST
from jiaokan.batch.files import FULL, StoppedError
from jiaokan.batch.pieces import SIZE, Format, FormatName, InputError, Piece, Shape
from jiaokan.batch.plan import STANDARD_INPUT, Input, Kind

# What can be cut into pieces while it is read; other formats must be had whole.
_CUT: Final[tuple[FormatName, ...]] = ("jsonl", "csv", "tsv")
# Bytes of the smallest pieces. A compressed file of so many is not cut.
_SMALL: Final = 1 << 18
# Bytes of a piece of a stream, of which nobody knows how long it is.
_BLOCK: Final = 1 << 20
# Pieces that a file is cut into, at least, unless they become too small.
_PIECES: Final = 32


class Job(NamedTuple):
    """A piece of an input and what to make of it.

    Attributes:
        input: which of the inputs, from 0.
        number: which piece of it, from 0.
        format: the module that reads it.
        piece: what to read.
        shape: how documents stand in it.
        last: whether it is the last piece.
        size: bytes of the input that it stands for, as they lie on the disk.
    """

    input: int
    number: int
    format: FormatName
    piece: Piece
    shape: Shape
    last: bool
    size: int

    @property
    def whole(self) -> bool:
        """Whether it is all of its input."""
        return self.last and self.number == 0


class Failure(NamedTuple):
    """An input cannot be read, or not to its end.

    Attributes:
        input: which of the inputs, from 0.
        number: the piece of it that cannot be read, from 0.
        reason: why, in one line.
        again: whether it may be read another time, as where a disk was not there. If not, what was read counts.
    """

    input: int
    number: int
    reason: str
    again: bool


def module(name: FormatName) -> Format:
    """The format of that name; loaded when it is first needed.

    Raises:
        OSError: what reads it is not installed, as in the image of the service; another run may find it.
    """
    try:
        return cast(Format, import_module(f"jiaokan.batch.formats.{name}"))
    except ModuleNotFoundError as error:
        lacking = (error.name or "").partition(".")[0]
        if lacking == "jiaokan":
            raise
        raise OSError(f"to read {name} takes {lacking}, which is not installed: pip install {lacking}") from None


@dataclass(frozen=True, slots=True)
class Jobs:
    """The jobs of inputs.

    Attributes:
        shape: how documents stand in all of them.
        spool: a folder for what is read from standard input, or decompressed.
        format: what the inputs are, if it was said.
        plain: whether nothing but plain text will do.
        stream: standard input.
        longest: bytes of a document at most.
        done: whether a piece, by its input and number, is not wanted any more.
    """

    shape: Shape
    spool: Path
    format: FormatName | None = None
    plain: bool = False
    stream: BinaryIO = field(default_factory=io.BytesIO)
    longest: int = LONGEST
    done: Callable[[int, int], bool] = lambda _input, _number: False

    def of(self, number: int, each: Input) -> Iterator[Job | Failure]:
        """The jobs of an input in order; behind them, why there are no more, if it could not be read to its end.

        Raises:
            StoppedError: the spool cannot be written.
        """
        held: Job | None = None
        try:
            for job in self._pieces(number, each):
                if held:
                    yield held
                held = job
        except (InputError, OSError) as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise StoppedError(f"{self.spool}: {said(error)}") from None
            if held:
                yield held
            yield Failure(number, held.number + 1 if held else 0, said(error), isinstance(error, OSError))
        else:
            if held:
                yield held._replace(last=True)

    def drop(self, job: Job) -> None:
        """Take away what was spooled for a job that is done."""
        if job.format in _CUT and job.piece.path.parent == self.spool:
            job.piece.path.unlink(missing_ok=True)

    def _pieces(self, number: int, each: Input) -> Iterator[Job]:
        with nullcontext(self.stream) if each.path == STANDARD_INPUT else open(each.path, "rb") as file:
            head = _head(file, plan.HEAD)
            if compression.of(head):
                head += _head(file, plan.PACKED_HEAD)
            kind = plan.kind(each.path, head)
            if self.format:
                kind = Kind(self.format, kind.compression)
            if self.plain and kind.format != "text":
                raise InputError(f"it is {kind.format}, which is shown by --sample, or by --with in its records")
            shape = replace(self.shape, name=each.path, compression=kind.compression)
            for place, (piece, weight) in enumerate(self._read(number, each, kind, head, file)):
                yield Job(number, place, kind.format, piece, shape, last=False, size=weight)

    def _read(self, number: int, each: Input, kind: Kind, head: bytes, file: BinaryIO) -> Iterator[tuple[Piece, int]]:
        """The pieces of an input, each with its bytes on the disk."""
        packed = None if kind.format == "warc" else kind.compression  # the records of WARC are compressed one by one
        streamed = each.path == STANDARD_INPUT
        size = 0 if streamed else os.fstat(file.fileno()).st_size
        if streamed or (packed and size > _SMALL and kind.format != "text"):
            again = _Again(head, file)
            stream = cast(BinaryIO, again)
            yield from self._spooled(number, kind, compression.reading(stream, packed), again)
        elif packed:
            yield Piece(Path(each.path), 0, size, compression=packed), size
        else:
            yield from _weighed(module(kind.format).pieces(Path(each.path), piece_size(size)), kind.format, size)

    def _spooled(self, number: int, kind: Kind, stream: BinaryIO, raw: _Again) -> Iterator[tuple[Piece, int]]:
        """A stream, piece by piece in files of their own; those that are done are read over."""
        if kind.format not in _CUT:
            copy = self.spool / f"{number}"
            with copy.open("wb") as target:
                shutil.copyfileobj(stream, target, 1 << 20)
            size = copy.stat().st_size
            yield from _weighed(module(kind.format).pieces(copy, piece_size(size)), kind.format, size)
            return
        before = 0
        for place, block in enumerate(module(kind.format).cut(stream, _BLOCK, self.longest)):
            copy = self.spool / f"{number}-{place}"
            if not self.done(number, place):
                copy.write_bytes(block)
            yield Piece(copy, 0, len(block), first=place == 0), raw.given - before
            before = raw.given


def piece_size(size: int) -> int:
    """Bytes of a piece of a file of so many bytes: small enough that no worker is left with the last one for long.

    >>> piece_size(1000), piece_size(1 << 40) == SIZE
    (262144, True)
    """
    return min(max(size // _PIECES, _SMALL), SIZE)


def said(error: Exception) -> str:
    """What is wrong, in one line."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _weighed(pieces: Iterator[Piece], name: FormatName, size: int) -> Iterator[tuple[Piece, int]]:
    """Pieces and how much of a file of ``size`` bytes each stands for. Row groups do not tell how long they are."""
    for piece in pieces:
        yield piece, (size if piece.first else 0) if name in ("parquet", "arrow") else piece.end - piece.start


def _head(file: BinaryIO, size: int) -> bytes:
    """The next so many bytes of a file; a pipe does not give as much at once."""
    head = b""
    while len(head) < size and (block := file.read(size - len(head))):
        head += block
    return head


class _Again(io.BufferedIOBase):
    """A stream once more from its start, of which the head was read; it counts what it has given."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest
        self.given = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        everything = size is None or size < 0
        if everything:
            block, self._head = self._head + self._rest.read(), b""
        elif self._head:
            block, self._head = self._head[:size], self._head[size:]
        else:
            block = self._rest.read(cast(int, size))
        self.given += len(block)
        return block

    read1 = read
