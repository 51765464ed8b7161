"""Plain text: a file is a document, in whatever charset it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from jiaokan.batch import compression
from jiaokan.batch.documents import Place, Reject, Repairer, too_long
from jiaokan.batch.pieces import Piece, Shape
from jiaokan.records import to_utf8


def pieces(path: Path, _size: int) -> Iterator[Piece]:
    """The whole file: what is damaged is seen by what stands elsewhere on the page.

    Raises:
        OSError: it cannot be read.
    """
    yield Piece(path, 0, path.stat().st_size)


def rewrite(piece: Piece, target: BinaryIO, shape: Shape, repairer: Repairer) -> int:
    """Write the clean text as UTF-8, to the byte; what is no text, such as a picture, as it is.

    Raises:
        OSError: it cannot be read or written.
        InputError: it cannot be decompressed.
    """
    place = Place(shape.name)
    with compression.opened(piece) as file:
        raw = file.read(repairer.longest + 1)
    if len(raw) > repairer.longest:
        size = len(raw) if piece.compression else piece.end - piece.start
        repairer.rejected(Reject(place, too_long(size, repairer.longest)))
        return 1
    if repaired := repairer.repair(raw, place):
        with compression.writing(target, shape.compression) as file:
            file.write(to_utf8(repaired.text) if repaired.is_text else raw)
    return 1
