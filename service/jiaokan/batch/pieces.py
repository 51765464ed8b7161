"""A piece: the part of an input that one worker reads at a time, and what a format must know to be read in pieces.

Rules of this file: an input is cut into the same pieces whenever it is cut; a piece can be read without the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple, Protocol, get_args

from jiaokan.batch.documents import LONGEST, Repairer

FormatName = Literal["text", "jsonl", "csv", "tsv", "parquet", "arrow", "warc"]
FORMATS: Final[tuple[FormatName, ...]] = get_args(FormatName)
Compression = Literal["gzip", "bzip2", "xz", "zstd"]

# Bytes of an input in a piece, about. As damaged as the seeds, a worker takes 20 seconds for it.
SIZE: Final = 4 * 1024 * 1024


class Piece(NamedTuple):
    """A part of an input.

    Attributes:
        path: the file to read; not the input itself where that is read through a copy, such as standard input.
        start: where it starts: a byte of the file, or the number of a row group or record batch.
        end: the byte, row group or record batch behind it.
        first: whether the input starts with it, so that what stands once, such as the names of columns, is written.
        compression: how the file is compressed. Such a file is read whole: ``start`` and ``end`` say nothing.
    """

    path: Path
    start: int
    end: int
    first: bool = True
    compression: Compression | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How documents stand in an input, and what to write. The same for all of its pieces.

    Attributes:
        name: what the input is called in messages, in places and in rejects.
        fields: the fields or columns that hold text; a path such as ``page.body`` for JSON Lines.
        text_only: write the texts alone, each followed by a line break.
        compression: how what is written is compressed, as the input is. A compressed part may follow another.
    """

    name: str
    fields: tuple[str, ...] = ("text",)
    text_only: bool = False
    compression: Compression | None = None


class Format(Protocol):
    """What a module of ``jiaokan.batch.formats`` exports."""

    def pieces(self, path: Path, size: int) -> Iterator[Piece]:
        """The pieces of a file that is not compressed (but for WARC), about ``size`` bytes each, one after the other.
        An empty file has one empty piece.

        Raises:
            OSError: it cannot be read.
            InputError: it is not in this format.
        """

    def cut(self, stream: BinaryIO, size: int, longest: int = LONGEST) -> Iterator[bytes]:
        """What comes out of a stream in blocks of about ``size`` bytes, each of which is a piece. A record of more than
        ``longest`` bytes, such as a line of 1 GB, comes cut off behind one more: ``rewrite`` rejects it all the same,
        if its repairer has the same limit."""

    def rewrite(self, piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
        """Write the piece with its documents repaired, and say how many records it had. What is written for all
        pieces, one after the other, is the output; but for Parquet and Arrow, which ``join`` puts together.

        Raises:
            OSError: it cannot be read or written.
            InputError: it is not in this format, or no field of it is as asked for.
        """

    def join(self, parts: Sequence[Path], target: BinaryIO) -> None:
        """Parquet and Arrow only: what was written for the pieces, as one file."""


class InputError(ValueError):
    """An input is not what it seems, or lacks what is asked of it; the message says so in one line."""
