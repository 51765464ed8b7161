"""Rewriting an input whole and in pieces, as a run does it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NamedTuple

from jiaokan.batch.documents import Reject, Repairer
from jiaokan.batch.pieces import Piece, Shape

NAME = "input"


class Written(NamedTuple):
    content: bytes
    records: int
    rejects: list[Reject]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(reject.place.document, reject.reason) for reject in self.rejects]


def rewritten(form: Any, pieces: list[Piece], shape: Shape, **options: Any) -> Written:
    """What is written for the pieces, one after the other; rejects with their number in the input."""
    rejects: list[Reject] = []
    content, records = b"", 0
    for piece in pieces:
        met: list[Reject] = []
        target = io.BytesIO()
        read = form.rewrite(piece, target, shape, Repairer(rejected=met.append, **options))
        rejects += [
            reject._replace(place=reject.place._replace(document=reject.place.document + records)) for reject in met
        ]
        content += target.getvalue()
        records += read
    return Written(content, records, rejects)


def whole(form: Any, path: Path, raw: bytes, shape: Shape | None = None, **options: Any) -> Written:
    path.write_bytes(raw)
    return rewritten(form, [Piece(path, 0, len(raw))], shape or Shape(NAME), **options)


def in_pieces(form: Any, path: Path, raw: bytes, size: int, shape: Shape | None = None, **options: Any) -> Written:
    path.write_bytes(raw)
    pieces = list(form.pieces(path, size))
    assert [piece.first for piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end == len(raw)
    return rewritten(form, pieces, shape or Shape(NAME), **options)


def in_blocks(form: Any, path: Path, raw: bytes, size: int, shape: Shape | None = None, **options: Any) -> Written:
    """As a stream is read: in blocks, each in a file of its own."""
    pieces = []
    for number, block in enumerate(form.cut(io.BytesIO(raw), size)):
        copy = path.with_name(f"{path.name}-{number}")
        copy.write_bytes(block)
        pieces.append(Piece(copy, 0, len(block), first=number == 0))
    return rewritten(form, pieces, shape or Shape(NAME), **options)
